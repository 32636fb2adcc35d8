# SPDX-License-Identifier: MIT
"""Which sectors of the boot disk a machine really reads, by QEMU's own trace of its block layer."""
import re

from vmlib import outcome

SECTOR = 512
READ = re.compile(r"^blk_co_preadv .* offset (\d+) bytes (\d+) ", re.MULTILINE)


def sectors(image, trace, **options):
    """(the Outcome, the set of sectors read) of one boot; `trace` is a file to write to."""
    found = outcome.of(image, extra=["-trace", "blk_co_preadv", "-D", str(trace)], **options)
    read = set()
    for offset, count in READ.findall(trace.read_text()):
        first = int(offset) // SECTOR
        read.update(range(first, first + (int(count) + SECTOR - 1) // SECTOR))
    return found, read
