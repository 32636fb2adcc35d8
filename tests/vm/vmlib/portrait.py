#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Boot the built image and keep what the README shows of it: the screen, the serial log, and the
lines of the log that the README quotes.

    PYTHONPATH=tests/vm python3 -m vmlib.portrait
"""
import re

from vmlib import boots, paths
from vmlib.qemu import Qemu

DOCS = paths.SOURCE / "docs"
README = paths.SOURCE / "README.md"
QUOTE = re.compile(r"(?s)(?<=```text\n).*?(?=```)")
HEAD_LINES = 6  # the loader's lines and the kernel's first


def quote(log):
    """The head of a log, and from the timeline to the end of the boot."""
    lines = log.splitlines()
    timeline = next(i for i, line in enumerate(lines) if line.startswith("Timeline"))
    ready = next(i for i, line in enumerate(lines) if re.search(boots.READY, line))
    return "\n".join([*lines[:HEAD_LINES], "...", *lines[timeline:ready + 1], ""])


def words(text):
    """Lines of a log without what may differ from build to build and from run to run."""
    lines = (re.sub(r"\b(0x)?[0-9a-fA-F]*[0-9][0-9a-fA-F]*h?\b", "#", line) for line in text.splitlines())
    return [" ".join(line.split()) for line in lines if line.strip()]


def main():
    with Qemu(paths.IMAGE, machine="q35", cpu="max") as vm:
        vm.wait_for(boots.READY)
        boots.until(lambda: "coldstart: kernel ready" in vm.screen_text(), "the line on the screen")
        vm.save_png(DOCS / "screenshot.png")
        log = "".join(line.rstrip() + "\n" for line in vm.serial.splitlines())
    (DOCS / "serial.log").write_text(log)
    README.write_text(QUOTE.sub(lambda _: quote(log), README.read_text(), count=1))


if __name__ == "__main__":
    main()
