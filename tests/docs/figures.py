#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Print the figures that have a budget, each as `figure NAME VALUE UNIT (budget)`.

tools/test prints them in front of the tests, because CTest keeps to itself what a test that passes
has to say. Here nothing is judged: the tests do that.
"""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import measures  # noqa: E402
from vmlib import bench_boot  # noqa: E402

KIB, MIB = 1024, 1024 * 1024

# (measure, unit, budget)
FIGURES = [
    ("stage1.bytes", "bytes", "at most 440, BPB and jump included"),
    ("stage2.bytes", "bytes", f"at most {64 * KIB} a copy"),
    ("kernel.volume_bytes", "bytes", f"at most {256 * KIB} on the volume"),
    ("boot.64KiB.max.instructions", "instructions", "at most 300000, aim 200000"),
    ("boot.64KiB.max.disk_calls", "calls", f"at most {int(bench_boot.allowed_calls(64 * KIB))}"),
    ("boot.4MiB.max.instructions", "instructions", "none"),
    ("boot.4MiB.max.disk_calls", "calls", f"at most {int(bench_boot.allowed_calls(4 * MIB))}"),
    ("boot.64MiB.max.instructions", "instructions", "at most 30000000"),
    ("boot.64MiB.max.disk_calls", "calls", f"at most {int(bench_boot.allowed_calls(64 * MIB))}"),
]


def main():
    for name, unit, budget in FIGURES:
        print(f"figure {name} {measures.measure(name)} {unit} (budget: {budget})", flush=True)


if __name__ == "__main__":
    main()
