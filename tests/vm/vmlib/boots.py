# SPDX-License-Identifier: MIT
"""The three ways a boot can end, each as one call: our kernel is ready, a probe kernel has judged
the hand-off, or the loader has said its error line.
"""
import functools
import re
import time

from vmlib import errors, paths
from vmlib.machine import POLL_S, Hang
from vmlib.qemu import PASSED, Qemu

READY = r"(?m)^coldstart: kernel ready$"
ERROR = r"(?m)^coldstart: error E[0-9A-F]{2}: .*\n"
LEAVE = r"coldstart: press a key, or wait 30 seconds, to leave\n"
SCREEN_GUARD_S = 20


def until(condition, what, guard=SCREEN_GUARD_S):
    """Wait for something that has no line of its own."""
    deadline = time.monotonic() + guard
    while not condition():
        if time.monotonic() > deadline:
            raise Hang(f"nothing for too long: {what}")
        time.sleep(POLL_S)


def shown(line, vm):
    """Whether a line is on the screen, wherever it was broken at the edge."""
    def squeezed(text):
        return "".join(text.split())
    return squeezed(line) in squeezed(vm.screen_text())


def facts(serial):
    """The probe's lines `probe: NAME VALUE` as {name: int or text}."""
    found = {}
    for name, value in re.findall(r"(?m)^probe: (\w+) (.*)$", serial):
        found[name] = int(value) if value.isdigit() else value
    return found


def modules(serial):
    """The probe's modules: [(name, bytes, crc32)] in order."""
    lines = re.findall(r"(?m)^probe: module (\S+) (\d+) crc32 ([0-9a-f]+)$", serial)
    return [(name, int(size), int(crc, 16)) for name, size, crc in lines]


@functools.lru_cache(maxsize=None)
def promises():
    """How many promises the probe's sources list."""
    sources = (paths.SOURCE / "tests/kernels/probe").glob("check_*.c")
    return sum(len(re.findall(r'(?m)^    \{ "', source.read_text())) for source in sources)


def judged(vm, status):
    """The facts of a probe that found every promise kept."""
    broken = re.findall(r"(?m)^probe: broken: (.*)$", vm.serial)
    assert not broken, f"broken promises: {broken}\n{vm.tail()}"
    assert status == PASSED and "probe: ok\n" in vm.serial, vm.tail()
    assert vm.e9 == vm.serial, "serial and port E9h differ"
    found = facts(vm.serial)
    assert found["checks"] == promises(), "some promises were not looked at"
    return found


def probe(image, **options):
    """Boot a probe kernel in QEMU; its facts, when every promise was kept."""
    with Qemu(image, **options) as vm:
        status = vm.wait_exit()
    found = judged(vm, status)
    found["serial"] = vm.serial
    return found


def ready(image, **options):
    """Boot our kernel with `exit` on its command line: the machine, ended with success."""
    with Qemu(image, **options) as vm:
        vm.wait_for(READY)
        status = vm.wait_exit()
    assert status == PASSED, vm.tail()
    return vm


def error(image, name, details=None, **options):
    """Boot into the error `name`: its line, the same on serial, port E9h and screen.

    details  a regular expression that what follows the sentence must match
    """
    with Qemu(image, **options) as vm:
        line = vm.wait_for(ERROR).group(0).rstrip("\n")
        assert re.fullmatch(errors.pattern(name), line), f"{line!r} is not {name}\n{vm.tail()}"
        if details:
            assert re.search(details, line), f"{line!r} does not say {details!r}"
        vm.wait_for(LEAVE)
        until(lambda: vm.e9 == vm.serial, "port E9h says what serial says")
        until(lambda: shown(line, vm), f"{line!r} on the screen: {vm.screen_text()!r}")
        assert vm.process.poll() is None, "the machine ended instead of waiting for a key"
        assert vm.disk_statistics()["wr_operations"] == 0
    errors.record(f"E{errors.STATUS[name][0]:02X}", line, image)
    print(line)
    return line


def stage1(image, digits, **options):
    """Boot into stage 1's error: its four digits, on the screen only."""
    with Qemu(image, **options) as vm:
        until(lambda: stage1_error(vm.screen_text()), "stage 1's digits on the screen")
        assert stage1_error(vm.screen_text()) == digits, vm.screen_text()
        assert vm.serial == "", "stage 1 has no serial port"
    errors.record(digits[:2], digits, image)


def stage1_error(screen):
    """Stage 1's four characters on the screen, or None: it has no room for sentences."""
    found = re.search(r"(?m)^.*\b(E[BCD][0-9A-F]{2})$", screen)
    return found.group(1) if found else None
