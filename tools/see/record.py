# SPDX-License-Identifier: MIT
"""The command tools/record: what it was asked for, done."""
import argparse
import pathlib
import sys
import time

from see import compare, page, recording
from see.source import ROOT
from vmlib import paths

KEPT = ROOT / "docs/boot.html"


def arguments(words):
    parser = argparse.ArgumentParser(prog="tools/record", add_help=False)
    parser.add_argument("image", nargs="?", type=pathlib.Path)
    parser.add_argument("--json", type=pathlib.Path)
    parser.add_argument("--page", type=pathlib.Path)
    parser.add_argument("--keep", action="store_true")
    parser.add_argument("--compare", nargs=2, type=pathlib.Path)
    return parser.parse_args(words)


def told(found, seconds):
    """One line about a recording."""
    points = found["points"]
    last = points[-1]
    return (f"{len(points)} points, {last['total']:,} instructions, "
            f"{sum(len(point['disk']) for point in points)} disk reads in {seconds:.0f} s. "
            f"It ends at {last['label'] or last['address']}: {found['end']['why']}.")


def run(asked):
    if asked.compare:
        return compare.tell(*map(recording.load, asked.compare))
    image = asked.image or paths.IMAGE
    if not image.is_file():
        print(f"record: {image}: no such image", file=sys.stderr)
        return 1
    begin = time.monotonic()
    found = recording.record(image, paths.BUILD)
    print(told(found, time.monotonic() - begin))
    json, html = asked.json, asked.page
    if asked.keep:
        html = KEPT
    elif not json and not html:
        json, html = paths.BUILD / "boot.json", paths.BUILD / "boot.html"
    if json:
        recording.save(found, json)
        print(f"Recording: {json}, {json.stat().st_size:,} bytes")
    if html:
        page.write(found, html)
        print(f"Page: {html}, {html.stat().st_size:,} bytes")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(run(arguments(sys.argv[1:])))
    except (ValueError, OSError) as error:
        sys.exit(f"record: {error}")
