"""A package of figures per paper, one module each, and what they share."""
