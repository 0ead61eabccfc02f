"""Whether a body can be the file that its name says, at its beginning and its end."""

import zipfile
import zlib

from rerunoff.data.session import TransferError

_MAGIC = {".zip": b"PK", ".xz": b"\xfd7zXZ\x00"}
_FOOTER = (
    12  # bytes: CRC-32, six bytes that it covers, "YZ" (the .xz file format, 2.1.2)
)


def refuse_page(answer, file, head):
    """Refuse a web page, and what cannot be a file of this kind.

    Parameters
    ----------
    answer : requests.Response
    file : str
        The file's name.
    head : bytes or None
        The beginning of the file; None in its middle.

    Raises
    ------
    TransferError
    """
    kind = answer.headers.get("Content-Type", "").lower()
    start = (head or b"").lstrip()[:15].lower()
    if kind.startswith("text/html") or start.startswith((b"<!doctype html", b"<html")):
        raise TransferError(
            "sent a web page instead of the file (a login, error or maintenance page)"
        )
    for suffix, magic in _MAGIC.items():
        if head and file.endswith(suffix) and head[: len(magic)] != magic[: len(head)]:
            raise TransferError(f"sent no {suffix} file: it begins with {head[:16]!r}")


def refuse_cut(path, file):
    """Refuse an archive without its end, before its checksum is recorded as right.

    Parameters
    ----------
    path : Path
    file : str
        The file's name; nothing is known of the ends of other kinds.

    Raises
    ------
    TransferError
    """
    whole = True
    if file.endswith(".zip"):
        try:
            zipfile.ZipFile(path).close()
        except (zipfile.BadZipFile, ValueError, NotImplementedError):
            whole = False
    elif file.endswith(".xz"):
        whole = _ends_as_xz(path)
    if not whole:
        raise TransferError(f"sent no whole {file}: its end is missing or damaged")


def _ends_as_xz(path):
    with open(path, "rb") as opened:
        opened.seek(max(0, path.stat().st_size - 1024))
        # A stream may be followed by zeros.
        footer = opened.read().rstrip(b"\0")[-_FOOTER:]
    checksum = zlib.crc32(footer[4:10]).to_bytes(4, "little")
    return footer[10:] == b"YZ" and footer[:4] == checksum
