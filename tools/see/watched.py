# SPDX-License-Identifier: MIT
"""A QEMU machine under full observation: stopped where we like, its RAM a file we look into, its
instructions counted by a plugin whose counter we read, its ports in a log we follow.

The machine is the one of tools/run, but for what would differ from run to run: no RDRAND, a clock
that counts instructions, a serial port that is a file.
"""
import mmap
import os
import pathlib

from see import points
from see.cpu_state import Cpu
from see.ram import Ram
from vmlib import gdbstub, paths
from vmlib.qemu import Qemu
from vmlib.screen import TEXT_BYTES, TEXT_PHYS, text_lines

COUNT_BYTES = 8
STILL_S = 5
FIRMWARE_LOOKS = 60  # of gdbstub.LOOK_S: a firmware needs one or two
MOST_INSTRUCTIONS = 100_000_000
MEMORY_MIB = 256
MACHINE, CPU, DISK = "q35", "max,rdrand=off,rdseed=off", "ide"
TRACED = ("memory_region_ops_read", "memory_region_ops_write")
# A `rep` is one instruction per iteration in every way of running it, and idle time costs nothing.
STEADY = ["-icount", "shift=0,sleep=off"]


class Watched:
    """The machine, stopped at the boot sector's first instruction. Use it with `with`.

    passed  addresses of which it shall be noted whether they run
    enter   also note which routines are entered, for code without symbols
    """

    def __init__(self, image, scratch, passed=(), enter=False):
        folder = pathlib.Path(scratch)
        self.image, self.cpu_model = pathlib.Path(image), CPU
        counter = folder / "count"
        counter.write_bytes(bytes(COUNT_BYTES))
        self.log_path = folder / "watch.log"
        words = [paths.BUILD / "tests/plugin/boot_watch.so", f"count={counter}"]
        words += ["enter=on"] if enter else []
        if passed:
            (folder / "passed").write_text("".join(f"{address:x}\n" for address in passed))
            words.append(f"pass={folder}/passed")
        extra = gdbstub.options(folder / "gdb") + STEADY
        extra += ["-d", "plugin", "-D", str(self.log_path)]
        self.vm = Qemu(image, machine=MACHINE, cpu=CPU, disk=DISK, memory=MEMORY_MIB, serial="file",
                       ram_file=folder / "ram", ram_shared=True, extra=extra,
                       plugin=",".join(map(str, words)))
        with open(counter, "rb") as file:
            self.counter = mmap.mmap(file.fileno(), COUNT_BYTES, prot=mmap.PROT_READ)
        self.stops = set()
        self.given_up = ""  # why it was stopped, if it was
        self.count_before, self.count_at_go, self.idle_looks = 0, 0, 0
        self.serial_at = 0
        self.ram = None
        try:
            self.begin(folder)
        except BaseException:
            self.__exit__()
            raise

    def begin(self, folder):
        """To the boot sector, and from there on everything is seen."""
        self.gdb = gdbstub.Gdb(folder / "gdb")
        self.reach_boot_sector()
        self.ram = Ram(folder / "ram")
        self.ram.changes()
        self.log = open(self.log_path, "rb")
        self.log.seek(0, os.SEEK_END)
        self.first_count = self.raw_count()
        for event in TRACED:
            self.vm.qmp.call("trace-event-set-state", name=event, enable=True)

    def reach_boot_sector(self):
        """ValueError when the firmware does not jump there."""
        self.gdb.stop_at(points.BOOT_SECTOR)
        left = iter(range(FIRMWARE_LOOKS))
        stopped = self.gdb.go(lambda: next(left, None) is None and self.gdb.interrupt())
        if not stopped or self.cpu().pc != points.BOOT_SECTOR:
            raise ValueError("the BIOS does not start it: is sector 0 a boot sector, with 55 AA at "
                             "its end?")
        self.gdb.pass_by(points.BOOT_SECTOR)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.ram:
            self.ram.close()
        self.vm.kill()

    def raw_count(self):
        return int.from_bytes(self.counter[:COUNT_BYTES], "little")

    def count(self):
        """Instructions outside the firmware since the boot sector's first."""
        return self.raw_count() - self.first_count

    def monitor(self, command):
        return self.vm.qmp.call("human-monitor-command", **{"command-line": command})

    def cpu(self):
        return Cpu.of(self.monitor("info registers"))

    def stop_at(self, address):
        if address not in self.stops:
            self.gdb.stop_at(address)
            self.stops.add(address)

    def pass_by(self, address):
        if address in self.stops:
            self.gdb.pass_by(address)
            self.stops.remove(address)

    def step(self):
        """One instruction; False when the machine ended. A `rep` is one for each iteration."""
        return self.gdb.ask("s").startswith("T")

    def go(self):
        """To the next stop; False when the machine ended.

        A machine that does nothing of its own any more is stopped where it is, and `given_up` says
        so; that needs a clock, and is not to the instruction.
        """
        self.idle_looks, self.count_at_go = 0, self.raw_count()
        return self.gdb.go(self.look_on)

    def look_on(self):
        """While it runs: has it come to an end that has no stop?"""
        count = self.raw_count()
        self.idle_looks = self.idle_looks + 1 if count == self.count_before else 0
        self.count_before = count
        if self.given_up:
            return
        if self.idle_looks * gdbstub.LOOK_S >= STILL_S:
            self.given_up = "nothing of its own runs any more"
        elif count - self.count_at_go > MOST_INSTRUCTIONS:
            self.given_up = f"nothing new comes within {MOST_INSTRUCTIONS:,} instructions"
        if self.given_up:
            self.gdb.interrupt()

    def memory(self, address, count):
        """At a linear address, as the CPU sees it now; short where nothing is mapped."""
        answer = self.gdb.ask(f"m{address:x},{count:x}")
        return b"" if answer.startswith("E") else bytes.fromhex(answer)

    def screen(self):
        path = self.vm.folder / "text.bin"
        self.vm.qmp.call("pmemsave", val=TEXT_PHYS, size=TEXT_BYTES, filename=str(path))
        return text_lines(path.read_bytes())

    def log_lines(self):
        """What the plugin and QEMU's trace wrote since the last call."""
        return self.log.read().decode().splitlines()

    def serial(self):
        """What came out of the serial port since the last call."""
        with open(self.vm.serial_path, "rb") as file:
            file.seek(self.serial_at)
            data = file.read()
        self.serial_at += len(data)
        return data.decode("utf-8", "replace").replace("\r\n", "\n")
