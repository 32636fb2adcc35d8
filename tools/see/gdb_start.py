# SPDX-License-Identifier: MIT
"""Makes a GDB that tools/debug starts know the boot: symbols, machine, instructions, frames, commands.

Run by gdb -x, in the project's root. The environment says where things are: COLDSTART_BUILD the build
folder, COLDSTART_SCRATCH a folder of this sitting with QEMU's socket `gdb`, COLDSTART_SERIAL what the
machine says on its serial port, COLDSTART_STEP where to go first.
"""
import os
import pathlib

import gdb
import gdb.disassembler
import gdb.unwinder

from see import (gdb_answers, gdb_code, gdb_command, gdb_frames, gdb_machine, gdb_steps, gdb_symbols,
                 gdb_tables, source, steps)

SETTINGS = ("set confirm off", "set pagination off", "set architecture i386:x86-64",
            "set disassemble-next-line off", "set print demangle off", "set remotetimeout 30")


def load_symbols(build, scratch):
    for path in gdb_symbols.make(build, scratch):
        gdb.execute(f"add-symbol-file {path}", to_string=True)


def connect(scratch):
    """To QEMU, which stands before its first instruction."""
    gdb.execute(f"target remote | /usr/bin/python3 -m see.gdb_proxy '{scratch}/gdb'", to_string=True)


def leave(_):
    """QEMU ends with GDB."""
    if gdb_command.is_running():
        gdb.execute("kill", to_string=True)


def greet(step):
    print(f"Coldstart, step by step. boot-help lists the commands; now: to step {step.number}, {step.label}.")


def start():
    build, scratch = (pathlib.Path(os.environ[name]) for name in ("COLDSTART_BUILD", "COLDSTART_SCRATCH"))
    step = steps.find(os.environ["COLDSTART_STEP"])
    for setting in SETTINGS:
        gdb.execute(setting, to_string=True)
    gdb.execute(f"directory {source.ROOT}", to_string=True)
    load_symbols(build, scratch)
    connect(scratch)
    symbols = source.Symbols.of_build(build)
    machine = gdb_machine.Machine()
    machine.code = gdb_code.Code(machine)
    gdb.disassembler.register_disassembler(gdb_code.Disassembler(machine.code))
    gdb.unwinder.register_unwinder(None, gdb_frames.Unwinder(machine.code, symbols))
    journey = gdb_steps.Journey(machine, symbols)
    gdb_command.Help()
    gdb_command.Serial(pathlib.Path(os.environ["COLDSTART_SERIAL"]))
    gdb_steps.register(journey)
    gdb_tables.register(machine)
    gdb_answers.register(journey)
    gdb.events.gdb_exiting.connect(leave)
    greet(step)
    gdb.execute(f"stop-at {step.number}")


start()
