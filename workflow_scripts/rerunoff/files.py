"""Writing files so that a killed job leaves none that looks complete."""

import contextlib
import functools
import hashlib
import os
from pathlib import Path

import yaml

from rerunoff.errors import InputError

_BLOCK = 1 << 20


@contextlib.contextmanager
def atomic_path(path):
    """Give a hidden temporary path beside `path`; rename it on success.

    Parameters
    ----------
    path : str or Path
        The file to appear complete or not at all.

    Yields
    ------
    Path
        Where to write. It is removed if the block raises.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    # What a killed writer left behind would stay for ever.
    for stale in path.parent.glob(f".{path.stem}.*.part{path.suffix}"):
        stale.unlink(missing_ok=True)
    # The suffix stays last because writers choose the format by it.
    part = path.with_name(f".{path.stem}.{os.getpid()}.part{path.suffix}")
    try:
        yield part
        with open(part, "rb") as written:
            os.fsync(written.fileno())
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)


def write_text(path, text):
    """Write `text` (UTF-8) to `path` atomically."""
    with atomic_path(path) as part:
        part.write_text(text, encoding="utf-8")


def md5sum(path):
    """Return the hexadecimal md5 of a file, read in blocks."""
    digest = hashlib.md5(usedforsecurity=False)
    with open(path, "rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


@functools.cache
def _parsed(path):
    return yaml.safe_load(Path(path).read_text(encoding="utf-8")) or {}


def read_yaml(path):
    """Read a YAML file; InputError if it is missing or no YAML."""
    try:
        return _parsed(str(path))
    except FileNotFoundError as error:
        raise InputError(f"{path}: no such file.") from error
    except OSError as error:
        fault = f"cannot be read ({error.strerror}); make it a readable file"
        raise InputError(f"{path}: {fault}.") from error
    except RecursionError as error:
        raise InputError(f"{path}: this is no YAML: nested too deep.") from error
    # A ValueError is a date such as 2020-13-45, or bytes that are no UTF-8.
    except (yaml.YAMLError, ValueError) as error:
        fault = " ".join(str(error).split()).rstrip(".").replace(". ", "; ")
        raise InputError(f"{path}: this is no YAML: {fault}.") from error
