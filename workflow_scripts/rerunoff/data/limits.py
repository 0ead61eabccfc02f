"""How much an archive may unpack to, because a few kB can be packed of any amount.

The publishers' text files shrink to a twelfth with xz (a gauge's discharge), to a third
with deflate (its weather). No archive of datasets.yaml unpacks to 64 GiB. A file of
CAMELS US has a few MB; the largest one, a pickle of the authors', 40 MB.
"""

import contextlib
import lzma
import tarfile
import zipfile
import zlib

from rerunoff.errors import InputError
from rerunoff.progress import Progress

LARGEST_FILE, LARGEST_SUM = 1 << 29, 1 << 36  # bytes
_RATIO, _FREE = 200, 1 << 28  # unpacked for one that is packed; bytes without a ratio
# Both unpack in steps; of the other methods a few kB unpack at once to GB.
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
# What reading a damaged archive ends in. RuntimeError: encrypted; NotImplementedError:
# unknown compression; ValueError: a directory of the archive that points nowhere.
BROKEN = (
    zipfile.BadZipFile,
    tarfile.TarError,
    lzma.LZMAError,
    zlib.error,
    EOFError,
    RuntimeError,
    ValueError,
)


def check_amount(archive, unpacked, packed):
    """Raise `InputError` if an archive unpacks to more than its packed bytes explain.

    Parameters
    ----------
    archive : str or Path
        For the message.
    unpacked, packed : int
        Bytes.
    """
    if unpacked > LARGEST_SUM or unpacked > max(_FREE, _RATIO * packed):
        raise _bomb(archive, f"{packed} bytes of it unpack to {unpacked} or more")


def check_member(archive, name, size):
    """Raise `InputError` if a file of an archive has a size that none may have.

    Parameters
    ----------
    archive : str or Path
    name : str
    size : int
        Bytes, unpacked.
    """
    if not 0 <= size <= LARGEST_FILE:
        raise _bomb(archive, f"its member {name!r} unpacks to {size} bytes")


def check_zip(archive, members):
    """Check sizes, methods and places of a zip's members before one is unpacked.

    Parameters
    ----------
    archive : str
    members : list of zipfile.ZipInfo
        Those that are wanted.

    Raises
    ------
    InputError
        If they are too big, packed by a method that cannot be unpacked in steps, or
        share bytes, so that a small zip holds many times its size.
    """
    end = 0
    for info in sorted(members, key=lambda info: info.header_offset):
        check_member(archive, info.filename, info.file_size)
        if info.compress_type not in _METHODS:
            fault = (
                f"packed by method {info.compress_type}, neither stored nor deflated"
            )
            raise _bomb(archive, f"its member {info.filename!r} is {fault}")
        if info.header_offset < end:
            fault = "shares bytes with the one before it"
            raise _bomb(archive, f"its member {info.filename!r} {fault}")
        end = info.header_offset + info.compress_size
    sizes = [(info.file_size, info.compress_size) for info in members]
    check_amount(archive, *map(sum, zip(*sizes, strict=True) if sizes else ([], [])))


@contextlib.contextmanager
def open_tar(path):
    """Open a `.tar.xz` to be read once from start to end, and to no more than allowed.

    Parameters
    ----------
    path : Path

    Yields
    ------
    iterator of (tarfile.TarFile, tarfile.TarInfo)
        Only files and folders are of an allowed size; of what kind a member is, and
        where it would lead, the caller checks.

    Raises
    ------
    InputError
        If it unpacks to too much.
    One of `BROKEN`
        If it is damaged, also behind the last member.
    """
    with open(path, "rb") as packed, lzma.open(packed) as file:
        stream = _Stream(path, packed, file)
        with tarfile.open(fileobj=stream, mode="r|") as opened:
            yield _members(path, packed, opened)
        # The check at the very end tells whether the file is whole.
        while stream.read(1 << 20):
            pass


def _members(path, packed, opened):
    progress = Progress(path.name, path.stat().st_size, unit="B")
    with contextlib.closing(progress):
        for info in opened:
            check_member(path, info.name, info.size)
            yield opened, info
            progress.reach(packed.tell())


class _Stream:
    """An unpacked file that ends in `InputError` where it becomes too much."""

    def __init__(self, path, packed, file):
        self._path, self._packed, self._file = path, packed, file

    def read(self, size):
        """Read up to `size` bytes."""
        data = self._file.read(size)
        check_amount(self._path, self._file.tell(), self._packed.tell())
        return data


def _bomb(archive, fault):
    return InputError(
        f"{archive} is not safe to unpack: {fault}; delete the archive and "
        "download it again."
    )
