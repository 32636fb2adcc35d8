# SPDX-License-Identifier: MIT
"""Run an image and look at it at every point: the whole boot as data.

Twice: first only to learn which instructions read the clock, call the firmware or enter a routine,
then with a stop at each of them and at each point. RDTSC is answered with the count of our own
instructions: the only thing that the recorder changes in the machine, for the firmware's waits
make every real clock differ from run to run.
"""
import tempfile

from see import bios_calls, callers, points, traffic
from see.moment import Moments
from see.source import PARTS
from see.watched import Watched
from vmlib.gdbstub import REGISTER_RAX, REGISTER_RDX

FIRMWARE = range(0xA0000, 0x100000)
CALL, INTERRUPT = 0xE8, 0xCD
REPEATS = (0xF2, 0xF3)
PREFIXES = (*REPEATS, 0x26, 0x2E, 0x36, 0x3E, 0x64, 0x65, 0x66, 0x67)
LOW_HALF = 0xFFFFFFFF
CODE_BYTES = 16


class Survey:
    """What the first run finds: addresses."""

    def __init__(self, image, places):
        with tempfile.TemporaryDirectory(prefix="coldstart-survey-") as scratch, \
                Watched(image, scratch, places.labels,
                        enter=len(places.parts) < len(PARTS)) as machine:
            for address in places.ends():
                machine.stop_at(address)
            machine.go()
            lines = machine.log_lines()
        self.clocks = traffic.marked(lines, "clock")
        self.calls = traffic.marked(lines, "call")
        self.passed = traffic.marked(lines, "pass")
        self.enters = [address for address in traffic.marked(lines, "enter")
                       if not places.is_known(address)]


