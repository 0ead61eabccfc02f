"""A headless Chromium, driven by the plain HTTP of chromedriver (W3C WebDriver)."""

import base64
import contextlib
import json
import re
import shutil
import subprocess
import urllib.request

OPTIONS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic"),
    *("--no-first-run", "--disable-background-networking", "--disable-sync"),
    "--disable-component-update",
)
MISSING = [name for name in ("chromium", "chromedriver") if not shutil.which(name)]


class Browser:
    """One window of a browser that is running.

    Parameters
    ----------
    address : str
        Of the session.
    """

    def __init__(self, address):
        self._address = address

    def _call(self, path, method="POST", **body):
        data = json.dumps(body).encode() if method == "POST" else None
        return _request(self._address + path, method, data)

    def open(self, path, width=1280, height=900):
        """Show a file in a window of this size, in CSS pixels.

        A window has a least width; the device that is emulated has none. Up to 600
        pixels it is a phone.
        """
        size = {"width": width, "height": height, "deviceScaleFactor": 1}
        size["mobile"] = width <= 600
        self._command("Emulation.setDeviceMetricsOverride", size)
        self._call("/url", url="about:blank")
        self._call("/url", url=path.resolve().as_uri())

    def run(self, script):
        """Return what a JavaScript function body returns."""
        return self._call("/execute/sync", script=script, args=[])

    def type(self, selector, text):
        """Type into an element."""
        element = self._call("/element", using="css selector", value=selector)
        (name,) = element.values()
        self._call(f"/element/{name}/value", text=text)

    def click(self, selector):
        """Click on an element."""
        element = self._call("/element", using="css selector", value=selector)
        (name,) = element.values()
        self._call(f"/element/{name}/click")

    def complaints(self):
        """Return the messages on the console since the last call."""
        return [entry["message"] for entry in self._call("/se/log", type="browser")]

    def picture(self, path):
        """Write what the window shows as PNG."""
        path.write_bytes(base64.b64decode(self._call("/screenshot", method="GET")))

    def _command(self, name, parameters):
        return self._call("/goog/cdp/execute", cmd=name, params=parameters)


def _request(address, method, data):
    """Send one request to the driver; return the value of its answer."""
    headers = {"Content-Type": "application/json"}
    # S310: the address is the driver's on this machine, from `started`.
    request = urllib.request.Request(address, data, headers, method=method)  # noqa: S310
    # The driver is on this machine, whatever proxy the environment names.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(request, timeout=60) as answer:
        return json.load(answer)["value"]


@contextlib.contextmanager
def started(profile):
    """Start a browser with an empty profile in this folder; end it afterwards."""
    command = ["chromedriver", "--port=0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as driver:
        try:
            ports = (
                re.search(r"successfully on port (\d+)", line) for line in driver.stdout
            )
            driver_address = f"http://127.0.0.1:{next(filter(None, ports))[1]}/session"
            options = {"args": [*OPTIONS, f"--user-data-dir={profile}"]}
            wanted = {"goog:chromeOptions": options}
            wanted["goog:loggingPrefs"] = {"browser": "ALL"}
            body = {"capabilities": {"alwaysMatch": wanted}}
            session = _request(driver_address, "POST", json.dumps(body).encode())
            address = f"{driver_address}/{session['sessionId']}"
            yield Browser(address)
            _request(address, "DELETE", None)
        finally:
            driver.terminate()
