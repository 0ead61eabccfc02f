"""Pages for Snakemake's report: a figure or a table with its caption below it.

The report itself shows a picture larger than the window and without its caption, and a
CSV as a download.
"""

import base64
import html
import re
from pathlib import Path

import pandas as pd

from rerunoff.files import write_text

_PAGE = """<!DOCTYPE html>
<html lang="en">
<meta charset="utf-8">
<style>
body {{ font: 15px/1.5 sans-serif; margin: 1em; color: #222 }}
figure {{ margin: 0 }}
img {{ max-width: 100%; max-height: 78vh }}
figcaption {{ max-width: 50em; margin-top: 1em }}
div {{ overflow-x: auto }}
table {{ border-collapse: collapse }}
th, td {{ padding: 0.15em 0.7em; text-align: right; border-bottom: 1px solid #ddd }}
td {{ white-space: nowrap }}
</style>
<figure>
{body}
<figcaption>{caption}</figcaption>
</figure>
</html>
"""
_LITERAL = re.compile(r"``(.+?)``")
_SMALLEST = 0.001  # smaller numbers are written with a power of ten


def write_page(path, body, caption):
    """Write a page, atomically.

    Parameters
    ----------
    path : str or Path
    body : str
        HTML, from `picture` or `rounded`.
    caption : str
        One paragraph of reStructuredText, with no other markup than literals.
    """
    words = _LITERAL.sub(r"<code>\1</code>", html.escape(caption.strip()))
    write_text(path, _PAGE.format(body=body, caption=words))


def picture(png):
    """Return a PNG as HTML that needs no other file."""
    name = html.escape(Path(png).stem)
    content = base64.b64encode(Path(png).read_bytes()).decode()
    return f'<img src="data:image/png;base64,{content}" alt="{name}">'


def rounded(table):
    """Return a DataFrame as HTML, its numbers with three decimals."""
    words = table.apply(lambda column: column.map(_formatter(column)))
    words.columns = [name.replace("_", " ") for name in words]
    return f"<div>{words.to_html(index=False, border=0)}</div>"


def _formatter(column):
    """Return what writes the values of a column: all of them with equal decimals."""
    if not pd.api.types.is_numeric_dtype(column):
        return str
    whole = (column.dropna() % 1 == 0).all()
    return lambda value: _written(value, ".0f" if whole else ".3f")


def _written(value, form):
    """Return a number in words, with a true minus and a dash where there is none."""
    if pd.isna(value):
        return "–"
    form = ".1e" if 0 < abs(value) < _SMALLEST else form
    return f"{value:{form}}".replace("-", "−")
