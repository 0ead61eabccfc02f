"""A small local server that behaves, well and badly, like the publishers' servers."""

import contextlib
import dataclasses
import hashlib
import http.server
import io
import json
import re
import threading
import time
import types
import zipfile

import urllib3

_LIBRARIES = ("python-requests", "Python-urllib", "python-urllib3", "remotezip")


@dataclasses.dataclass
class Page:
    """One file and how it is served.

    `cuts`: bytes of body after which each answer in turn breaks off (None: not at all).
    `busy`: answers given first, as (status, Retry-After or None).
    `status`: a refusal instead of the file. `html`: a web page with status 200.
    `ranges`: whether Range is honoured. `shift`: bytes by which a 206 is wrong.
    `pause`: an event to wait for after half of the body. `kind`: its Content-Type.
    `before`: pages that are served first, one a request. `etag`: of this version of it.
    `believed`: what the server takes for its size where a part is asked for.
    `unframed`: neither length nor chunks say where the body ends. `chunked`: chunks do.
    `more`: further headers, which win. `code`: status of the whole body.
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
    kind: str | None = None
    before: list = dataclasses.field(default_factory=list)
    etag: str | None = None
    believed: int | None = None
    unframed: bool = False
    chunked: bool = False
    more: dict = dataclasses.field(default_factory=dict)
    code: int = 200


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
        # A page of a list has its number behind the question mark.
        page = publisher.pages.get(self.path.removeprefix("/"))
        page = page or publisher.pages.get(name)
        if page and page.before:
            page = page.before.pop(0)
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
        total = page.believed or len(page.body)
        # The header lies on purpose: Zenodo sends "none" and answers 206.
        headers = {"Accept-Ranges": "none" if page.ranges else "bytes"}
        if page.kind:
            headers["Content-Type"] = page.kind
        if page.etag:
            headers["ETag"] = page.etag
        match = re.fullmatch(r"bytes=(\d*)-(\d*)", span or "")
        if not match or not page.ranges:
            return self._send(page.code, page.body, headers | page.more, page)
        if match[1]:
            start = int(match[1]) + page.shift
            end = min(int(match[2]) if match[2] else total - 1, total - 1)
        else:
            start, end = max(total - int(match[2]), 0), total - 1
        if start >= total:
            return self._short(416, {"Content-Range": f"bytes */{total}"})
        headers["Content-Range"] = f"bytes {start}-{end}/{total}"
        return self._send(206, page.body[start : end + 1], headers | page.more, page)

    def _send(self, status, body, headers, page):
        self.send_response(status)
        for key, value in headers.items():
            self.send_header(key, value)
        if page.chunked:
            self.send_header("Transfer-Encoding", "chunked")
            half = len(body) // 2
            parts = [b"%x\r\n%b\r\n" % (len(p), p) for p in (body[:half], body[half:])]
            body = b"".join(parts) + b"0\r\n\r\n"
        elif not page.unframed:
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
        if cut is not None or page.unframed:
            self.close_connection = True

    def _short(self, status, headers=None):
        self._send(status, b"no", headers or {}, Page())


class HydroShare:
    """A resource at a publisher: its files, a list in pages, and a bag.

    `files`: path in the resource to its content. The list names addresses as the real
    one does: of another host, and without https.
    """

    NAME = "83ea"
    FOREIGN = "http://www.hydroshare.org/resource/83ea/data/contents/"

    def __init__(self, publisher, files, by_page=3):
        self.publisher, self.files = publisher, files
        for path, body in files.items():
            publisher.pages[f"resource/{self.NAME}/data/contents/{path}"] = Page(body)
        entries = [self.entry(path, body) for path, body in files.items()]
        pages = [entries[n : n + by_page] for n in range(0, len(entries), by_page)]
        for number, part in enumerate(pages or [[]], start=1):
            more = number < len(pages)
            self.list_page(part, number, number + 1 if more else None)
        self.serve_bag()

    def entry(self, path, body):
        """Return an entry of the list."""
        return {
            "file_name": path.split("/")[-1],
            "url": self.FOREIGN + path,
            "size": len(body),
            "content_type": "None",
            "checksum": hashlib.md5(body, usedforsecurity=False).hexdigest(),
        }

    def list_page(self, entries, number=1, following=None):
        """Serve a page of the list."""
        name = f"hsapi/resource/{self.NAME}/files/"
        link = f"http://www.hydroshare.org/{name}?page={following}"
        content = {"count": 0, "next": link if following else None, "results": entries}
        query = "" if number == 1 else f"?page={number}"
        body = json.dumps(content).encode()
        self.publisher.pages[name + query] = Page(body, kind="application/json")

    def serve_bag(self, not_ready=0):
        """Serve the bag, after some answers that it is being packed."""
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            for path, body in self.files.items():
                archive.writestr(f"{self.NAME}/data/contents/{path}", body)
        waiting = json.dumps({"bag_status": "Not ready", "task_id": "78c4-51"}).encode()
        before = [Page(waiting, kind="application/json") for _ in range(not_ready)]
        page = Page(packed.getvalue(), kind="application/zip", before=before)
        self.publisher.pages[f"bags/{self.NAME}.zip"] = page
        return page

    def dataset(self):
        """Return the entry of datasets.yaml, with its name."""
        root = self.publisher.root
        return {
            "name": "kratzert2019a_weights",
            "page": "https://example.org/resource",
            "mirrors": [f"{root}/resource/{self.NAME}/data/contents/{{file}}"],
            "listing": f"{root}/hsapi/resource/{self.NAME}/files/",
            "bag": f"{root}/bags/{self.NAME}.zip",
            "files": {},
        }


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
