"""Text files with one basin id a line."""

import re
from pathlib import Path

from rerunoff.errors import InputError
from rerunoff.seals import check_beside

_NO_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufeff]|\r(?!\n)")


def read_basin_list(path):
    """Read basin ids, one a line; blank lines and lines with # are skipped.

    Raises
    ------
    InputError
        If the file is missing, no text, empty, not what its checksum says, or names a
        basin twice.
    """
    lines = [line.strip() for line in _text(path).split("\n")]
    basins = [line for line in lines if line and not line.startswith("#")]
    if not basins:
        message = f"{path}: the basin list is empty; write one basin id a line."
        raise InputError(message)
    seen = set()
    for number, basin in enumerate(lines, start=1):
        if basin in seen:
            message = f"{path}, line {number}: basin {basin} a second time; remove it."
            raise InputError(message)
        if basin and not basin.startswith("#"):
            seen.add(basin)
    return basins


def _text(path):
    """Return the text of a basin list, without a byte order mark."""
    try:
        content = Path(path).read_bytes()
        check_beside(path, content)
        text = content.decode("utf-8-sig")
    except FileNotFoundError as error:
        message = f"{path}: no such basin list; correct the key basins."
        raise InputError(message) from error
    except OSError as error:
        raise InputError(
            f"{path}: the basin list cannot be read ({error.strerror}); set the key "
            "basins to a readable text file."
        ) from error
    except UnicodeDecodeError:
        text = "\0"
    # Such as in UTF-16 without a byte order mark; some of these `strip` would drop.
    if _NO_TEXT.search(text):
        message = f"{path}: the basin list is no UTF-8 text; save it as UTF-8."
        raise InputError(message)
    return text
