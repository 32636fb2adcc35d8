# SPDX-License-Identifier: MIT
"""Boots under the counting plugin: instructions outside the firmware, phase by phase, disk calls,
and host time. See tests/plugin/boot_count.c for what is counted and how.
"""
import dataclasses
import tempfile

from vmlib import paths
from vmlib.qemu import Qemu

BIOS_INT13 = 0xFE3FE  # where a PC BIOS's INT 13h handler is entered, F000:E3FE


@dataclasses.dataclass
class Reading:
    instructions: int
    nanoseconds: int
    work_nanoseconds: int  # of these, those that QEMU was really running
    disk_calls: int


def boot(image, stop, marks=(), counting=True, **options):
    """Run from 7C00h to the address `stop`: {name: Reading}, `stop` among them.

    A mark that was never reached is not in it; marks are (name, address).
    """
    with tempfile.NamedTemporaryFile(suffix=".count") as out:
        words = [str(paths.PLUGIN), f"out={out.name}", f"stop={stop:x}", "quit=on",
                 f"call=int13:{BIOS_INT13:x}", f"count={'on' if counting else 'off'}"]
        words += [f"mark={name}:{address:x}" for name, address in marks]
        with Qemu(image, plugin=",".join(words), **options) as vm:
            vm.wait_exit()
        lines = open(out.name).read().splitlines()
    readings = {}
    for line in lines:
        fields = line.split()
        if fields[0] == "mark":
            readings[fields[1]] = Reading(*(int(fields[at]) for at in (4, 6, 8, 10)))
    assert "stop" in readings, f"the boot never reached {stop:x}h\n{vm.tail()}"
    return readings


def phases(readings):
    """[(name, instructions from this mark to the next)] in the order they were reached."""
    order = sorted(((reading.instructions, name) for name, reading in readings.items()))
    ends = [count for count, _ in order[1:]]
    return [(name, end - begin) for (begin, name), end in zip(order, ends)]
