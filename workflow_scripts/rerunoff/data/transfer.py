"""One address into one `.part` file: resumed, patient, and sure it is no web page."""

import contextlib
import email.utils
import logging
import re
import time
from datetime import UTC, datetime

import requests
import urllib3
from requests.adapters import HTTPAdapter

from rerunoff import __version__
from rerunoff.errors import InputError
from rerunoff.progress import Progress

LONGEST_WAIT = 300.0  # s; nobody should wait longer in silence for one answer
TIMEOUT = (30, 120)  # s to connect, and without a byte
_TRIES = 5  # failures in a row that brought no new byte
_MOST_TRIES = 50  # failures altogether: some servers cut each transfer many times
_WAITS = 10  # answers that ask for patience
_BLOCK = 1 << 16
_MAGIC = {".zip": b"PK", ".xz": b"\xfd7zXZ\x00"}
_LOGGER = logging.getLogger(__name__)


class TransferError(Exception):
    """Why one mirror did not give the file. The next mirror may."""


class _TryAgain(Exception):
    """A failure that may pass."""


class _Busy(Exception):
    """The server asks for patience; `args` are its status and the wait in s."""


_PASSING = (requests.RequestException, urllib3.exceptions.HTTPError, _TryAgain)


def make_session(retry=None):
    """Return a session that names this program to the publishers.

    Zenodo answers 403 to the libraries' default names.

    Parameters
    ----------
    retry : urllib3.util.Retry or None
        What the session itself repeats; nothing by default.
    """
    session = requests.Session()
    name = f"rerunoff/{__version__} (+https://github.com/rerunoff/rerunoff)"
    # A compressed answer could be neither resumed nor measured.
    session.headers.update({"User-Agent": name, "Accept-Encoding": "identity"})
    for scheme in ("https://", "http://"):
        session.mount(scheme, HTTPAdapter(max_retries=retry or 0))
    return session


@contextlib.contextmanager
def disk_errors(path):
    """Turn a full disk, a missing permission and the like into an `InputError`."""
    try:
        yield
    except OSError as error:
        raise InputError(
            f"Cannot write {path}: {error.strerror or error}; make room or choose a "
            "folder that you may write to, then start again (what is already there "
            "is kept)."
        ) from error


def status_reason(status):
    """Say what a refusing HTTP status means."""
    if status == 403:
        return (
            "refused the request (403): the publisher blocks this program or this "
            "network, or the file is not public; a browser shows which"
        )
    if status in (404, 410):
        return f"has no such file ({status}): it has moved or was withdrawn"
    return f"answered with HTTP status {status}"


def transfer(url, file, partial, session, size=None, sleep=time.sleep):
    """Bring `partial` to the whole length of the file at `url`.

    Parameters
    ----------
    url : str
    file : str
        The file's name; its suffix tells how it must begin.
    partial : Path
        What it already holds is not fetched again.
    session : requests.Session
    size : int or None
        Expected size in bytes.
    sleep : callable
        Called with the seconds to wait.

    Raises
    ------
    TransferError
        If this address does not give the file.
    InputError
        If `partial` cannot be written.
    """
    patience = _Patience(url, sleep)
    while True:
        before = _length(partial)
        try:
            return _attempt(session, url, file, partial, size)
        except _Busy as busy:
            patience.wait(*busy.args)
        except (requests.exceptions.InvalidURL, requests.TooManyRedirects) as error:
            raise TransferError(f"is no usable address ({error})") from error
        except _PASSING as error:
            patience.try_again(error, _length(partial) > before)


class _Patience:
    """How often one address is asked again, and after how long."""

    def __init__(self, url, sleep):
        self._url, self._sleep = url, sleep
        self._waits, self._tries, self._fruitless = 0, 0, 0

    def wait(self, status, seconds):
        """Wait as the server asks."""
        self._waits += 1
        if self._waits > _WAITS:
            raise TransferError(f"stayed busy ({status}) {self._waits} times")
        _LOGGER.info("%s is busy (%d), waiting %.0f s", self._url, status, seconds)
        self._sleep(seconds)

    def try_again(self, error, progressed):
        """Wait a little after a failure; give up after too many without progress."""
        self._tries += 1
        self._fruitless = 0 if progressed else self._fruitless + 1
        if self._fruitless >= _TRIES or self._tries >= _MOST_TRIES:
            raise TransferError(
                f"failed {self._tries} times, last with: {error}"
            ) from error
        _LOGGER.info("Connection to %s lost (%s), trying again", self._url, error)
        self._sleep(min(2.0**self._fruitless, 30.0))


