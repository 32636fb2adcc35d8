# SPDX-License-Identifier: MIT
"""The other end of a guest's serial port: a terminal of our own. All that comes is kept in a file,
byte for byte; QEMU's own log of a port repeats bytes when nobody takes them fast enough.
"""
import os
import threading
import tty


class Line:
    """`name` is the terminal to give to the emulator; `path` where what it says is kept."""

    def __init__(self, path):
        self.path = path
        self.near, self.far = os.openpty()
        tty.setraw(self.near)
        self.name = os.ttyname(self.far)
        self.listener = threading.Thread(target=keep, args=(self.near, path), daemon=True)
        self.listener.start()

    def send(self, text):
        os.write(self.near, text.encode())

    def hang_up(self):
        """When the emulator is gone: what it still sent is in the file afterwards."""
        if self.far is not None:
            os.close(self.far)
            self.far = None
            self.listener.join()
            os.close(self.near)


def keep(near, path):
    """Write all that comes from the terminal to a file, until the other side is closed."""
    with open(path, "wb", buffering=0) as log:
        while True:
            try:
                data = os.read(near, 4096)
            except OSError:
                return
            if not data:
                return
            log.write(data)
