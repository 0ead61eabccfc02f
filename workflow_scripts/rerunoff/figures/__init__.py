"""One style module and one module of figures per paper."""
