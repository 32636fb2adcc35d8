# SPDX-License-Identifier: MIT
"""Run an image twice in QEMU and bring home what happened: the way that it took, then the CPU's state
along that way. The second run is the first one again to the instruction (-icount).
"""
import collections
import contextlib
import dataclasses
import os
import pathlib
import tempfile
import time

from see.explain import log, opcodes
from see.explain.path import ENDS, FILE_BYTES, Path
from vmlib import paths
from vmlib.machine import Hang
from vmlib.qemu import Qemu

PLUGIN = paths.BUILD / "tests/plugin/boot_path.so"
NEW_LIMIT, TOTAL_LIMIT, HALT_LIMIT = 8_000_000, 600_000_000, 60
LIMITS = f",new={NEW_LIMIT},total={TOTAL_LIMIT},halts={HALT_LIMIT}"
MEMORY_MIB = 64
POLL_S, GUARD_S, SLEEP_POLLS, ASK_EVERY = 0.01, 120, 20, 20
NO_BOOT = "No bootable device"  # SeaBIOS
# Firmware instructions that are noted too: where unhandled vectors of SeaBIOS return.
DEFAULT_HANDLER = 0xFFF53
FILTER_STATES, OFTEN, NEAR = 12_000, 400, 16
FIRST_STEPS = 200
AFTER_END = 400  # steps that the second run goes on in a loop


@dataclasses.dataclass
class Run:
    """What one run left behind."""

    ended: str  # triple fault, reset, halted, ... or one of path.ENDS
    path: Path
    state: log.State  # at the end; None when QEMU was gone
    ram: bytes
    screen: list
    serial: str
    e9: str
    log: str = ""
    complaints: str = ""

    @property
    def output(self):
        return "\n".join(self.screen) + self.serial + self.e9


