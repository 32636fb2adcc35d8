# SPDX-License-Identifier: MIT
"""What kind of instruction some bytes are, as far as it can be told in every mode."""

PREFIXES = b"\x66\x67\x26\x2e\x36\x3e\x64\x65\xf0\xf2\xf3"
# First bytes of instructions that change the CPU's state or leave the straight way.
TELLING = frozenset(
    b"\xcc\xcd\xea\x9a\xcb\xca\xcf\x8e\xfa\xfb\xf4\x9d\x1f\x07\x17\xc3\xfc\xfd"
    b"\xe4\xe5\xe6\xe7\xec\xed\xee\xef\xff\xc4\xc5\xc2"
)
TELLING_0F = frozenset(b"\x20\x22\x01\x00\x30\x32\xb2\xb4\xb5\x09\xae")


def opcode(code):
    """The bytes from the opcode on, prefixes and a possible REX left out."""
    at = 0
    while at < len(code) - 1 and code[at] in PREFIXES:
        at += 1
    if len(code) - at > 1 and 0x40 <= code[at] <= 0x4F:
        at += 1
    return code[at:]


def is_telling(code):
    rest = opcode(code)
    if rest[0] == 0x0F and len(rest) > 1:
        return rest[1] in TELLING_0F
    return rest[0] in TELLING
