# SPDX-License-Identifier: MIT
"""What a guest's screen shows: VGA text memory as lines, screen dumps as pixels.

Spec: VGA text mode (character, attribute pairs); Netpbm PPM format P6.
"""
TEXT_PHYS = 0xB8000
COLUMNS, ROWS = 80, 25
TEXT_BYTES = COLUMNS * ROWS * 2


def text_lines(memory):
    """The rows of the screen, right-trimmed, in the PC's own character set."""
    characters = bytes(memory[0:TEXT_BYTES:2]).replace(b"\0", b" ").decode("cp437")
    return [characters[row * COLUMNS:(row + 1) * COLUMNS].rstrip() for row in range(ROWS)]


def unwrapped(lines):
    """The rows as one text: a full row runs on in the next."""
    return "".join(line if len(line) == COLUMNS else line + "\n" for line in lines)


class Picture:
    """A PPM screen dump: size and RGB pixels."""

    def __init__(self, path):
        data = path.read_bytes()
        magic, size, depth, self.pixels = data.split(b"\n", 3)
        assert magic == b"P6" and depth == b"255", data[:20]
        self.width, self.height = map(int, size.split())

    def lit(self):
        """How many pixels are not black."""
        step = 3
        rows = memoryview(self.pixels)
        return sum(1 for at in range(0, len(rows), step) if rows[at:at + step] != b"\0\0\0")

    def colours(self):
        return {self.pixels[at:at + 3] for at in range(0, len(self.pixels), 3)}
