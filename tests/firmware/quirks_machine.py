# SPDX-License-Identifier: MIT
"""Q55 to Q67: the A20 line, the keyboard controller, the CPU's modes, time."""
import re

from vmlib import paths, symbols

from trial import BOCHS, HOST, QEMU, Quirk, Trial, extra

A20 = "stage2/real/a20.asm:"
KEYBOARD = "stage2/real/keyboard.asm:"
MODE = "stage2/mode.asm:"
ALIGNMENT = 16
BY_BIOS = (r"A20 +opened by the BIOS",)
BY_PORT_92 = (r"A20 +opened by port 92h",)
BY_KEYBOARD = (r"A20 +opened by the keyboard controller",)
TRACE = ["-trace", "pckbd_kbd_write_command", "-trace", "pckbd_kbd_write_data", "-trace",
         "port92_write", "-trace", "pckbd_kbd_read_data"]
traced = extra(*TRACE)
# Ticks of the clock come by instructions, not by the host's time: a fast host would run out of patience.
paced = extra("-icount", "shift=6,sleep=off")
# The device that reads in 16-bit code: with A20 really closed, SeaBIOS's others fail, not we.
KEYBOARD_ONLY = {"options": {"disk": "ide"}, "qemu": traced, "emulators": (QEMU,),
                 "says": BY_KEYBOARD}
# Kilobytes a second: a boot reads some 300 KiB.
SLOW = {"drive_options": "throttling.bps-read=400000"}


def pokes(result):
    """What was written to the two ports of the A20 line, in order: [(port, value)]."""
    found = re.findall(r"(?m)^(?:\d+@[\d.]+:)?(pckbd_kbd_write_command|pckbd_kbd_write_data|"
                       r"port92_write)\b.*?0x([0-9a-f]+)", result.found.emulator)
    names = {"pckbd_kbd_write_command": 0x64, "pckbd_kbd_write_data": 0x60, "port92_write": 0x92}
    return [(names[event], int(value, 16)) for event, value in found]


def null_command_follows(result):
    """D1h, DFh, and then FFh; never the reset line."""
    written = pokes(result)
    opened = [place for place in range(len(written))
              if written[place:place + 2] == [(0x64, 0xD1), (0x60, 0xDF)]]
    assert opened, f"the keyboard controller was not asked: {written[-8:]}"
    assert written[opened[-1] + 2:opened[-1] + 3] == [(0x64, 0xFF)], "no null command"
    no_reset(result)


def drained_first(result):
    """The byte that waits is read before the controller is asked anything."""
    log = result.found.emulator
    waits = log.rindex("0xd2")  # the hostile firmware's last command
    assert re.search(r"(?s)pckbd_kbd_read_data.*?0x1c\b.*pckbd_kbd_write_command.*?0xd1\b",
                     log[waits:]), "the byte was left in the controller"


def no_reset(result):
    assert all(value & 1 == 0 for port, value in pokes(result) if port == 0x92), "port 92h bit 0"


def no_keyboard_poke(result):
    """Port 92h was enough: the keyboard controller is left alone."""
    written = pokes(result)
    assert (0x92, 2) in written, f"port 92h was not written: {written}"
    assert (0x64, 0xD1) not in written, "the keyboard controller was poked"
    no_reset(result)


def check_descriptors():
    places = symbols.table(paths.BUILD / "stage2.sym")
    for name in ("gdt", "tss"):
        assert places[name] % ALIGNMENT == 0, f"{name} is not aligned to {ALIGNMENT} bytes"
    assert places["gdt_register"] % 4 == 0, "LGDT's operand is not aligned"


QUIRKS = [
    Quirk(55, "AX=2401h lies, acts late, or changes the flags", (A20 + "by_bios",),
          (Trial("lies", "Q55_LIES", says=BY_PORT_92),
           Trial("refuses", "Q55_REFUSES", says=BY_PORT_92),
           Trial("late", "Q55_LATE", qemu=paced, says=BY_BIOS), Trial("flags", "Q55_FLAGS", says=BY_BIOS))),
    Quirk(56, "no keyboard controller", (KEYBOARD + "real_a20_by_keyboard",),
          (Trial("no-i8042", emulators=(QEMU,), options={"machine": "q35,i8042=off"}),),
          "emulated stage 2: q56; QEMU leaves out port 92h too, so A20 cannot be closed there"),
    Quirk(57, "poking the keyboard controller hangs the machine: port 92h comes first",
          (A20 + "open_a20",),
          (Trial("port-92-first", "Q55_REFUSES", emulators=(QEMU,), qemu=traced, says=BY_PORT_92,
                 check=no_keyboard_poke),), "emulated stage 2: q57"),
    Quirk(58, "USB legacy emulation wants a null command behind A20's",
          (KEYBOARD + "real_a20_by_keyboard",),
          (Trial("null-command", "Q58_KEYBOARD_ONLY", check=null_command_follows,
                 **KEYBOARD_ONLY),)),
    Quirk(59, "port 92h bit 0 resets the machine, and may read as 1", (A20 + "by_port_92",), (),
          "emulated stage 2: q59; no emulated port 92h reads so, and what is written to it is "
          "watched in Q57 and Q58"),
    Quirk(60, "the A20 line takes its time", (A20 + "real_a20_is_on",),
          (Trial("settles", "Q60_SETTLES", qemu=paced, says=BY_BIOS),)),
    Quirk(61, "a byte waits in the keyboard controller", (KEYBOARD + "ready",),
          (Trial("byte-left", "Q61_BYTE_LEFT", check=drained_first, **KEYBOARD_ONLY),)),
    Quirk(62, "a BIOS call loads GDTR and IDTR", (MODE + "up",), (Trial("tables", "Q62_TABLES"),)),
    Quirk(63, "a GDT that is not aligned, or moves", ("stage2/descriptors.asm:gdt",),
          (Trial("aligned", check=check_descriptors, emulators=(HOST,)),)),
    Quirk(64, "a BIOS call leaves by way of protected mode, and unreal mode is gone",
          (MODE + "mode_trip",), (Trial("protected-mode", "Q64_PROTECTED_MODE"),)),
    Quirk(65, "segment limits are checked", (), (Trial("limits", emulators=(BOCHS,)),)),
    Quirk(66, "an interrupt or NMI comes during a change of mode",
          (MODE + "mode_trip", "stage2/descriptors.asm:tss"),
          (Trial("fast-clock", "Q66_FAST_CLOCK"),), "tested by vm.nmi"),
    Quirk(67, "the firmware steals time", (A20 + "TRIES_SETTLE",),
          (Trial("slow", "Q67_SLOW"), Trial("slow-disk", emulators=(QEMU,), options=SLOW))),
]
