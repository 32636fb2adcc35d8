#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Physical memory on machines of many sizes: the account, the loader's memory, what the table costs."""
import re

import pytest

from vmlib import bochs, boots, count, images, paths, symbols
from vmlib.qemu import PASSED, Qemu

KIB_PER_FRAME = 4
LEAST_MIB = 16
GIB_IN_MIB = 1024
JUDGED = re.compile(r"(?m)^  0x([0-9a-f]{16}) 0x([0-9a-f]{16}) +\d+  (.+)$")
SUM = re.compile(r"(?m)^  (\d+) free \+ (\d+) used \+ (\d+) reserved = (\d+)$")
TABLE = re.compile(r"(?m)^  (\d+) reserved for the frame table, (\d+) reclaimed from the loader$")
RAM = {"usable", "loader", "kernel", "module", "ACPI tables", "ACPI NVS"}
SUMMARY = r"(?m)^# \d+ tests, 0 failed$"
PROMPT = r"(?m)^> "

# 16 bytes for each frame, the map and a bit for each chunk of records.
TABLE_SHARE = 256
TABLE_REST_KIB = 16
# The cost is of blocks, not of frames: some are zeroed for each.
ZONE_BLOCKS = 40  # what zone ends and odd range ends add, whatever the size
PER_BLOCK = 2_000


def boot(cmdline, **options):
    with Qemu(images.changed(config=images.config(cmdline)), **options) as vm:
        status = vm.wait_exit()
    assert status == PASSED, vm.tail()
    return vm.serial


def judged_kib(serial, types):
    return sum((int(last, 16) - int(first, 16) + 1) // 1024
               for first, last, kind in JUDGED.findall(serial) if kind in types)


def check_account(serial):
    """The kernel's account is that of its own map; (free, used, reserved, total) in KiB."""
    account = [int(number) for number in SUM.search(serial).groups()]
    table, reclaimed = map(int, TABLE.search(serial).groups())
    assert sum(account[:3]) == account[3] == judged_kib(serial, RAM)
    usable = judged_kib(serial, {"usable"})
    loaders = judged_kib(serial, {"loader"})
    assert loaders - KIB_PER_FRAME <= reclaimed <= loaders and reclaimed > 0
    lost = usable + reclaimed - table - account[0] - account[1]
    assert 0 <= lost <= KIB_PER_FRAME, "only page 0 may be missing"
    return account


@pytest.mark.parametrize("machine, mib", [("pc", LEAST_MIB), ("q35", 64), ("pc", 2048),
                                          ("q35", 4096), ("pc", 65536)])
def test_account(machine, mib):
    account = check_account(boot("exit", machine=machine, memory=mib))
    print(f"{mib} MiB: {account[0]} free + {account[1]} used + {account[2]} reserved KiB")
    assert account[0] > mib * 1024 * 9 // 10


@pytest.mark.parametrize("cpu", ["qemu64", "max", "EPYC", "qemu64,-nx"])
@pytest.mark.parametrize("checks", ["", " memory=checked"])
def test_all_selftests_in_16_mib(cpu, checks):
    serial = boot("selftest" + checks, memory=LEAST_MIB, cpu=cpu)
    assert re.search(SUMMARY, serial)


def test_all_selftests_in_16_mib_in_bochs():
    _, vm = bochs.finished(images.changed(config=images.config("selftest")), memory=LEAST_MIB)
    assert re.search(SUMMARY, vm.serial), vm.tail()
    check_account(vm.serial)


@pytest.mark.parametrize("machine, mib", [("q35", 2048), ("pc", 65536)])
def test_selftests_of_frames_in_much_memory(machine, mib):
    serial = boot("selftest=frames", machine=machine, memory=mib)
    assert re.search(SUMMARY, serial)


def told(checks, disk):
    """What the shell's commands say of the boot: the timeline's ticks aside."""
    said = {}
    with Qemu(disk, memory=64) as vm:
        vm.wait_for(PROMPT)
        for command in ("record", "boot", "mem", "e820"):
            start = len(vm.serial)
            vm.type(command + "\r")
            boots.until(lambda: re.search(PROMPT, vm.serial[start:].replace(command, "", 1)),
                        f"the prompt after {command}")
            said[command] = vm.serial[start:]
        assert ("KiB, checked:" in vm.serial) == checks
    return {name: re.sub(r"(?m)^(step|end) .*$|(?<=[0-9a-f]h)( +\d+| +-)+$", "", text)
            for name, text in said.items()}


def test_reports_need_nothing_of_the_loader():
    """Checked, the loader's memory is poisoned before the reports: they say the same."""
    files = {"/a": b"a module"}
    plain, checked = (told(bool(words), images.changed(
        config=images.config(words, module="/a name-of-a-module"), files=files))
        for words in ("", "memory=checked"))
    assert "name-of-a-module" in plain["boot"]
    assert plain == checked


def begin_cost(memory, **options):
    """Guest instructions of frames_begin."""
    places = symbols.table(paths.BUILD / "kernel.sym")
    marks = [("begin", places["frames_begin"])]
    readings = count.boot(images.changed(config=images.config("exit")), places["boot_keep"], marks,
                          memory=memory, **options)
    return readings["stop"].instructions - readings["begin"].instructions


def test_begin_costs_by_block_not_by_frame():
    costs = {mib: begin_cost(mib) for mib in (LEAST_MIB, 2 * GIB_IN_MIB, 64 * GIB_IN_MIB)}
    for mib, cost in costs.items():
        print(f"frames_begin, {mib} MiB: {cost} instructions")
        assert cost <= (ZONE_BLOCKS + mib // GIB_IN_MIB) * PER_BLOCK


@pytest.mark.parametrize("mib", [LEAST_MIB, 64 * GIB_IN_MIB])
def test_table_is_a_small_share(mib):
    serial = boot("exit", memory=mib)
    table = int(TABLE.search(serial).group(1))
    total = int(SUM.search(serial).group(4))
    print(f"{mib} MiB: {table} KiB of {total}")
    assert table <= total // TABLE_SHARE + TABLE_REST_KIB
