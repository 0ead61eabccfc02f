"""One address into one `.part` file: resumed, patient, and sure it is no web page."""

import contextlib
import logging
import re

import requests
import urllib3
from requests.adapters import HTTPAdapter

from rerunoff import __version__
from rerunoff.files import disk_errors
from rerunoff.progress import Progress

TIMEOUT = (30, 120)  # s to connect, and without a byte
_BLOCK = 1 << 16
_MAGIC = {".zip": b"PK", ".xz": b"\xfd7zXZ\x00"}
_log = logging.getLogger(__name__)
# `_Retry` says the same in fewer words.
logging.getLogger("urllib3.connectionpool").setLevel(logging.ERROR)


class _Retry(urllib3.Retry):
    """Says in the log what is tried again, so that nobody waits in silence."""

    def increment(self, method=None, url=None, response=None, error=None, **more):
        """Count a failure; `MaxRetryError` after too many."""
        left = super().increment(method, url, response, error, **more)
        why = error or f"status {response.status}"
        most = self.retry_after_max
        _log.info("%s failed (%s), trying again within %d s", url, why, most)
        return left


# Of one address; each kind of failure has tries of its own. A publisher's Retry-After
# is followed up to `retry_after_max` seconds, because some ask for years.
_RETRIES = _Retry(
    total=None,
    connect=4,
    read=4,
    other=4,
    status=6,
    status_forcelist=(429, 500, 502, 503, 504),
    backoff_factor=1,
    backoff_max=30,
    retry_after_max=120,
    raise_on_status=False,
)


class TransferError(Exception):
    """Why one mirror did not give the file. The next mirror may."""


class _BrokenOff(urllib3.exceptions.ProtocolError):
    """A body that is not what was asked for; the next answer may be."""


def make_session():
    """Return a session that tries again, and names this program to the publishers.

    Zenodo answers 403 to the libraries' default names.
    """
    session = requests.Session()
    name = f"rerunoff/{__version__} (+https://github.com/rerunoff/rerunoff)"
    # A compressed answer could be neither resumed nor measured.
    session.headers.update({"User-Agent": name, "Accept-Encoding": "identity"})
    for scheme in ("https://", "http://"):
        session.mount(scheme, HTTPAdapter(max_retries=_RETRIES))
    return session


class Resumes:
    """How often a body that broke off is asked for again at one address.

    The session tries again until it has an answer; what breaks off within the answer
    is beyond it.
    """

    def __init__(self, url):
        self._url, self._left = url, _RETRIES

    def wait(self, error, progressed):
        """Wait a little after a failure; `TransferError` after too many in vain."""
        if progressed:
            self._left = _RETRIES
        try:
            self._left = self._left.increment("GET", self._url, error=error)
        except urllib3.exceptions.MaxRetryError:
            failures = len(self._left.history) + 1
            raise TransferError(
                f"failed {failures} times without a new byte, last with: "
                f"{error.args[0] if error.args else error}"
            ) from error
        self._left.sleep()


def status_reason(status):
    """Say what a refusing HTTP status means."""
    if status == 403:
        return (
            "refused the request (403): the publisher blocks this program or this "
            "network, or the file is not public; a browser shows which"
        )
    if status in (404, 410):
        return f"has no such file ({status}): it has moved or was withdrawn"
    if status == 429 or status >= 500:
        return f"stayed busy or broken, at last with HTTP status {status}"
    return f"answered with HTTP status {status}"


def no_answer(error):
    """Say why a request got no usable answer, as often as it was tried."""
    if error.response is not None:
        return status_reason(error.response.status_code)
    cause = error.args[0] if error.args else error
    return f"gave no answer ({getattr(cause, 'reason', cause)})"


def transfer(url, file, partial, session, size=None, largest=None):
    """Bring `partial` to the whole length of the file at `url`.

    Parameters
    ----------
    url : str
    file : str
        The file's name; its suffix tells how it must begin.
    partial : Path
        What it already holds is not fetched again.
    session : requests.Session
        From `make_session`.
    size : int or None
        Expected size in bytes.
    largest : int or None
        Bytes that a file of unknown size may have.

    Raises
    ------
    TransferError
        If this address does not give the file.
    InputError
        If `partial` cannot be written.
    """
    resumes = Resumes(url)
    while True:
        before = _length(partial)
        try:
            return _attempt(session, url, file, partial, size, largest)
        except requests.RequestException as error:
            raise TransferError(no_answer(error)) from error
        except urllib3.exceptions.HTTPError as error:
            resumes.wait(error, _length(partial) > before)


def _length(path):
    """Return the bytes that `path` holds, 0 if it does not exist."""
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _attempt(session, url, file, partial, size, largest):
    """Send one request for what `partial` lacks and save the answer."""
    offset = _length(partial)
    headers = {"Range": f"bytes={offset}-"} if offset else {}
    with session.get(url, headers=headers, stream=True, timeout=TIMEOUT) as answer:
        if answer.status_code not in (200, 206, 416):
            raise TransferError(status_reason(answer.status_code))
        if answer.status_code == 416:
            return _judge_416(answer, offset, partial)
        start = 0
        if answer.status_code == 206:
            start = offset
            span = re.match(r"bytes (\d+)-", answer.headers.get("Content-Range", ""))
            if not span or int(span[1]) != offset:
                partial.unlink(missing_ok=True)
                raise _BrokenOff("it sent another part of the file than asked for")
        elif offset:
            _log.info("%s cannot resume, starting over", url)
        total = _announced(answer, start)
        if size is not None and total not in (None, size):
            raise TransferError(f"announces {total} bytes where {size} are expected")
        _save(answer, file, partial, start, (total or size, size or largest))


def _judge_416(answer, offset, partial):
    """Return if "416 range not satisfiable" means that nothing is missing."""
    total = re.match(r"bytes \*/(\d+)", answer.headers.get("Content-Range", ""))
    if total and int(total[1]) == offset:
        return
    partial.unlink(missing_ok=True)
    raise _BrokenOff("the part on disk does not fit the file there (416)")


def _announced(answer, start):
    """Return the file's total bytes as far as the headers say, or None."""
    length = answer.headers.get("Content-Length", "")
    if not length.isdigit() or answer.headers.get("Content-Encoding"):
        return None
    return start + int(length)


def _save(answer, file, partial, start, sizes):
    """Append the body from byte `start` on; nothing is touched by a web page.

    `sizes` are the file's bytes, and the most that it may have; None if not known.
    """
    total, largest = sizes
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
                if largest is not None and done > largest:
                    raise TransferError(f"sends more than {largest} bytes")
                progress.advance(len(block))
                block = answer.raw.read1(_BLOCK, decode_content=True)
    if total is not None and done < total:
        raise _BrokenOff(f"it ended after {done} of {total} bytes")


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
