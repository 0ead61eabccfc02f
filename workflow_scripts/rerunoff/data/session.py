"""The session that asks publishers: it names itself, waits, and stays with https."""

import email.utils
import logging
import re
import time
import urllib.parse

import requests
import urllib3
from requests.adapters import HTTPAdapter

from rerunoff import __version__

TIMEOUT = (30, 120)  # s to connect, and without a byte
_REDIRECTS = 10
_HERE = {"127.0.0.1", "localhost"}
_log = logging.getLogger(__name__)
# `_Retry` says the same in fewer words.
logging.getLogger("urllib3.connectionpool").setLevel(logging.ERROR)


class TransferError(Exception):
    """Why one mirror did not give the file. The next mirror may."""


class _Retry(urllib3.Retry):
    """Says in the log what is tried again, so that nobody waits in silence."""

    def increment(self, method=None, url=None, response=None, error=None, **more):
        """Count a failure; `MaxRetryError` after too many, or for too long a wait."""
        left = super().increment(method, url, response, error, **more)
        why = error or f"status {response.status}"
        if response is not None and _too_long(response.headers):
            raise urllib3.exceptions.MaxRetryError(more.get("_pool"), url)
        most = self.retry_after_max
        _log.info("%s failed (%s), trying again within %d s", url, why, most)
        return left

    def parse_retry_after(self, retry_after):
        """Return how long to wait, in s; 0, for a wait of our own, if it is no time."""
        return _seconds(retry_after)


# Of one address; each kind of failure has tries of its own. A publisher's Retry-After
# is followed up to `retry_after_max` seconds. Some ask for years: to ask again earlier
# would be in vain, so such an address is left at once.
RETRIES = _Retry(
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


def _seconds(retry_after):
    """Return a Retry-After, seconds or a date, in s from now; 0 if it is neither."""
    if re.fullmatch(r"\s*[0-9]+\s*", retry_after):
        return float(retry_after)
    try:
        date = email.utils.parsedate_to_datetime(retry_after)
        return max(date.timestamp() - time.time(), 0)
    except (ValueError, OverflowError, TypeError):
        return 0


def _too_long(headers):
    """Whether an answer asks for more patience than there is."""
    return _seconds(headers.get("Retry-After", "")) > RETRIES.retry_after_max


class _UnsafeRedirectError(requests.RequestException):
    """A redirect to an address that could give anybody's bytes; the text says which."""


class _Session(requests.Session):
    """Follows redirects to https only, where requests would follow any to http."""

    def get_redirect_target(self, resp):
        """Return where an answer leads; refuse what is not https.

        From this machine to itself, as in tests, plain http may lead on.
        """
        target = super().get_redirect_target(resp)
        if target is None or _is_safe(target, resp.url):
            return target
        resp.close()
        raise _UnsafeRedirectError(
            f"leads to {target[:200]!r}, which is not followed, because only https is"
        )


def _is_safe(target, origin):
    try:
        parts = urllib.parse.urlsplit(urllib.parse.urljoin(origin, target))
        here = parts.hostname in _HERE
    except ValueError:  # no address at all
        return False
    plain = parts.scheme == "http" and urllib.parse.urlsplit(origin).scheme == "http"
    return parts.scheme == "https" or (plain and here)


def make_session():
    """Return a session that tries again, and names this program to the publishers.

    Zenodo answers 403 to the libraries' default names.
    """
    session = _Session()
    session.max_redirects = _REDIRECTS
    name = f"rerunoff/{__version__} (+https://github.com/rerunoff/rerunoff)"
    # A compressed answer could be neither resumed nor measured.
    session.headers.update({"User-Agent": name, "Accept-Encoding": "identity"})
    for scheme in ("https://", "http://"):
        session.mount(scheme, HTTPAdapter(max_retries=RETRIES))
    return session


def status_reason(answer):
    """Say what a refusing answer means.

    Parameters
    ----------
    answer : requests.Response

    Returns
    -------
    str
    """
    status = answer.status_code
    if status == 403:
        return (
            "refused the request (403): the publisher blocks this program or this "
            "network, or the file is not public; a browser shows which"
        )
    if status in (404, 410):
        return f"has no such file ({status}): it has moved or was withdrawn"
    if status == 429 or status >= 500:
        reason = f"stayed busy or broken, at last with HTTP status {status}"
        if _too_long(answer.headers):
            asked, most = answer.headers["Retry-After"][:40], RETRIES.retry_after_max
            reason += f" and Retry-After {asked!r}, which is later than in {most} s"
        return reason
    return f"answered with HTTP status {status}"


def no_answer(error):
    """Say why a request got no usable answer, as often as it was tried."""
    if isinstance(error, _UnsafeRedirectError):
        return str(error)
    if isinstance(error, requests.TooManyRedirects):
        return f"leads from redirect to redirect, {_REDIRECTS} times"
    if error.response is not None:
        return status_reason(error.response)
    cause = error.args[0] if error.args else error
    return f"gave no answer ({getattr(cause, 'reason', cause)})"
