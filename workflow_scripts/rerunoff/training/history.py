"""The table of what each epoch did."""

from rerunoff.files import atomic_path


def write_history(path, rows):
    """Write rows (dicts with the same keys) as CSV, atomically."""
    columns = list(rows[0])
    lines = [",".join(str(row[column]) for column in columns) for row in rows]
    with atomic_path(path) as part:
        part.write_text("\n".join([",".join(columns), *lines]) + "\n", encoding="utf-8")
