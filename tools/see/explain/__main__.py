# SPDX-License-Identifier: MIT
"""The command line of tools/explain."""
import argparse
import sys

from see.explain import engine, report


def main():
    parser = argparse.ArgumentParser(
        prog="tools/explain",
        description="Run an image that resets or hangs, and say in plain words why.",
    )
    parser.add_argument("image")
    parser.add_argument(
        "--symbols",
        nargs="+",
        default=[],
        metavar="FILE",
        help=(
            "NASM listings, ELF files, symbol "
            "maps, or folders of them; without it, those beside the image"
        ),
    )
    parser.add_argument("--floppy", action="store_true", help="the image is a floppy disk")
    parser.add_argument("--expect", metavar="TEXT", help="what the image prints when all is well")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    e, findings = engine.examine(options.image, options.symbols, options.floppy, options.expect)
    shape = report.as_json if options.json else report.as_text
    print(shape(e, options.image, findings))
    return 0 if report.verdict(e, findings) == "fine" else 1


if __name__ == "__main__":
    sys.exit(main())
