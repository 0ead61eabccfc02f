"""A small local server that behaves, well and badly, like the publishers' servers."""

import contextlib
import dataclasses
import http.server
import re
import threading
import time
import types

import urllib3

_LIBRARIES = ("python-requests", "Python-urllib", "python-urllib3", "remotezip")


@dataclasses.dataclass
class Page:
    """One file and how it is served.

    `cuts`: bytes of body after which each answer in turn breaks off (None: not at all).
    `busy`: answers given first, as (status, Retry-After or None).
    `status`: a refusal instead of the file. `html`: a web page with status 200.
    `ranges`: whether Range is honoured. `shift`: bytes by which a 206 is wrong.
    `pause`: an event to wait for after half of the body.
    """

    body: bytes = b""
    cuts: list = dataclasses.field(default_factory=list)
    busy: list = dataclasses.field(default_factory=list)
    status: int | None = None
    html: bool = False
    ranges: bool = True
    shift: int = 0
    redirect: str | None = None
    pause: threading.Event | None = None


class Publisher:
    """Serves `pages` (name -> Page); keeps `requests` and the body bytes `sent`."""

    def __init__(self):
        self.pages, self.requests, self.sent = {}, [], 0
        self.root = ""

    def template(self, folder="files"):
        return f"{self.root}/{folder}/{{file}}"

    def ranges(self):
        return [request["range"] for request in self.requests]


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *arguments):
        """Keep the test output clean."""

    def do_GET(self):
        publisher = self.server.publisher
        name = self.path.split("?")[0].removeprefix("/")
        agent, span = self.headers.get("User-Agent", ""), self.headers.get("Range")
        publisher.requests.append({"name": name, "range": span, "agent": agent})
        page = publisher.pages.get(name)
        if agent.startswith(_LIBRARIES) or not agent:
            self._short(403)
        elif page is None:
            self._short(404)
        elif page.redirect:
            self._short(302, {"Location": page.redirect})
        elif page.busy:
            status, wait = page.busy.pop(0)
            self._short(status, {} if wait is None else {"Retry-After": wait})
        elif page.status:
            self._short(page.status)
        elif page.html:
            text = b"<!DOCTYPE html><html>Please log in</html>"
            self._send(200, text, {"Content-Type": "text/html; charset=utf-8"}, Page())
        else:
            self._file(page, span)

    def _file(self, page, span):
        total = len(page.body)
        # The header lies on purpose: Zenodo sends "none" and answers 206.
        headers = {"Accept-Ranges": "none" if page.ranges else "bytes"}
        match = re.fullmatch(r"bytes=(\d*)-(\d*)", span or "")
        if not match or not page.ranges:
            return self._send(200, page.body, headers, page)
        if match[1]:
            start = int(match[1]) + page.shift
            end = min(int(match[2]) if match[2] else total - 1, total - 1)
        else:
            start, end = max(total - int(match[2]), 0), total - 1
        if start >= total:
            return self._short(416, {"Content-Range": f"bytes */{total}"})
        headers["Content-Range"] = f"bytes {start}-{end}/{total}"
        return self._send(206, page.body[start : end + 1], headers, page)

    def _send(self, status, body, headers, page):
        self.send_response(status)
        for key, value in headers.items():
            self.send_header(key, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        cut = page.cuts.pop(0) if page.cuts else None
        self.server.publisher.sent += len(body[:cut])
        if page.pause:
            half = len(body) // 2
            self.wfile.write(body[:half])
            page.pause.wait(10)
            body = body[half:]
        with contextlib.suppress(OSError):
            self.wfile.write(body[:cut])
        if cut is not None:
            self.close_connection = True

    def _short(self, status, headers=None):
        self._send(status, b"no", headers or {}, Page())


def waits_of(monkeypatch):
    """Note what `Retry` would wait for, in seconds; nobody waits."""
    waits, clock = [], types.SimpleNamespace(time=time.time)
    clock.sleep = waits.append
    monkeypatch.setattr(urllib3.util.retry, "time", clock)
    return waits


@contextlib.contextmanager
def running():
    """Run a `Publisher` on a free port of this machine."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    server.publisher = Publisher()
    server.publisher.root = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(
        target=server.serve_forever, kwargs={"poll_interval": 0.02}
    )
    thread.start()
    try:
        yield server.publisher
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