class Explored(Qemu):
    """A QEMU whose path is noted, and which stays for questions after its end."""

    def __init__(self, image, folder, floppy=False, rom=None, junk=None, plugin="", extra=()):
        self.path_file = pathlib.Path(folder) / "path"
        self.ram_file = pathlib.Path(folder) / "ram"
        self.ram_file.unlink(missing_ok=True)
        with open(self.ram_file, "wb") as ram:
            if junk:
                ram.write(junk * (MEMORY_MIB * 1024 * 1024 // len(junk)))
            ram.truncate(MEMORY_MIB * 1024 * 1024)
        options = f"{PLUGIN},out={self.path_file},also={DEFAULT_HANDLER:x}{plugin}"
        super().__init__(
            image,
            disk="floppy" if floppy else "ide",
            memory=MEMORY_MIB,
            plugin=options,
            ram_file=self.ram_file,
            ram_shared=True,
            rom=rom,
            guard=GUARD_S,
            extra=["-no-shutdown", "-icount", "shift=7,sleep=off", *extra],
        )

    def monitor(self, line):
        return self.qmp.call("human-monitor-command", **{"command-line": line})

    def follow(self):
        """Until the run is over; what its end was."""
        while not self.path_file.exists() or self.path_file.stat().st_size < FILE_BYTES:
            if self.ended() or time.monotonic() > self.deadline:
                raise Hang(self.tail())
            time.sleep(POLL_S)
        path, still, last = Path(self.path_file), 0, None
        while not self.ended():
            header = path.header()
            if header["end"]:
                return path, ENDS[header["end"]]
            now = (header["steps"], header["total"])
            still = still + 1 if now == last and (header["started"] or header["asleep"]) else 0
            last = now
            if not header["started"] and self.gave_up():
                return path, "no boot"
            if still >= SLEEP_POLLS:
                end = self.why_still()
                if end:
                    return path, end
                still = 0
            if time.monotonic() > self.deadline:
                return path, "guard"
            time.sleep(POLL_S)
        return path, "left"

    def gave_up(self):
        """Whether the BIOS says that it found nothing to boot; asked now and then."""
        self.asked = getattr(self, "asked", 0) + 1
        return self.asked % ASK_EVERY == 0 and any(NO_BOOT in line for line in self.screen_lines())

    def why_still(self):
        """The machine does nothing: because it fell, or because its CPU sleeps for ever."""
        if self.qmp.call("query-status")["status"] == "shutdown":
            return "reset"
        now = log.State(self.monitor("info registers"))
        return "halted" if now.halted and not now.interrupts else None

    def bring_home(self):
        path, ended = self.follow()
        if ended in ("left", "guard"):
            state, screen, ram = None, [], self.ram_file.read_bytes()
        else:
            self.qmp.call("stop")
            state = log.State(self.monitor("info registers"))
            screen, ram = self.screen_lines(), self.ram_file.read_bytes()
        run = Run(ended, path, state, ram, screen, self.serial, self.e9)
        run.complaints = self.emulator_log
        return run


def behind_another(image, folder):
    """QEMU's arguments for the image as the second disk, and an empty first one."""
    empty = pathlib.Path(folder) / "empty"
    empty.touch()
    os.truncate(empty, os.stat(image).st_size)
    return empty, [
        "-drive",
        f"file={image},format=raw,if=none,id=second,snapshot=on",
        "-device",
        "ide-hd,bus=ide.0,unit=1,drive=second",
    ]


def explore_once(image, second=False, **options):
    """One run, for what it came to; `second`: the image is not the first disk."""
    place = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    with tempfile.TemporaryDirectory(dir=place) as folder:
        if second:
            image, options["extra"] = behind_another(image, folder)
        with Explored(image, folder, plugin=LIMITS, **options) as machine:
            return machine.bring_home()


def explore(image, **options):
    """Both runs of an image, as one Run."""
    with contextlib.ExitStack() as stack:
        # Where files in memory are possible, mapping them costs no disk.
        place = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
        first_folder = stack.enter_context(tempfile.TemporaryDirectory(dir=place))
        second_folder = stack.enter_context(tempfile.TemporaryDirectory(dir=place))
        with Explored(image, first_folder, plugin=LIMITS, **options) as machine:
            run = machine.bring_home()
        if not run.path.header()["started"]:
            run.ended = "no boot"
            return run
        name = pathlib.Path(second_folder) / "log"
        extra = [
            "-singlestep",
            "-d",
            "int,cpu,cpu_reset,nochain",
            "-D",
            str(name),
            "-dfilter",
            filter_text(run.path),
        ]
        limits = f"{LIMITS},guest={last_wanted(run)}"
        with Explored(image, second_folder, plugin=limits, extra=extra, **options) as machine:
            again = machine.bring_home()
        again.path.close()
        run.log = name.read_text(errors="replace")
        if run.ended == "reset" and "Triple fault" in run.log:
            run.ended = "triple fault"
        return run


def last_wanted(run):
    """The step up to which states are wanted: of an endless loop a little is enough."""
    header = run.path.header()
    endless = run.ended in ENDS[1:]
    return min(header["steps"], header["newest"] + AFTER_END if endless else header["steps"]) + AFTER_END


def chosen(path):
    """The places whose states are wanted: all the telling ones, then the rare ones."""
    places = [place for place in path.places.values() if not place.repeats or place.executions < OFTEN]
    telling = [place for place in places if opcodes.is_telling(place.code) and place.executions < OFTEN]
    wanted = {place.number for place in telling}
    wanted |= {
        number for number in followers(path, wanted) if path.places[number].executions < OFTEN * 10
    }
    wanted |= {
        place.number for place in places if place.first_step < FIRST_STEPS and place.executions < OFTEN
    }
    total = 0
    for place in sorted(places, key=lambda place: place.executions):
        total += place.executions
        if total > FILTER_STATES:
            break
        wanted.add(place.number)
    return wanted


def followers(path, wanted):
    """The places that ran right after one of these, at any time while something was new."""
    marked = bytearray(max(path.places) + 1)
    for number in wanted:
        marked[number] = 1
    new = path.way[: path.header()["newest"] + 1]
    return {after for before, after in zip(new, new[1:]) if marked[before]}


def filter_text(path):
    """QEMU's -dfilter for the chosen places, neighbours joined."""
    wanted = {path.places[number].address for number in chosen(path)}
    often = collections.Counter()
    for place in path.places.values():
        often[place.address] += place.executions
    unwanted = {
        address for address, count in often.items() if address not in wanted or count > OFTEN * 10
    }
    ranges = []
    for address in sorted(wanted - unwanted):
        # One range for neighbours, unless what lies between them runs often.
        near = ranges and address - ranges[-1][1] < NEAR
        if near and not any(at in unwanted for at in range(ranges[-1][1], address)):
            ranges[-1][1] = address + 1
        else:
            ranges.append([address, address + 1])
    return ",".join(f"{first:#x}..{end - 1:#x}" for first, end in ranges)
