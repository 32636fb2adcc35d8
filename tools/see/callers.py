# SPDX-License-Identifier: MIT
"""Who asked: the calls that led to a moment of stage 2, read off its 64-bit stack.

The loader keeps no frame pointers, so a word of the stack is a return address when a call stands
before it that leads to the function below, or one through a pointer.
"""
WORD = 8
DEEPEST = 24
WORDS = 512
NEAR_CALL, CALL_BYTES = 0xE8, 5
POINTER_CALLS = (2, 3, 4, 6, 7)  # lengths of FF /2


def chain(places, read, stack):
    """[(function, file, line)] from the inside out; `stack` is where mode_trip left it."""
    found, inner = [], None
    for at in range(stack, stack + WORDS * WORD, WORD):
        back = int.from_bytes(read(at, WORD), "little")
        function = called(places, read, back, inner)
        if function is None:
            continue
        inner = places.symbols.symbol(back)[0]
        file, line = places.line(back - 1) or ("", 0)
        found.append((inner, file, line))
        if len(found) == DEEPEST or inner == "long_start":
            break
    return found


def called(places, read, back, inner):
    """What the call in front of a return address calls; None when it is none that fits."""
    symbol = places.symbols.symbol(back) if back in range(0x8000, 0x18000) else None
    if not symbol or symbol[1] == back:
        return None
    code = read(back - CALL_BYTES, CALL_BYTES)
    if code[0] == NEAR_CALL:
        target = back + int.from_bytes(code[1:], "little", signed=True) & 0xFFFFFFFF
        name = places.labels.get(target)
        if name and (inner is None or name == inner or jumps(places, read, target, inner)):
            return name
    before = read(back - max(POINTER_CALLS), max(POINTER_CALLS))
    for length in POINTER_CALLS:
        if before[-length] == 0xFF and before[-length + 1] >> 3 & 7 == 2:
            return "a pointer"
    return None


def jumps(places, read, function, to):
    """Whether a function ends by jumping to another: then its caller is the other's too."""
    wanted = places.address(to)
    following = sorted(address for address in places.labels if address > function)
    code = read(function, (following[0] if following else function + 64) - function)
    return any(code[at] == 0xE9 and
               function + at + 5 + int.from_bytes(code[at + 1:at + 5], "little", signed=True) == wanted
               for at in range(len(code) - 4))
