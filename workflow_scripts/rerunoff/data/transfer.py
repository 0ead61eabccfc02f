"""One address into one `.part` file: resumed, patient, and sure it is no web page."""

import contextlib
import logging
import re

import requests
import urllib3

from rerunoff.data.answers import OddSpanError, Origin, total_of
from rerunoff.data.bodies import refuse_page
from rerunoff.data.session import (
    RETRIES,
    TIMEOUT,
    TransferError,
    no_answer,
    status_reason,
)
from rerunoff.files import disk_errors
from rerunoff.progress import Progress

_BLOCK = 1 << 16
_log = logging.getLogger(__name__)


class _BrokenOff(urllib3.exceptions.ProtocolError):
    """A body that is not what was asked for; the next answer may be."""


class Resumes:
    """How often a body that broke off is asked for again at one address.

    The session tries again until it has an answer; what breaks off within the answer
    is beyond it.
    """

    def __init__(self, url):
        self._url, self._left = url, RETRIES

    def wait(self, error, progressed):
        """Wait a little after a failure; `TransferError` after too many in vain."""
        if progressed:
            self._left = RETRIES
        try:
            self._left = self._left.increment("GET", self._url, error=error)
        except urllib3.exceptions.MaxRetryError:
            failures = len(self._left.history) + 1
            raise TransferError(
                f"failed {failures} times without a new byte, last with: "
                f"{error.args[0] if error.args else error}"
            ) from error
        self._left.sleep()


def transfer(url, file, partial, session, expected):
    """Bring `partial` to the whole length of the file at `url`.

    Parameters
    ----------
    url : str
    file : str
        The file's name; its suffix tells how it must begin.
    partial : Path
        What it already holds is not fetched again.
    session : requests.Session
        From `session.make_session`.
    expected : answers.Expected

    Raises
    ------
    TransferError
        If this address does not give the file.
    InputError
        If `partial` cannot be written.
    """
    resumes = Resumes(url)
    if partial.is_symlink():  # somebody put it there; what it names is not ours
        partial.unlink()
    while True:
        before = _length(partial)
        try:
            return _attempt(session, url, file, partial, expected)
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


def _attempt(session, url, file, partial, expected):
    """Send one request for what `partial` lacks and save the answer."""
    origin = Origin(partial, url)
    offset = _length(partial) if expected.verified or origin.is_here() else 0
    headers = {"Range": f"bytes={offset}-"} if offset else {}
    with session.get(url, headers=headers, stream=True, timeout=TIMEOUT) as answer:
        if answer.status_code not in (200, 206, 416):
            raise TransferError(status_reason(answer))
        if answer.status_code == 416:
            return _judge_416(answer, offset, partial, expected, origin)
        start = offset if answer.status_code == 206 else 0
        try:
            total = total_of(answer, start, expected)
            if not expected.verified and start and not origin.fits(answer, total):
                raise OddSpanError("the file there is not the one on disk any more")
        except OddSpanError as error:
            partial.unlink(missing_ok=True)
            raise _BrokenOff(str(error)) from error
        if offset and not start:
            _log.info("%s cannot resume, starting over", url)
        # read1 hands over each packet, so that a cut connection loses none of them.
        block = answer.raw.read1(_BLOCK, decode_content=True)
        refuse_page(answer, file, None if start else block)
        with disk_errors(partial):
            partial.parent.mkdir(parents=True, exist_ok=True)
            if not expected.verified and not start:
                origin.keep(answer, total)
            most = expected.largest if expected.size is None else expected.size
            _save(answer, file, partial, block, (start, total or expected.size, most))


def _judge_416(answer, offset, partial, expected, origin):
    """Return if "416 range not satisfiable" means that nothing is missing."""
    total = re.fullmatch(r"bytes \*/(\d+)", answer.headers.get("Content-Range", ""))
    known = expected.verified or origin.total() in ("None", str(offset))
    if total and total[1] == str(offset) and known:
        return
    partial.unlink(missing_ok=True)
    raise _BrokenOff("the part on disk does not fit the file there (416)")


def _save(answer, file, partial, block, sizes):
    """Append a body, whose first block is there.

    `sizes` are the byte that it begins at, those of the whole file (None if not known),
    and the most that it may have.
    """
    done, total, most = sizes
    with (
        open(partial, "ab" if done else "wb", buffering=0) as sink,
        contextlib.closing(Progress(file, total, done, "B")) as progress,
    ):
        while block:
            done += len(block)
            if done > most:
                raise TransferError(f"sends more than {most} bytes")
            sink.write(block)
            progress.advance(len(block))
            block = answer.raw.read1(_BLOCK, decode_content=True)
    if total is not None and done < total:
        raise _BrokenOff(f"it ended after {done} of {total} bytes")