def _length(path):
    """Return the bytes that `path` holds, 0 if it does not exist."""
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _attempt(session, url, file, partial, size):
    """Send one request for what `partial` lacks and save the answer."""
    offset = _length(partial)
    headers = {"Range": f"bytes={offset}-"} if offset else {}
    with session.get(url, headers=headers, stream=True, timeout=TIMEOUT) as answer:
        _refuse_status(answer, url)
        if answer.status_code == 416:
            return _judge_416(answer, offset, partial)
        start = 0
        if answer.status_code == 206:
            start = offset
            span = re.match(r"bytes (\d+)-", answer.headers.get("Content-Range", ""))
            if not span or int(span[1]) != offset:
                partial.unlink(missing_ok=True)
                raise _TryAgain("it sent another part of the file than asked for")
        elif offset:
            _LOGGER.info("%s cannot resume, starting over", url)
        total = _announced(answer, start)
        if size is not None and total not in (None, size):
            raise TransferError(f"announces {total} bytes where {size} are expected")
        _save(answer, file, partial, start, total or size)


def _refuse_status(answer, url):
    """Raise what fits a status other than 200, 206 and 416."""
    status = answer.status_code
    if status in (429, 503):
        raise _Busy(status, _patience(answer.headers.get("Retry-After")))
    if status >= 500:
        raise _TryAgain(f"server error {status}")
    if status not in (200, 206, 416):
        raise TransferError(status_reason(status))


def _patience(header):
    """Return the seconds that a Retry-After header asks for, within bounds."""
    if header is None:
        return 30.0
    if header.strip().isdigit():
        seconds = float(header)
    else:
        try:
            until = email.utils.parsedate_to_datetime(header)
        except ValueError:
            return 30.0
        if until.tzinfo is None:
            until = until.replace(tzinfo=UTC)
        seconds = (until - datetime.now(UTC)).total_seconds()
    return min(max(seconds, 0.0), LONGEST_WAIT)


def _judge_416(answer, offset, partial):
    """Return if "416 range not satisfiable" means that nothing is missing."""
    total = re.match(r"bytes \*/(\d+)", answer.headers.get("Content-Range", ""))
    if total and int(total[1]) == offset:
        return
    partial.unlink(missing_ok=True)
    raise _TryAgain("the part on disk does not fit the file there (416)")


def _announced(answer, start):
    """Return the file's total bytes as far as the headers say, or None."""
    length = answer.headers.get("Content-Length", "")
    if not length.isdigit() or answer.headers.get("Content-Encoding"):
        return None
    return start + int(length)


def _save(answer, file, partial, start, total):
    """Append the body from byte `start` on; nothing is touched by a web page."""
    # read1 hands over each packet, so that a cut connection loses none of them.
    block = answer.raw.read1(_BLOCK, decode_content=True)
    _refuse_page(answer, file, block if start == 0 else None)
    done = start
    with disk_errors(partial):
        partial.parent.mkdir(parents=True, exist_ok=True)
        with (
            open(partial, "ab" if start else "wb", buffering=0) as sink,
            contextlib.closing(Progress(file, total, start, "B")) as progress,
        ):
            while block:
                sink.write(block)
                done += len(block)
                progress.advance(len(block))
                block = answer.raw.read1(_BLOCK, decode_content=True)
    if total is not None and done < total:
        raise _TryAgain(f"it ended after {done} of {total} bytes")


def _refuse_page(answer, file, head):
    """Refuse a web page, and what cannot be a file of this kind.

    `head` is the beginning of the file (bytes), or None in its middle.
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
