# SPDX-License-Identifier: MIT
"""What the tests of the page share: one browser a test file, with the sample's page in it."""
import json
import pathlib

import pytest

import chromium
from sample_recording import sample
from see import page

KEPT_PAGE = pathlib.Path(__file__).resolve().parents[2] / "docs/boot.html"
MANY_WALKS = 1000
VIEWS = ("code", "registers", "memory", "disk", "tables", "paging", "traffic", "screen")


class Shown:
    """A recording's page in a browser, and questions to it."""

    def __init__(self, browser, folder, recording):
        self.browser, self.recording = browser, recording
        self.points = recording["points"]
        self.path = folder / "page.html"
        page.write(recording, self.path)

    def check(self):
        """The page had nothing to complain about so far, and asked for nothing but itself."""
        assert self.browser.console == []
        assert [url for url in self.browser.requests if not url.startswith("file://")] == []

    def open(self, fragment="", width=1280, height=900):
        self.check()
        self.browser.size(width, height, width < 500)
        self.browser.open(self.path, fragment)

    def go(self, point, view="code", at=""):
        """A place, as a link leads to it. Waits for the page to be there."""
        fragment = f"#point={point}&view={view}" + (f"&at={at}" if at else "")
        self.ask(f"new Promise(done => {{ if (location.hash === {json.dumps(fragment)}) done();"
                 f" else {{ addEventListener('hashchange', done, {{once: true}});"
                 f" location.hash = {json.dumps(fragment)}; }} }})")

    def follow(self, act, *arguments):
        """Do what follows a link, and wait until the page is at its place."""
        self.ask("void (window.followed = new Promise((done) =>"
                 " addEventListener('hashchange', done, {once: true})))")
        act(*arguments)
        self.ask("followed")

    def ask(self, script):
        return self.browser.evaluate(script)

    def text(self, selector):
        return self.ask(f"document.querySelector({json.dumps(selector)}).textContent")

    def texts(self, selector):
        """The text of every element that fits."""
        return self.ask(f"[...document.querySelectorAll({json.dumps(selector)})]"
                        ".map((one) => one.textContent)")

    def rows(self, selector):
        """A table's body: a list of cells for each row."""
        return self.ask(f"[...document.querySelectorAll({json.dumps(selector + ' tbody tr')})]"
                        ".map((row) => [...row.children].map((cell) => cell.textContent))")

    def point(self):
        return self.ask("place.point")

    def announced(self):
        return self.text("#announcer")


@pytest.fixture(name="browser", scope="module")
def one_browser():
    if chromium.program() is None:
        pytest.skip("chromium is not installed")
    with chromium.browser() as browser:
        yield browser


@pytest.fixture(name="shown", scope="module")
def sample_shown(browser, tmp_path_factory):
    """The sample's page."""
    one = Shown(browser, tmp_path_factory.mktemp("page"), sample())
    one.open()
    yield one
    one.check()


def hex_text(value):
    """A number as the page writes it."""
    return f"{value if isinstance(value, int) else int(value, 16):X}h"
