# SPDX-License-Identifier: MIT
"""The recording as one HTML page that needs nothing else: no server, no network, no other file.

The page's parts lie in tools/see/page/: the template, the styles, and scripts that only have to
stand one after the other. The recording is in the page as JSON, so that a page can be read back.
"""
import html
import json
import pathlib
import re

PARTS = pathlib.Path(__file__).parent / "page"
STYLES = ("style.css", "views.css")
SCRIPTS = ("numbers.js", "bits.js", "dom.js", "recording.js", "paging.js", "place.js",
           "timeline.js", "now.js", "registers.js", "code.js", "memory.js", "memory_strip.js",
           "disk.js", "tables.js", "descriptor.js", "walk.js", "traffic.js", "screen.js",
           "search.js", "questions.js", "predict.js", "keys.js", "main.js")
RECORDING = re.compile(r'<script type="application/json" id="recording">(.*?)</script>', re.DOTALL)
SLOT = re.compile(r"\{\{(\w+)\}\}")


def part(name):
    return (PARTS / name).read_text(encoding="utf-8")


def safe_json(recording):
    """JSON without any character that ends or begins something in HTML."""
    text = json.dumps(recording, separators=(",", ":"), ensure_ascii=False)
    return text.replace("&", r"\u0026").replace("<", r"\u003c").replace(">", r"\u003e")


def page(recording):
    """The page's whole text."""
    name = recording.get("image", {}).get("name", "an image")
    slots = {"title": html.escape(f"The boot of {name}, seen"),
             "style": "\n".join(part(name) for name in STYLES),
             "script": "\n".join(part(name) for name in SCRIPTS),
             "recording": safe_json(recording)}
    return SLOT.sub(lambda slot: slots[slot.group(1)], part("page.html"))


def write(recording, path):
    """Make the page of a recording (a dictionary, see docs/recording.md) at a path."""
    pathlib.Path(path).write_text(page(recording), encoding="utf-8", newline="\n")


def read(path):
    """The recording that a page holds. ValueError when there is none."""
    found = RECORDING.search(pathlib.Path(path).read_text(encoding="utf-8"))
    if not found:
        raise ValueError(f"{path} is not a page with a recording")
    return json.loads(found.group(1))
