"""A package of tables per paper, one module each; `tabulate` makes the table."""
