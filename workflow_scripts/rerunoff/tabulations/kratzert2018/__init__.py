"""Tables of kratzert2018, one module each."""
