# SPDX-License-Identifier: MIT
"""Connect to a socket that an emulator opens some time after it was started."""
import socket
import time

CONNECT_GUARD_S = 30


def connected(path):
    """The connection, as soon as somebody listens."""
    line = socket.socket(socket.AF_UNIX)
    deadline = time.monotonic() + CONNECT_GUARD_S
    while True:
        try:
            line.connect(str(path))
            return line
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.02)
