#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The heap's picture: what each allocator holds for what it was asked, step by step of one workload,
and the instructions of an allocation and a free.

The kernel does the work, `bench=heap`, under -icount: a tick of its counter is an instruction, so all
numbers are the same in every run. They stand in the picture, too, for a test to read.
"""
import argparse
import json
import math
import re
import sys

from vmlib import images, paths
from vmlib.qemu import PASSED, Qemu

PICTURE = paths.SOURCE / "docs/kernel/heap.svg"
ICOUNT = ["-icount", "shift=0,sleep=off"]
ALLOCATORS = ["bump", "linked-list", "fixed-block", "slab"]
SERIES = re.compile(r"(?m)^series ([\w-]+) (\d+) (\d+) asked (\d+) held\r?$")
BENCH = re.compile(r"(?m)^bench (\S+) (\d+) (\w+)\r?$")

WIDTH, HEIGHT = 960, 430
LEFT, TOP, ACROSS, DOWN = 64, 56, 470, 290  # the panel of the series
BARS, BARS_ACROSS, BAR = 660, 230, 17       # that of the instructions
DECADES = 4                                 # 1 to 10^4 instructions
LINE = 10                                   # points of the series in a line of the file
DASHES = {"bump": "7 3", "linked-list": "2 3", "fixed-block": "10 3 2 3", "slab": "none"}
STYLE = """
  text { font: 13px sans-serif; fill: #24292f }
  .title { font-weight: bold }
  .small { font-size: 11px }
  .grid { stroke: #d0d7de; stroke-width: 1 }
  .line { fill: none; stroke-width: 2 }
  .bump { stroke: #c2334d } .linked-list { stroke: #b26a00 }
  .fixed-block { stroke: #2563c9 } .slab { stroke: #16805a; stroke-width: 3 }
  rect.bump { fill: #c2334d } rect.linked-list { fill: #b26a00 }
  rect.fixed-block { fill: #2563c9 } rect.slab { fill: #16805a }
  rect { stroke-width: 0 !important } .free { opacity: 0.55 }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3 } .grid { stroke: #3d444d }
    .bump { stroke: #ff7b8f } .linked-list { stroke: #f2a93b }
    .fixed-block { stroke: #6ea8ff } .slab { stroke: #4fd1a1 }
    rect.bump { fill: #ff7b8f } rect.linked-list { fill: #f2a93b }
    rect.fixed-block { fill: #6ea8ff } rect.slab { fill: #4fd1a1 }
  }
"""


def measure(words="bench=heap exit"):
    """({name: (value, unit)}, {allocator: [(step, asked, held)]}) of one boot."""
    with Qemu(images.changed(config=images.config(words)), extra=ICOUNT) as vm:
        assert vm.wait_exit() == PASSED, vm.tail()
    bench = {name: (int(value), unit) for name, value, unit in BENCH.findall(vm.serial)}
    series = {name: [] for name in ALLOCATORS}
    for name, *numbers in SERIES.findall(vm.serial):
        series[name].append([int(number) for number in numbers])
    return bench, series


def picture_numbers(bench, series):
    """What the picture shows: {"instructions": {allocator: [allocate, free]}, "series": ...}."""
    costs = {name: [bench[f"alloc_{name}_{verb}"][0] for verb in ("allocate", "free")]
             for name in ALLOCATORS}
    return {"instructions": costs, "series": series}


def text(x, y, words, anchor="start", kind="", turn=""):
    kind = f' class="{kind}"' if kind else ""
    return f'<text x="{x}" y="{y}" text-anchor="{anchor}"{kind}{turn}>{words}</text>'


def grid(x1, y1, x2, y2):
    return f'<path class="grid" d="M{x1} {y1}L{x2} {y2}"/>'


def series_axes(last):
    bottom = TOP + DOWN
    for percent in range(0, 101, 25):
        y = bottom - DOWN * percent / 100
        yield grid(LEFT, y, LEFT + ACROSS, y)
        yield text(LEFT - 8, y + 4, f"{percent} %", "end", "small")
    for step in range(0, last + 1, last // 4):
        x = LEFT + ACROSS * step / last
        yield grid(x, bottom, x, bottom + 5)
        yield text(x, bottom + 20, f"{step:,}", "middle", "small")
    yield text(LEFT + ACROSS / 2, bottom + 40, "steps of the workload", "middle")
    middle = TOP + DOWN / 2
    yield text(18, middle, "bytes asked / bytes held", "middle",
               turn=f' transform="rotate(-90 18 {middle})"')


def series_panel(series):
    last = series["slab"][-1][0]
    yield text(LEFT, TOP - 34, "How much of what it holds is in use", kind="title")
    yield from series_axes(last)
    for name, points in series.items():
        places = [f"{LEFT + ACROSS * step / last:.1f},{TOP + DOWN - DOWN * asked / held:.1f}"
                  for step, asked, held in points]
        lines = "\n  ".join(" ".join(places[at:at + LINE]) for at in range(0, len(places), LINE))
        yield f'<polyline class="line {name}" stroke-dasharray="{DASHES[name]}" points="{lines}"/>'
    for at, name in enumerate(series):
        x = LEFT + at * ACROSS / len(series)
        yield (f'<path class="line {name}" stroke-dasharray="{DASHES[name]}" '
               f'd="M{x} {TOP - 16}h26"/>')
        yield text(x + 32, TOP - 12, name)


def cost_panel(costs):
    yield text(BARS, TOP - 34, "Instructions of an operation", kind="title")
    bottom = TOP + DOWN
    for decade in range(DECADES + 1):
        x = BARS + BARS_ACROSS * decade / DECADES
        yield grid(x, TOP, x, bottom)
        yield text(x, bottom + 20, f"{10 ** decade:,}", "middle", "small")
    yield text(BARS + BARS_ACROSS / 2, bottom + 40, "instructions, on average; logarithmic", "middle")
    for at, (name, both) in enumerate(costs.items()):
        top = TOP + 16 + at * DOWN / len(costs)
        yield text(BARS - 8, top + BAR + 5, name, "end")
        for row, (verb, value) in enumerate(zip(("allocate", "free"), both)):
            y, width = top + row * (BAR + 3), BARS_ACROSS * math.log10(value) / DECADES
            yield (f'<rect class="{name} {verb}" x="{BARS}" y="{y:.1f}" width="{width:.1f}" '
                   f'height="{BAR}"/>')
            yield text(f"{BARS + width + 6:.1f}", f"{y + 13:.1f}", f"{verb} {value:,}", kind="small")


def svg(numbers):
    lines = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
             f'width="{WIDTH}" height="{HEIGHT}" role="img">',
             "<!-- SPDX-License-Identifier: MIT. Made by tools/plot-heap. -->",
             "<title>Four allocators: memory in use of memory held, and instructions</title>",
             f"<style>{STYLE}</style>", "<metadata>"]
    lines += json.dumps(numbers).replace("], [", "],\n[").splitlines()
    lines += ["</metadata>", *series_panel(numbers["series"]), *cost_panel(numbers["instructions"])]
    return "\n".join([*lines, "</svg>"]) + "\n"


def numbers_of(picture):
    """The numbers that the picture was made of."""
    content = re.search(r"<metadata>(.*)</metadata>", picture.read_text(encoding="ascii"), re.S)
    return json.loads(content.group(1))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file", nargs="?", default=PICTURE)
    arguments = parser.parse_args()
    numbers = picture_numbers(*measure())
    with open(arguments.file, "w", encoding="ascii") as file:
        file.write(svg(numbers))
    print(f"{arguments.file}: made")
    return 0


if __name__ == "__main__":
    sys.exit(main())
