"""Checksums of files that this package writes, so that it reads no damaged one.

The checks of the formats do not suffice. torch.save writes a zip with a CRC-32 of each
member, which torch.load does not compare: 979 of 3000 flipped bits gave other weights
without a word. zipfile.testzip would have found these, but not the 97 which spoilt what
the zip says of its members (no CRC-32 covers it) and made torch.load fail in any way.
HDF5 has Fletcher-32 for the values of a dataset, none for names, types and places. A
checksum over all bytes has no such gaps; of the store of 531 basins (93 MB) it takes
0.1 s, where reading takes 1.4 s.

Binary files carry it as a last line, which torch and HDF5 do not read: a cut file has
lost it. A CSV would no longer be one, so the checksum lies beside it.
"""

import functools
import hashlib
from pathlib import Path

from rerunoff.errors import InputError
from rerunoff.files import atomic_path, write_text

_MARK = b"\nrerunoff sha256 "
_LENGTH = len(_MARK) + hashlib.sha256().digest_size * 2 + 1
_BLOCK = 1 << 20


class DamageError(ValueError):
    """A file is not as it was written; the text says how, for a sentence."""


def append_seal(path):
    """Append the checksum of a binary file to it."""
    with open(path, "rb+") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        file.write(_MARK + digest.encode() + b"\n")


def check_seal(path):
    """Compare a binary file with the checksum at its end.

    Raises
    ------
    DamageError
        If it has none, or another one.
    OSError
        If the file cannot be read.
    """
    status = Path(path).stat()
    # A job that reads a store for each of many networks need not do it each time.
    _check_seal(str(path), status.st_size, status.st_mtime_ns, status.st_ino)


@functools.cache
def _check_seal(path, size, *_):
    left = size - _LENGTH
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        while left > 0 and (block := file.read(min(_BLOCK, left))):
            digest.update(block)
            left -= len(block)
        end = file.read()
    if not end.startswith(_MARK):
        raise DamageError("it is cut or was not written by this package")
    if end != _MARK + digest.hexdigest().encode() + b"\n":
        raise DamageError("its content does not match its checksum")


def seal_of(path):
    """Return the checksum that a file carries, uncompared; None if it carries none."""
    there = beside(path)
    if there.is_file():
        found = there.read_text(encoding="utf-8", errors="replace").split()
        return found[0] if found else None
    with open(path, "rb") as file:
        file.seek(max(0, Path(path).stat().st_size - _LENGTH))
        end = file.read()
    return (
        end[len(_MARK) :].decode(errors="replace").strip()
        if end.startswith(_MARK)
        else None
    )


def write_sealed(path, text):
    """Write text (UTF-8) atomically, and its checksum beside it.

    The hidden file `.<name>.sha256` is one that ``sha256sum --check`` reads.
    """
    path, content = Path(path), text.encode("utf-8")
    with atomic_path(path) as part:
        part.write_bytes(content)
        digest = hashlib.sha256(content).hexdigest()
        write_text(beside(path), f"{digest}  {path.name}\n")


def read_sealed(path):
    """Read text that `write_sealed` wrote, or a copy without the checksum.

    Raises
    ------
    InputError
        If the file is missing, no UTF-8 text or differs from its checksum; without a
        checksum, if its last line has no end.
    """
    try:
        content = Path(path).read_bytes()
    except FileNotFoundError as error:
        raise InputError(f"{path}: no such file; make or download it.") from error
    except OSError as error:
        fault = f"cannot be read ({error.strerror}); make it a readable file"
        raise InputError(f"{path}: {fault}.") from error
    if not check_beside(path, content):
        check_end(path, content)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(
            f"{path}: no UTF-8 text; make or download it again."
        ) from error


def check_beside(path, content):
    """Compare the content of a file with the checksum beside it, if there is one.

    Returns
    -------
    bool
        Whether there is one.

    Raises
    ------
    InputError
        If it is another one.
    """
    seal = beside(path)
    if not seal.is_file():
        return False
    if seal.read_bytes().split()[:1] != [hashlib.sha256(content).hexdigest().encode()]:
        raise InputError(
            f"{path}: its content does not match the checksum in {seal.name}; delete "
            "both and run again, or the checksum alone if you made the change."
        )
    return True


def check_end(path, content):
    """Raise InputError if the last line of a text (bytes) has no end.

    Cut inside of its last number, a table still is one, with another number.
    """
    if content and not content.endswith(b"\n"):
        raise open_end(path, content.count(b"\n") + 1)


def open_end(path, number):
    """Return the InputError on a last line, counted from 1, that has no end."""
    return InputError(
        f"{path}, line {number}: the file ends within this line, so that its last "
        "number may be cut; get the file again or, if the line is whole, end it with a "
        "line break."
    )


def beside(path):
    """Return the hidden file that holds the checksum of a file."""
    path = Path(path)
    return path.with_name(f".{path.name}.sha256")
