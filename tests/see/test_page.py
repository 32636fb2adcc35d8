# SPDX-License-Identifier: MIT
"""The page as a file: one file, nothing beside it, the recording inside and readable again."""
import html.parser

import pytest

from page_world import KEPT_PAGE
from sample_recording import HOSTILE, sample
from see import page, steps

PAGE_BYTES_MOST = 3_000_000
SCRIPT_LINES_MOST = 300
SCRIPT_COLUMNS_MOST = 110


class Outline(html.parser.HTMLParser):
    """What a browser finds in a page before any script runs."""

    def __init__(self):
        super().__init__()
        self.tags, self.links, self.ids = [], [], []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.ids += [value for name, value in attrs if name == "id"]
        self.links += [value for name, value in attrs if name in ("src", "href", "action")]


def outline(text):
    found = Outline()
    found.feed(text)
    return found


def test_a_page_can_be_read_back(tmp_path):
    page.write(sample(), tmp_path / "page.html")
    assert page.read(tmp_path / "page.html") == sample()


def test_a_file_without_a_recording_is_refused(tmp_path):
    (tmp_path / "other.html").write_text("<!doctype html>")
    with pytest.raises(ValueError, match="not a page with a recording"):
        page.read(tmp_path / "other.html")


def test_the_page_needs_nothing_else():
    found = outline(page.page(sample()))
    assert found.links == ["#main"]
    assert "default-src 'none'" in page.page(sample())
    assert len(found.ids) == len(set(found.ids))


def test_what_is_recorded_stays_text():
    """A recording cannot bring markup into the page, neither in its JSON nor in the title."""
    assert HOSTILE not in page.page(sample())
    tags = outline(page.page(sample())).tags
    assert tags.count("script") == 2 and "img" not in tags


def test_every_part_is_used():
    parts = {path.name for path in page.PARTS.iterdir()}
    assert parts == {"page.html", *page.STYLES, *page.SCRIPTS}


@pytest.mark.parametrize("name", page.SCRIPTS)
def test_scripts_are_short_and_say_what_they_are(name):
    lines = page.part(name).splitlines()
    assert len(lines) <= SCRIPT_LINES_MOST
    assert lines[0] == "// SPDX-License-Identifier: MIT" and lines[1].startswith("// ")
    assert max(map(len, lines)) <= SCRIPT_COLUMNS_MOST


def test_the_kept_page_is_made_of_these_parts_and_texts():
    kept = page.read(KEPT_PAGE)
    assert KEPT_PAGE.read_text() == page.page(kept), "tools/record --keep renews it"
    told = {step["name"]: (step["happened"], step["look"], step["next"]) for step in kept["steps"]}
    assert told == {step.name: (step.happened, step.look, step.next) for step in steps.steps()}, \
        "tools/record --keep renews it"


def test_the_kept_page_is_small_enough():
    size = KEPT_PAGE.stat().st_size
    print(f"page of the kept recording: {size} bytes")
    assert size <= PAGE_BYTES_MOST
