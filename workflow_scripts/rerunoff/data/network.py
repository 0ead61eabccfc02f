"""Whether there is a network at all, before minutes are spent on retries."""

import socket
import threading
import time
import urllib.parse

import requests

_PATIENCE = 4.0  # s; without a network some resolvers answer after half a minute


def none_resolves(urls):
    """Return the names of the hosts of URLs if not one of them can be looked up.

    Parameters
    ----------
    urls : sequence of str

    Returns
    -------
    list of str
        Empty if a name resolves, or if a proxy looks them up.
    """
    if any(requests.utils.get_environ_proxies(url) for url in urls):
        return []
    names = list(dict.fromkeys(urllib.parse.urlsplit(url).hostname for url in urls))
    found = threading.Event()
    # Daemons, because a lookup cannot be stopped and must not keep the job alive.
    lookups = [
        threading.Thread(target=_look_up, args=(name, found), daemon=True)
        for name in names
    ]
    for lookup in lookups:
        lookup.start()
    deadline = time.monotonic() + _PATIENCE
    while any(lookup.is_alive() for lookup in lookups) and not found.is_set():
        if not found.wait(0.02) and time.monotonic() > deadline:
            break
    return [] if found.is_set() else names


def _look_up(name, found):
    try:
        socket.getaddrinfo(name, None)
    except OSError:
        return
    found.set()
