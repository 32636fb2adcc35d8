# SPDX-License-Identifier: MIT
"""Read the firmware record in a log: docs/firmware-record.md."""
import re

POLYNOMIAL = 0x82F63B78
WORDS = {"by", "copy", "bytes"}  # what is no number


def crc32c(data):
    """Bit by bit: a record is short."""
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (POLYNOMIAL if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF


def lines(log):
    """The record's lines in a log, from `record` to `end`, without CR and blanks at their ends."""
    found = re.search(r"(?ms)^record 1 .*?^end [^\n]*", log)
    assert found, "no record in the log"
    return [line.rstrip(" \r") for line in found.group(0).split("\n")]


def values(line):
    pairs = (word.split("=", 1) for word in line.split(" ")[1:] if "=" in word)
    return {key: value if key in WORDS else int(value, 16) for key, value in pairs}


def parse(log):
    """[(name, {key: value})] of the record in a log, in its order; its sum must hold."""
    *body, end = lines(log)
    found = values(end)["sum"]
    expected = crc32c("".join(line + "\n" for line in body).encode())
    assert found == expected, f"the record says sum={found:08x}, its lines have {expected:08x}"
    return [(line.split(" ")[0], values(line)) for line in body]


def all_of(record, name):
    return [found for known, found in record if known == name]


def one_of(record, name):
    """All keys of the lines of that name; None: there is no such line."""
    found = all_of(record, name)
    return {key: value for line in found for key, value in line.items()} if found else None


def edd_buffer(record):
    """What is known of the buffer of INT 13h AH=48h."""
    parts = [part for part in all_of(record, "int13-48") if "at" in part]
    data = b""
    for part in parts:
        assert part["at"] == len(data)
        data += bytes.fromhex(part["bytes"])
    return data
