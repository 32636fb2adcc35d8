# SPDX-License-Identifier: MIT
"""A virtual machine that runs: waiting for what it says, and ending it for certain.

A wait ends when the text is there or the machine is gone. The guard is only there so that a hang
does not hang the tests; no test takes its expiry for an answer.
"""
import os
import pathlib
import re
import signal
import subprocess
import time

HANG_GUARD_S = 180
POLL_S = 0.02


class Hang(AssertionError):
    """A machine neither said what was expected nor ended."""


class Machine:
    """A started emulator whose serial port and port E9h go to files.

    line  the Line its serial port is on
    """

    def __init__(self, command, folder, line, guard=HANG_GUARD_S):
        self.folder = pathlib.Path(folder)
        self.serial_path = self.folder / "serial.log"
        self.e9_path = self.folder / "e9.log"
        self.line = line
        self.has_serial = True
        self.guard = guard
        self.command = [str(word) for word in command]
        self.deadline = time.monotonic() + guard
        self.output = open(self.folder / "emulator.log", "wb")
        # Its own session: the emulator and the `timeout` in front of it are ended together.
        self.process = subprocess.Popen(
            ["timeout", "-k", "2", str(guard + 10), *self.command], stdin=subprocess.DEVNULL,
            stdout=self.output, stderr=subprocess.STDOUT, start_new_session=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.kill()

    @property
    def serial(self):
        return read_text(self.serial_path)

    @property
    def said(self):
        """The serial log, or port E9h's where there is no serial port."""
        return self.serial if self.has_serial else self.e9

    @property
    def e9(self):
        return read_text(self.e9_path)

    @property
    def emulator_log(self):
        return read_text(self.folder / "emulator.log")

    def wait_for(self, pattern, guard=None):
        """The match of `pattern` in the serial log, as soon as it is there."""
        deadline = min(self.deadline, time.monotonic() + (guard or self.guard))
        while True:
            ended = self.ended()
            found = re.search(pattern, self.serial)
            if found:
                return found
            if ended or time.monotonic() > deadline:
                reason = "the machine ended" if ended else "nothing for too long"
                raise Hang(f"{reason} before {pattern!r}\n{self.tail()}")
            time.sleep(POLL_S)

    def ended(self):
        """Whether it is gone; then the logs have all that it said."""
        if self.process.poll() is None:
            return False
        self.line.hang_up()
        return True

    def type(self, text):
        """Send text to the guest's serial port."""
        self.line.send(text)

    def wait_exit(self):
        """The emulator's exit status; it must end by itself."""
        try:
            self.process.wait(max(0.1, self.deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            raise Hang(f"the machine does not end\n{self.tail()}") from None
        self.line.hang_up()
        return self.process.returncode

    def tail(self):
        return (f"command: {' '.join(self.command)}\n"
                f"serial: ...{self.serial[-2000:]}\nemulator: ...{self.emulator_log[-1000:]}")

    def kill(self):
        for sign in (signal.SIGTERM, signal.SIGKILL):
            if self.process.poll() is not None:
                break
            try:
                os.killpg(self.process.pid, sign)
                self.process.wait(5)
            except (ProcessLookupError, subprocess.TimeoutExpired):
                continue
        self.line.hang_up()
        self.output.close()


def read_text(path):
    try:
        return path.read_bytes().decode("utf-8", "replace").replace("\r\n", "\n")
    except FileNotFoundError:
        return ""