class Recorder:
    """One recording under way."""

    def __init__(self, machine, places, survey):
        self.machine, self.places = machine, places
        self.clocks, self.callers = set(survey.clocks), set(survey.calls)
        self.traffic = traffic.Traffic()
        # The survey stops at an end, so that it does not pass it.
        self.waiting = {*survey.passed, *survey.enters, *places.ends()}
        for address in (*self.clocks, *self.callers, *self.waiting):
            machine.stop_at(address)
        self.memory_map = []  # what the BIOS answered to E820: (base, length, type)
        self.calls = []  # made since the last point
        self.reads = []
        self.open = []  # calls that have not come back
        self.geometry = None
        self.stepping = False
        self.resume = None  # behind a call or a rep, where single steps go on
        self.moments = Moments(machine, places)
        self.seen = set()
        self.end = ""  # why the recording ends where it does

    def run(self):
        """Every point, in order."""
        cpu = self.machine.cpu()
        while cpu:
            cpu = self.at(cpu)
        return self.moments.points

    def ending(self):
        """Why the recording ends, and what still came out behind the last point."""
        return {"why": self.end or "the machine ended by itself", "total": self.machine.count(),
                "serial": self.machine.serial()}

    def at(self, cpu):
        """Look at one stop; the next one's CPU, or None at the end."""
        pc = cpu.pc
        self.come_back(cpu, pc)
        self.end = points.ENDS.get(self.places.labels.get(pc)) or self.machine.given_up
        if self.end:
            self.look(cpu, pc, "end")
            return None
        if self.is_point(pc):
            self.look(cpu, pc, None)
        if pc in self.clocks:
            return self.tell_time()
        if pc in self.callers:
            return self.call(cpu, pc)
        return self.move(cpu, pc)

    def is_point(self, pc):
        if pc in self.seen:
            return False
        return pc in self.waiting or self.stepping and self.places.is_stepped(pc) or \
            self.moments.is_kernel_entry(pc)

    def look(self, cpu, pc, kind):
        self.seen.add(pc)
        ports = self.traffic.ports(self.machine.log_lines())
        self.moments.add(cpu, pc, kind, ports, self.calls, self.reads)
        self.calls, self.reads = [], []
        self.waiting.discard(pc)
        label = self.places.labels.get(pc)
        if label == "long_mode_enter" or pc == points.HANDOFF_BASE:
            self.stepping = True
        if self.stepping and self.places.file(pc).endswith(".c"):
            self.stepping = False
        if pc not in self.clocks and pc not in self.callers:
            self.machine.pass_by(pc)

    def move(self, cpu, pc):
        """To the next stop."""
        if self.stepping and self.places.is_stepped(pc):
            return self.single(cpu, pc)
        if pc in self.machine.stops:
            if not self.machine.step():
                return None
            cpu = self.machine.cpu()
            if cpu.pc in self.machine.stops:
                return cpu
        return self.machine.cpu() if self.machine.go() else None

    def single(self, cpu, pc):
        """One instruction; a call or a rep is let run to its end, with stops inside."""
        code = self.machine.memory(pc, CODE_BYTES)
        length = whole(code, cpu.bits)
        if length:
            self.machine.stop_at(pc + length)
            self.resume = pc + length
            if pc not in self.clocks | self.callers:
                self.machine.pass_by(pc)
            if pc in self.machine.stops:
                self.machine.step()
                return self.machine.cpu()
            return self.machine.cpu() if self.machine.go() else None
        return self.machine.cpu() if self.machine.step() else None

    def tell_time(self):
        """Let RDTSC run, then put our own count in the place of its answer."""
        if not self.machine.step():
            return None
        time = self.machine.count()
        self.machine.gdb.set_register(REGISTER_RAX, time & LOW_HALF)
        self.machine.gdb.set_register(REGISTER_RDX, time >> 32)
        return self.machine.cpu()

    def call(self, cpu, pc):
        """An INT, or a far jump that may lead into the firmware."""
        code = self.machine.memory(pc, 2)
        if cpu.mode != "real":
            return self.machine.cpu() if self.machine.step() else None
        if code[0] == INTERRUPT:
            return self.leave(bios_calls.Call(code[1], cpu, pc, pc + 2, self.machine.ram.read))
        stack = self.machine.ram.read(cpu.linear("ss", "rsp"), 4)
        if not self.machine.step():
            return None
        inside = self.machine.cpu()
        if inside.pc not in FIRMWARE:
            return inside
        vector = bios_calls.vector_at(self.machine.ram.read, inside.segments["cs"].selector,
                                      inside["rip"])
        back = int.from_bytes(stack[:2], "little") + (int.from_bytes(stack[2:], "little") << 4)
        cpu.registers["rax"] = inside["rax"]
        return self.leave(bios_calls.Call(vector, cpu, pc, back, self.machine.ram.read), inside)

    def leave(self, call, inside=None):
        """Into the firmware, to the next stop outside."""
        self.open.append(call)
        self.machine.stop_at(call.back)
        if not inside and not self.machine.step():
            return None
        return self.machine.cpu() if self.machine.go() else None

    def come_back(self, cpu, pc):
        """Finish the calls that return here."""
        while self.open and self.open[-1].back == pc:
            call = self.open.pop()
            told = call.told(cpu)
            self.geometry = call.geometry(cpu) or self.geometry
            request = call.read_request(self.geometry)
            if request:
                self.read(call, request, cpu)
            if call.key == bios_calls.MEMORY_MAP:
                self.memory_map.append(call.memory_range(cpu, self.machine.ram.read))
            self.add_call(call, told)
            if pc not in self.waiting and pc not in self.clocks | self.callers and pc != self.resume:
                self.machine.pass_by(pc)

    def add_call(self, call, told):
        """Characters in a row are one entry, with their text."""
        if call.key == bios_calls.TELETYPE:
            letter = bytes([call.ax & 0xFF]).decode("cp437") if call.ax & 0xFF >= 32 else \
                chr(call.ax & 0xFF)
            last = self.calls[-1] if self.calls else {}
            if "text" in last:
                last["times"] += 1
                last["text"] += letter
                return
            told["text"] = letter
        self.calls.append(told)

    def read(self, call, request, after):
        lba, count, address = request
        self.reads.append({"lba": lba, "count": count, "address": hex(address),
                           "status": 0 if not after["rflags"] & 1 else after["rax"] >> 8 & 0xFF,
                           "who": self.who(call)})

    def who(self, call):
        """{file, line, function, chain}: the C that asked, or the label."""
        where = self.places.line(call.address) or ("", 0)
        told = {"function": self.places.name(call.address), "file": where[0], "line": where[1]}
        kept = self.places.data("long_stack")
        stack = int.from_bytes(self.machine.ram.read(kept, 4), "little") if kept else 0
        trips = self.places.labels.get(call.address, "") or where[0].startswith("stage2/real/service")
        if stack and trips:
            found = callers.chain(self.places, self.machine.ram.read, stack)
            outer = [one for one in found if one[1].startswith("stage2/") and one[1].count("/") == 1
                     and one[1].endswith(".c")]
            if outer:
                told = dict(zip(("function", "file", "line"), outer[0]))
            told["chain"] = [one[0] for one in found]
        return told


def whole(code, bits):
    """The length of a call or a repeated instruction, else 0: what is let run to its end."""
    at = 0
    repeated = False
    while code[at] in PREFIXES or bits == 64 and code[at] & 0xF0 == 0x40:
        repeated = repeated or code[at] in REPEATS
        at += 1
    if repeated:
        return at + 1
    if code[at] == CALL:
        return at + (3 if bits == 16 and 0x66 not in code[:at] else 5)
    return 0


