"""What an answer says of the file that it brings, believed only where it fits."""

import dataclasses
import re

from rerunoff.data.session import TransferError

# Bytes; the largest archive in datasets.yaml has 4.2 GB.
LARGEST = 16 << 30
_NUMBER = r"([0-9]{1,18})"
_SPAN = re.compile(rf"bytes {_NUMBER}-{_NUMBER}/(?:{_NUMBER}|\*)")


@dataclasses.dataclass(frozen=True)
class Expected:
    """What is known of a file before it arrives.

    Attributes
    ----------
    size : int or None
        Bytes.
    largest : int
        Bytes that a file of unknown size may have.
    verified : bool
        Whether a checksum, or whoever reads the file, will tell a cut or mixed one from
        the right one. Else the answers have to.
    """

    size: int | None = None
    largest: int = LARGEST
    verified: bool = False


class OddSpanError(Exception):
    """An answer is not the part of the file that was asked for."""


def total_of(answer, offset, expected):
    """Return the bytes of the whole file by an answer that brings it from `offset` on.

    Parameters
    ----------
    answer : requests.Response
        With status 200, or 206 for a part.
    offset : int
    expected : Expected

    Returns
    -------
    int or None
        None if the end of the body alone shows it.

    Raises
    ------
    OddSpanError
        If a part is another one than asked for.
    TransferError
        If the file has another size than expected, is too big, or nothing could tell
        its end from a broken connection.
    """
    length = _length_of(answer)
    total = length if answer.status_code == 200 else _in_span(answer, offset, length)
    known = expected.size is not None or expected.verified
    # The last of the chunks says that it is the last.
    chunked = answer.headers.get("Transfer-Encoding", "").lower() == "chunked"
    if total is None and not chunked and not known:
        raise TransferError(
            "does not say how many bytes the file has, so that a broken connection "
            "could not be told from its end"
        )
    if None not in (expected.size, total) and total != expected.size:
        raise TransferError(
            f"announces {total} bytes where {expected.size} are expected"
        )
    most = expected.largest if expected.size is None else expected.size
    if total is not None and total > most:
        raise TransferError(f"announces {total} bytes, and at most {most} are taken")
    return total


def _length_of(answer):
    """Return the length of the body by its header, or None."""
    length = answer.headers.get("Content-Length", "")
    encoded = answer.headers.get("Content-Encoding")
    return int(length) if re.fullmatch(_NUMBER, length) and not encoded else None


def _in_span(answer, offset, length):
    """Return the total of a Content-Range, None if it is not told there."""
    span = _SPAN.fullmatch(answer.headers.get("Content-Range", "").strip())
    first, last, total = map(int, span.groups(default="-1")) if span else (-1, -1, -1)
    fits = first == offset and (total == -1 or last < total)
    if not fits or length not in (None, last - first + 1):
        raise OddSpanError("it sent another part of the file than asked for")
    return None if total == -1 else total


class Origin:
    """Of which file a part is: its address, size and tag, kept beside the part.

    Without a checksum, nothing else tells whether a later answer goes on with the same
    file, or with another version or another mirror's.

    Parameters
    ----------
    partial : Path
        The part.
    url : str
    """

    def __init__(self, partial, url):
        self._file, self._url = partial.with_name(f"{partial.name}.origin"), url

    def is_here(self):
        """Whether the part on disk came from this address."""
        return self._kept()[:1] == [self._url]

    def fits(self, answer, total):
        """Whether an answer is of the file that the part is of."""
        return self._kept() == self._facts(answer, total)

    def total(self):
        """Return the size of the file that the part is of, as text."""
        return self._kept()[1]

    def keep(self, answer, total):
        """Note of which file the part is that now begins."""
        self.forget()  # a link that somebody put there is not followed
        self._file.write_text("\n".join(self._facts(answer, total)), encoding="utf-8")

    def forget(self):
        """Remove the note; the part is whole, or gone."""
        self._file.unlink(missing_ok=True)

    def _facts(self, answer, total):
        tags = (answer.headers.get(name, "") for name in ("ETag", "Last-Modified"))
        return [self._url, str(total), *(repr(tag) for tag in tags)]

    def _kept(self):
        try:
            return self._file.read_text(encoding="utf-8", errors="replace").split("\n")
        except OSError:
            return []
