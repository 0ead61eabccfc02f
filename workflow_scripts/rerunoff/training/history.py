"""The table of what each epoch did."""

from rerunoff.seals import write_sealed


def write_history(path, rows):
    """Write rows (dicts with the same keys) as CSV, atomically."""
    columns = list(rows[0])
    lines = [",".join(str(row[column]) for column in columns) for row in rows]
    write_sealed(path, "\n".join([",".join(columns), *lines]) + "\n")
