# SPDX-License-Identifier: MIT
"""A real Chromium without a window, driven through a pipe: the DevTools protocol as JSON texts that
end in a NUL, on the file descriptors 3 and 4. Standard library only.
"""
import base64
import contextlib
import json
import os
import select
import shutil
import subprocess
import tempfile

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
GUARD_SECONDS = 120
KEYS = {" ": ("Space", 32), "ArrowLeft": ("ArrowLeft", 37), "ArrowRight": ("ArrowRight", 39),
        "ArrowUp": ("ArrowUp", 38), "ArrowDown": ("ArrowDown", 40), "PageUp": ("PageUp", 33),
        "PageDown": ("PageDown", 34), "Home": ("Home", 36), "End": ("End", 35), "Tab": ("Tab", 9),
        "Enter": ("Enter", 13), "Escape": ("Escape", 27)}
SHIFT = 8


def program():
    """The browser's command, or None."""
    return next((path for name in PROGRAMS if (path := shutil.which(name))), None)


class Failure(Exception):
    """The browser refused a command, or went away."""


class Browser:
    """One Chromium with one page. `console` gathers what the page complains about."""

    def __init__(self, folder):
        to_browser, self.writer = os.pipe()
        self.reader, from_browser = os.pipe()
        # bash puts the pipe's ends where the browser wants them. The page is our own, and root (in
        # a container) has no sandbox.
        self.process = subprocess.Popen(
            ["bash", "-c", f'exec "$@" 3<&{to_browser} 4>&{from_browser}', "chromium", program(),
             "--headless", "--no-sandbox", "--disable-gpu", "--remote-debugging-pipe",
             "--no-first-run", "--disable-extensions", "--disable-dev-shm-usage",
             "--disable-background-networking", "--hide-scrollbars", f"--user-data-dir={folder}",
             "about:blank"], pass_fds=(to_browser, from_browser), stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(to_browser)
        os.close(from_browser)
        self.buffer, self.number, self.session, self.console, self.requests = b"", 0, None, [], []
        self.events = []

    def attach(self):
        """Go to the first page of the browser."""
        pages = [one for one in self.call("Target.getTargets")["targetInfos"]
                 if one["type"] == "page"]
        self.session = self.call("Target.attachToTarget", targetId=pages[0]["targetId"],
                                 flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network", "Accessibility"):
            self.call(f"{domain}.enable")

    def call(self, method, **parameters):
        """One command of the protocol, and its result."""
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.writer, json.dumps(message).encode() + b"\0")
        while True:
            answer = self.receive()
            if answer.get("id") == self.number:
                if "error" in answer:
                    raise Failure(f"{method}: {answer['error']['message']}")
                return answer["result"]

    def receive(self):
        """The next message; events are noted on the way."""
        while b"\0" not in self.buffer:
            if not select.select([self.reader], [], [], GUARD_SECONDS)[0]:
                raise Failure("the browser is silent")
            piece = os.read(self.reader, 1 << 16)
            if not piece:
                raise Failure("the browser has ended")
            self.buffer += piece
        raw, self.buffer = self.buffer.split(b"\0", 1)
        message = json.loads(raw)
        self.note(message.get("method"), message.get("params", {}))
        return message

    def note(self, method, event):
        if method == "Runtime.exceptionThrown":
            details = event["exceptionDetails"]
            self.console.append(details.get("exception", {}).get("description") or details["text"])
        elif method == "Runtime.consoleAPICalled" and event["type"] in ("error", "warning", "assert"):
            self.console.append(str([one.get("value") for one in event["args"]]))
        elif method == "Log.entryAdded" and event["entry"]["level"] in ("error", "warning"):
            self.console.append(event["entry"]["text"])
        elif method == "Network.requestWillBeSent":
            self.requests.append(event["request"]["url"])
        elif method:
            self.events.append(method)

    def wait_for_event(self, method):
        while method not in self.events:
            self.receive()

    def open(self, path, fragment=""):
        """Load a file anew, to the end of its loading."""
        self.console.clear()
        self.requests.clear()
        self.call("Page.navigate", url="about:blank")
        self.evaluate("0")
        self.events.clear()
        self.call("Page.navigate", url=f"file://{path}{fragment}")
        self.wait_for_event("Page.loadEventFired")

    def evaluate(self, script):
        """The value of an expression in the page; a promise is waited for."""
        result = self.call("Runtime.evaluate", expression=script, returnByValue=True,
                           awaitPromise=True, userGesture=True)
        if "exceptionDetails" in result:
            details = result["exceptionDetails"]
            raise Failure(details.get("exception", {}).get("description", details["text"]))
        return result["result"].get("value")

    def size(self, width, height, phone=False):
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height,
                  deviceScaleFactor=1, mobile=phone)

    def media(self, **features):
        """What the page's media queries see: prefers_color_scheme="dark"."""
        self.call("Emulation.setEmulatedMedia", features=[
            {"name": name.replace("_", "-"), "value": value} for name, value in features.items()])

    def press(self, key, shift=False):
        """A key, as the keyboard sends it."""
        name, number = KEYS.get(key, (key, ord(key.upper()[0])))
        text = {"text": "\r" if key == "Enter" else key} if len(key) == 1 or key == "Enter" else {}
        common = {"key": key, "code": name, "windowsVirtualKeyCode": number,
                  "modifiers": SHIFT if shift else 0}
        self.call("Input.dispatchKeyEvent", type="keyDown", **common, **text)
        self.call("Input.dispatchKeyEvent", type="keyUp", **common)

    def type(self, text):
        self.call("Input.insertText", text=text)

    def click(self, selector):
        """The mouse, on the middle of the first element that fits, scrolled into sight."""
        x, y = self.evaluate(
            f"(() => {{ const it = document.querySelector({json.dumps(selector)});"
            " it.scrollIntoView({block: 'center'}); const box = it.getBoundingClientRect();"
            " return [box.x + box.width / 2, box.y + box.height / 2]; })()")
        self.click_at(x, y)

    def click_at(self, x, y):
        for kind in ("mousePressed", "mouseReleased"):
            self.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    def picture(self, path, whole=False):
        """A screenshot as PNG."""
        shot = self.call("Page.captureScreenshot", captureBeyondViewport=whole)
        with open(path, "wb") as stream:
            stream.write(base64.b64decode(shot["data"]))

    def end(self):
        with contextlib.suppress(Failure, OSError):
            self.session = None
            self.call("Browser.close")
        try:
            self.process.wait(GUARD_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
        os.close(self.writer)
        os.close(self.reader)


@contextlib.contextmanager
def browser():
    """A Browser that is gone afterwards, with all that it wrote."""
    with tempfile.TemporaryDirectory(prefix="coldstart-chromium-", ignore_cleanup_errors=True) as folder:
        one = Browser(folder)
        try:
            one.attach()
            yield one
        finally:
            one.end()
