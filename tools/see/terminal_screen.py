# SPDX-License-Identifier: MIT
"""The screen of a Bochs with the display `term`, which is a pseudo-terminal of Bochs's own: shown on
this terminal, whose keys are the machine's. Ctrl-] leaves, and the machine stays as it is.
"""
import os
import pathlib
import select
import sys
import termios
import tty

LEAVE = b"\x1d"  # Ctrl-], as telnet has it
BLOCK_BYTES = 4096


def relay(screen, keys, shown):
    """Between Bochs's end and ours, until the user leaves or Bochs ends."""
    while True:
        for ready in select.select([screen, keys], [], [])[0]:
            try:
                block = os.read(ready, BLOCK_BYTES)
            except OSError:  # Bochs has closed its end
                block = b""
            if not block or ready == keys and LEAVE in block:
                return
            os.write(screen if ready == keys else shown, block)


def main():
    path = pathlib.Path(sys.argv[1])
    if not path.is_char_device():
        sys.exit(f"{path}: no such terminal; Bochs tells the name of its screen when it starts")
    screen = os.open(path, os.O_RDWR | os.O_NOCTTY)
    # Without an echo, or Bochs would read its own picture as keys; and nothing of it thrown away.
    tty.setraw(screen, termios.TCSANOW)
    keys, shown = sys.stdin.fileno(), sys.stdout.fileno()
    before = termios.tcgetattr(keys)
    tty.setraw(keys)
    try:
        relay(screen, keys, shown)
    finally:
        termios.tcsetattr(keys, termios.TCSADRAIN, before)
        print("\x1b[?1049l\x1b[0m\x1b[?25h", end="")  # the other screen, colours and cursor again


if __name__ == "__main__":
    main()
