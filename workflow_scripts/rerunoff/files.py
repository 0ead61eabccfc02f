"""Writing files so that a killed job leaves none that looks complete."""

import contextlib
import errno
import fcntl
import functools
import glob
import hashlib
import os
import secrets
from pathlib import Path

import yaml

from rerunoff.errors import InputError

_BLOCK = 1 << 20
# What only a write can end in: a full disk or quota, a size limit, a read-only disk.
NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS}
# What the same again does not mend; a shared disk that stumbles is worth another try.
_REFUSED = NO_ROOM | {errno.EACCES, errno.EPERM, errno.ENAMETOOLONG, errno.EISDIR}


@contextlib.contextmanager
def disk_errors(path, only=None):
    """Turn a full disk, a missing permission and the like into an `InputError`.

    Parameters
    ----------
    path : str or Path
        What is being written, for the message.
    only : set of int, optional
        The error numbers to turn; by default all.
    """
    try:
        yield
    except OSError as error:
        if only is not None and error.errno not in only:
            raise
        raise unwritable(path, error) from error


def unwritable(path, error):
    """Return the `InputError` on a file that an `OSError` keeps from being written."""
    return InputError(
        f"Cannot write {path}: {error.strerror or error}; make room or choose a folder "
        "that you may write to, then start again (what is already there is kept)."
    )


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
        Where to write. It is removed if the block raises. An empty file is there, and
        locked (flock) until the end, so that another writer sees that this one lives.

    Raises
    ------
    InputError
        If the disk is full or a folder cannot be written.
    """
    path = Path(path)
    with disk_errors(path, _REFUSED):
        path.parent.mkdir(parents=True, exist_ok=True)
        _remove_stale(path)
        part, lock = _new_part(path)
    try:
        with disk_errors(path, NO_ROOM):
            yield part
        with disk_errors(path, _REFUSED):
            with open(part, "rb") as written:
                os.fsync(written.fileno())
            os.replace(part, path)
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
        os.close(lock)


def _new_part(path):
    """Create the temporary file of a writer; return its path and its locked file."""
    # A name that nobody knows before, and no link that waits under it is followed. The
    # suffix stays last because writers choose the format by it.
    name = f".{path.stem}.{os.getpid()}-{secrets.token_hex(4)}.part{path.suffix}"
    part = path.with_name(name)
    lock = os.open(part, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666)
    with contextlib.suppress(OSError):  # some shared disks have no locks
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    return part, lock


def _remove_stale(path):
    """Remove what killed writers left, which would stay for ever."""
    pattern = f".{glob.escape(path.stem)}.*.part{glob.escape(path.suffix)}"
    for stale in path.parent.glob(pattern):
        if stale.is_symlink():
            stale.unlink(missing_ok=True)
            continue
        with contextlib.suppress(OSError):  # where it cannot be told, it stays
            # For writing, because an exclusive lock over NFS asks for it.
            found = os.open(stale, os.O_RDWR | os.O_NOFOLLOW | os.O_NONBLOCK)
            try:
                # Refused while its writer lives, on whatever machine.
                fcntl.flock(found, fcntl.LOCK_EX | fcntl.LOCK_NB)
                stale.unlink(missing_ok=True)
            finally:
                os.close(found)


def write_bytes(path, content):
    """Write bytes to `path` atomically."""
    with atomic_path(path) as part:
        part.write_bytes(content)


def write_text(path, text):
    """Write `text` (UTF-8) to `path` atomically."""
    write_bytes(path, text.encode("utf-8"))


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
    # Beside YAMLError: dates such as 2020-13-45, bytes that are no UTF-8, !!int abc.
    except (yaml.YAMLError, ValueError, TypeError, AttributeError) as error:
        fault = " ".join(str(error).split()).rstrip(".").replace(". ", "; ")
        raise InputError(f"{path}: this is no YAML: {fault}.") from error
