# SPDX-License-Identifier: MIT
"""What our commands in GDB have in common: help from their text, errors in words."""
import inspect

import gdb


def is_running():
    """Whether there is a machine to ask."""
    return bool(gdb.selected_inferior().threads())


class Command(gdb.Command):
    """A command of its own: the class has `name`, its docstring is what `help` says, run(text) works.

    on_machine  whether it needs a machine that still runs
    """
    name = ""
    on_machine = True
    all = []

    def __init__(self):
        self.__doc__ = inspect.cleandoc(type(self).__doc__)
        super().__init__(self.name, gdb.COMMAND_USER)
        Command.all.append(self)

    def invoke(self, text, from_tty):
        if self.on_machine and not is_running():
            raise gdb.GdbError("the machine is gone; leave with quit and start again")
        self.run(text.strip())

    def run(self, text):
        raise NotImplementedError


class Help(Command):
    """Our own commands, a line each; `help NAME` tells more."""
    name = "boot-help"
    on_machine = False

    def run(self, _):
        for command in Command.all:
            print(f"{command.name:12} {command.__doc__.splitlines()[0]}")
        print("GDB's own work in every mode: si ni step next finish bt x/i break watch layout asm ...")


class Serial(Command):
    """What the machine has said on its serial port since the last time this was asked."""
    name = "serial"
    on_machine = False

    def __init__(self, path):
        super().__init__()
        self.path, self.shown = path, 0

    def run(self, _):
        said = self.path.read_bytes()
        new, self.shown = said[self.shown:], len(said)
        print(new.decode("utf-8", "replace").replace("\r\n", "\n") or "nothing new")
