# SPDX-License-Identifier: MIT
"""QEMU's machine protocol over a Unix socket: one command, one answer.

Spec: QEMU documentation, "QEMU Machine Protocol Specification".
"""
import contextlib
import json

from vmlib.unix_socket import connected


class Qmp:
    def __init__(self, path):
        self.socket = connected(path)
        self.stream = self.socket.makefile("rw")
        self.stream.readline()
        self.call("qmp_capabilities")

    def close(self):
        """Also when QEMU went away in the middle of a question."""
        with contextlib.suppress(OSError):
            self.stream.close()
        self.socket.close()

    def call(self, command, **arguments):
        request = {"execute": command}
        if arguments:
            request["arguments"] = arguments
        self.stream.write(json.dumps(request) + "\n")
        self.stream.flush()
        while True:
            line = self.stream.readline()
            if not line:
                raise ConnectionError(f"QEMU went away during {command}")
            answer = json.loads(line)
            if "return" in answer:
                return answer["return"]
            if "error" in answer:
                raise RuntimeError(f"{command}: {answer['error']['desc']}")
