# SPDX-License-Identifier: MIT
"""tools/serve as a test runs it: on free ports of 127.0.0.1, with a temporary folder to look into.
"""
import dataclasses
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess

import pytest

from vmlib import paths
from vmlib.boots import until
from vmlib.qemu import HOST

SERVE = paths.SOURCE / "tools/serve"
END_GUARD_S = 20
READ = re.compile(r'^(\S+) 206 (\d+) "GET /(\S+) HTTP/1\.1" bytes=(\d+)-(\d+)$', re.MULTILINE)


def ipxe_rom():
    """The ROM of QEMU's network card e1000, which is iPXE; None: it is not installed."""
    listed = subprocess.run(["qemu-system-x86_64", "-machine", "none", "-L", "help"], text=True,
                            capture_output=True, check=True)
    roms = (pathlib.Path(folder, "pxe-e1000.rom") for folder in listed.stdout.split())
    return next((rom for rom in roms if rom.exists()), None)


def need(*programs):
    """Skip, with the reason, where a server or iPXE's ROMs are not installed."""
    for program in programs:
        if shutil.which(program, path=os.environ["PATH"] + ":/usr/sbin") is None:
            pytest.skip(f"{program} is not installed")
    if ipxe_rom() is None:
        pytest.skip("QEMU's iPXE ROMs are not installed")


def free_ports(count):
    """Ports of 127.0.0.1 that nobody has now."""
    held = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [one.getsockname()[1] for one in held]
    for one in held:
        one.close()
    return ports


@dataclasses.dataclass
class Read:
    """One range that a machine asked for."""
    who: str
    bytes: int
    image: str
    first: int
    last: int


class Served:
    """A running tools/serve; leave it with `with`, and it is ended as by Ctrl-C.

    folder  an empty one: its temporary files, and what it said
    """

    def __init__(self, folder, *options, images=()):
        self.port, self.iscsi_port = free_ports(2)
        self.folder = pathlib.Path(folder)
        self.scratch = self.folder / "tmp"
        self.scratch.mkdir()
        self.output_path = self.folder / "output"
        self.log = self.folder / "requests"
        words = [SERVE, "--port", self.port, "--iscsi-port", self.iscsi_port, "--log", self.log,
                 *options]
        for image in images:
            words += ["--image", image]
        with open(self.output_path, "wb") as output:
            self.process = subprocess.Popen(
                [str(word) for word in words], stdin=subprocess.DEVNULL, stdout=output,
                stderr=subprocess.STDOUT, start_new_session=True,
                env={**os.environ, "TMPDIR": str(self.scratch)})

    def __enter__(self):
        until(lambda: "Ctrl-C ends it" in self.output or self.process.poll() is not None,
              "tools/serve serves")
        assert self.process.poll() is None, self.output
        return self

    def __exit__(self, *_):
        self.end()

    @property
    def output(self):
        return self.output_path.read_text()

    @property
    def script(self):
        return f"http://{HOST}:{self.port}/boot.ipxe"

    def copies(self):
        """{name: contents} of all that machines can read."""
        return {path.name: path.read_bytes() for path in self.scratch.glob("*/files/*")}

    def reads(self):
        """What was read by HTTP; complete when it has ended."""
        return [Read(who, int(size), image, int(first), int(last))
                for who, size, image, first, last in READ.findall(self.log.read_text())]

    def end(self, sign=signal.SIGINT):
        """Its exit status."""
        if self.process.poll() is None:
            self.process.send_signal(sign)
        try:
            return self.process.wait(END_GUARD_S)
        finally:
            if self.process.poll() is None:
                os.killpg(self.process.pid, signal.SIGKILL)
