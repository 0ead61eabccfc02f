"""Tables of kratzert2019b, one module each."""
