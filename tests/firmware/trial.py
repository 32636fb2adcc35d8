# SPDX-License-Identifier: MIT
"""What a quirk's trial is, and how one is tried: boot with some bad firmware, see how it ends.
"""
import dataclasses
import functools
import random
import re
import threading
import typing

from vmlib import images, outcome, paths, rom

QEMU, BOCHS, HOST = "qemu", "bochs", "host"
BOTH = (QEMU, BOCHS)
MEMORY_MIB = {QEMU: 64, BOCHS: 32}
READY = "ready"
# Instructions after which a boot that hangs on purpose is ended.
HANG_LIMIT = {QEMU: 200_000_000, BOCHS: 60_000_000}
LIMIT = {QEMU: outcome.WATCHDOG, BOCHS: outcome.BOCHS_WATCHDOG}
GUARD_S = {QEMU: 40, BOCHS: 90}  # a boot takes one second, or four, where nothing else runs
POISON_LIMIT = 300_000_000  # more, to fill that little memory
MODULE, MODULE_BYTES = "/boot/data.bin", 1_000_000
LOCK = threading.Lock()


@dataclasses.dataclass(frozen=True)
class Trial:
    """One way to meet a quirk.

    switches   of the hostile firmware
    image      a function that gives the image; the shipped one by default
    options    for both emulators; qemu, bochs: for one of them
    emulators  where it can be tried; HOST: `check` alone, on the shipped image, without a boot
    ends       `ready` (its self-tests passed), `error Exx`, `stage1 Exxx`, `no boot`, `hang`
    says       regular expressions that the serial text must match
    check      more to look at: check(Result), which asserts
    """

    name: str
    switches: str = ""
    image: typing.Callable = None
    options: dict = dataclasses.field(default_factory=dict)
    qemu: typing.Callable = dict
    bochs: typing.Callable = dict
    emulators: tuple = BOTH
    ends: str = READY
    says: tuple = ()
    check: typing.Callable = None


@dataclasses.dataclass(frozen=True)
class Quirk:
    """One row of the catalogue.

    workaround  places in the source, `file:label`, which carry the number
    trials      how it is reproduced
    elsewhere   what else tests it, or why nothing can reproduce it
    """

    number: int
    title: str
    workaround: tuple = ()
    trials: tuple = ()
    elsewhere: str = ""


@dataclasses.dataclass
class Result:
    """A boot that ended, for a check to look at."""

    found: outcome.Outcome
    memory_mib: int

    @property
    def serial(self):
        return self.found.serial

    def ram_kib(self):
        """What the firmware left of the RAM: free, or taken by the loader and the kernel."""
        return sum(last - first + 1 for first, last, kind in self.ranges()
                   if kind in ("usable", "loader", "kernel")) // 1024

    def ranges(self):
        """The map as judged: [(first, last, type)]."""
        rows = re.findall(r"(?m)^  0x(\w{16}) 0x(\w{16}) +\d+  (.+)$", self.serial)
        return [(int(first, 16), int(last, 16), kind) for first, last, kind in rows]

    def at(self, phys):
        """What the judged map says of an address."""
        return next((kind for first, last, kind in self.ranges() if first <= phys <= last), "unknown")


def all_usable(result):
    """But for what the firmware keeps: less than 1 MiB."""
    assert result.ram_kib() > (result.memory_mib - 1) * 1024, "memory was lost"


def complaints(trial, result):
    """What is wrong with an end, in words."""
    found = result.found
    end = f"{found.kind} {found.code}".strip()
    if end != trial.ends:
        yield f"ended with {found}, not with {trial.ends}"
        yield "...\n" + "\n".join((found.serial or found.screen).splitlines()[-12:])
        return
    yield from (f"the boot path {offence}" for offence in rom.offences(found.e9))
    yield from (f"does not say {text!r}" for text in trial.says
                if not re.search(text, found.serial))
    if trial.check:
        try:
            trial.check(result)
        except AssertionError as error:
            yield str(error) or f"fails {trial.check.__name__}"


@functools.lru_cache(maxsize=None)
def shipped():
    return paths.IMAGE


def image_of(trial):
    """Images are made once, and one at a time."""
    with LOCK:
        return (trial.image or shipped)()


def options_of(trial, emulator):
    options = {"memory": MEMORY_MIB[emulator], "guard": GUARD_S[emulator], **trial.options}
    never_ends = trial.ends in ("hang", "no boot") or trial.ends.startswith("stage1")
    options["limit"] = (HANG_LIMIT if never_ends else LIMIT)[emulator]
    if "POISON_" in trial.switches:
        options["limit"] += POISON_LIMIT
    if trial.switches:
        options["rom"] = rom.make(*trial.switches.split())
    with LOCK:
        options.update((trial.qemu if emulator == QEMU else trial.bochs)())
    return options


def attempt(trial, emulator):
    """Try it: (what it came to, what is wrong with that)."""
    if emulator == HOST:
        try:
            trial.check()
        except AssertionError as error:
            return "lint", [str(error) or f"fails {trial.check.__name__}"]
        return "lint", []
    boot = outcome.of if emulator == QEMU else outcome.of_bochs
    options = options_of(trial, emulator)
    found = boot(image_of(trial), selftest=trial.ends == READY, **options)
    result = Result(found, options["memory"])
    return str(found), list(complaints(trial, result))


@functools.lru_cache(maxsize=None)
def with_config(text):
    """The image with another coldstart.cfg."""
    return images.changed(config=text)


@functools.lru_cache(maxsize=None)
def with_module():
    """The image with a module long enough for the longest calls there are, and its checksum."""
    data = images.store(random.Random(1).randbytes(MODULE_BYTES))
    config = images.config("", module=MODULE, crc32c=f"{MODULE} {images.crc32c(data)}")
    return images.changed(config=config, files={MODULE: data})


def extra(*words):
    """Options of QEMU, as a trial's `qemu`."""
    return lambda: {"extra": list(words)}
