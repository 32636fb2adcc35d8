# SPDX-License-Identifier: MIT
"""A GDB as `tools/debug gdb` starts it, told what to do through a pipe, with its QEMU asked beside it:
what GDB prints can be held against what QEMU's own monitor says at the same moment."""
import os
import re
import subprocess
import tempfile

from see import qemu_state
from vmlib import gdbstub, paths
from vmlib.qemu import Qemu

END = "<end of the answer>"
ADDRESS_DIGITS = r"^=?>? *0x([0-9a-f]+)"
INSTRUCTION = re.compile(ADDRESS_DIGITS + r"[^:]*:\t([0-9a-f ]+)\t(.*)$", re.MULTILINE)
NOISE = "(gdb) "
GUARD_S = 60  # a sitting takes seconds


class Sitting:
    """Leave it with `with`. `vm` is the machine."""

    def __init__(self, step=1, image=paths.IMAGE, **options):
        self.folder = tempfile.TemporaryDirectory(prefix="coldstart-gdb-")
        extra = gdbstub.options(f"{self.folder.name}/gdb")
        self.vm = Qemu(image, extra=extra, cpu="max", machine="q35", disk="ide", **options)
        environment = {**os.environ, "COLDSTART_BUILD": str(paths.BUILD), "COLDSTART_STEP": str(step),
                       "COLDSTART_SCRATCH": self.folder.name, "COLDSTART_SERIAL": str(self.vm.serial_path),
                       "PYTHONPATH": f"{paths.SOURCE}/tools:{paths.SOURCE}/tests/vm",
                       "PYTHONDONTWRITEBYTECODE": "1"}
        command = ["timeout", str(GUARD_S), "gdb", "-q", "-nx", "-x", "tools/see/gdb_start.py"]
        self.process = subprocess.Popen(command, cwd=paths.SOURCE, env=environment, text=True,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.STDOUT)
        self.welcome = self.run("print 0")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()
        self.vm.kill()
        self.folder.cleanup()

    def run(self, *commands):
        """What GDB prints for some commands."""
        self.process.stdin.write("\n".join([*commands, f"echo \\n{END}\\n", ""]))
        self.process.stdin.flush()
        lines = []
        for line in self.process.stdout:
            if line.rstrip("\n").replace(NOISE, "") == END:
                return "".join(lines).replace(NOISE, "").removesuffix("\n")
            lines.append(line)
        raise AssertionError(f"GDB is gone: {''.join(lines)}\n{self.vm.tail()}")

    def number(self, expression):
        """An expression's value."""
        return int(self.run(f"output/x (unsigned long)({expression})").strip(), 16)

    def instructions(self, first, end):
        """{address: (bytes, text)} of GDB's disassembly."""
        text = self.run(f"disassemble /r {first:#x},{end:#x}")
        return {int(address, 16): (bytes.fromhex(raw), words)
                for address, raw, words in INSTRUCTION.findall(text)}

    @property
    def machine(self):
        """A see.expect.State from QEMU's monitor, past GDB."""
        return qemu_state.from_text(self.monitor("info registers"), self.read)

    def monitor(self, line):
        return self.vm.qmp.call("human-monitor-command", **{"command-line": line}).replace("\r", "")

    def read(self, address, count):
        """Physical memory, past GDB."""
        path = self.vm.folder / "memory.bin"
        self.vm.qmp.call("pmemsave", val=address, size=count, filename=str(path))
        return path.read_bytes()
