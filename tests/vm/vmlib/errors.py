# SPDX-License-Identifier: MIT
"""How each error line must read: the code and the sentence from include/boot/status.h, and here, in
one place, what must follow: where it went wrong and which number. And the record of those that a boot
of this build has brought about, which check_errors.py reads.
"""
import os
import re

from vmlib import paths

ENTRY = re.compile(r'X\(0x([0-9A-F]{2}), (BOOT_E_\w+), "([^"]*)"\)')
STATUS = {name: (int(code, 16), sentence) for code, name, sentence
          in ENTRY.findall((paths.SOURCE / "include/boot/status.h").read_text())}

STAGE1 = {f"E{letter}": sentence for letter, sentence in re.findall(
    r'X\("(\w)", STAGE1_E_\w+, "([^"]*)"\)', (paths.SOURCE / "include/boot/stage1.h").read_text())}

# The details behind the sentence, as regular expressions.
CPU = r"CPU \w{12} [0-9A-F]{8}h"
SECTOR = r"drive [0-9A-F]{2}h, LBA \d+"
SUMS = r"[0-9a-f]{8} [0-9a-f]{8}"
STATUS_BYTE = r"INT 13h status [0-9A-F]{2}h"
FILE = r"/\S+(, coldstart\.cfg line \d+)?"
CONFIG_LINE = r"/coldstart\.cfg line \d+: .+"
KERNEL = r"/\S+, (coldstart\.cfg line \d+|[a-z ]+ \d+, value [0-9A-F]+h)"
MEMORY = r".+ needs \d+ KiB, .*\d+ KiB.*"
CRC = r"/\S+ is [0-9a-f]{8}, coldstart\.cfg line \d+ says [0-9a-f]{8}"
DETAILS = {
    "BOOT_E_NO_LONG_MODE": CPU,
    "BOOT_E_NO_MEMORY_MAP": r"INT 15h E820 gave \d+ entries",
    "BOOT_E_LITTLE_MEMORY": MEMORY,
    "BOOT_E_LOADER_FAULT": r"vector \d+, error [0-9A-F]+h, RIP [0-9A-F]+h, CR2 [0-9A-F]+h",
    "BOOT_E_DISK_READ": rf"({SECTOR}, {STATUS_BYTE}|LBA \d+, {STATUS_BYTE}, reading /\S+)",
    "BOOT_E_NO_ACTIVE": SECTOR,
    "BOOT_E_MANY_ACTIVE": SECTOR,
    "BOOT_E_PARTITION": SECTOR,
    "BOOT_E_SECTOR_SIZE": SECTOR,
    "BOOT_E_STAGE1": rf"{SECTOR}, sums {SUMS}, sealed with {SUMS}",
    "BOOT_E_NOT_FAT": SECTOR,
    "BOOT_E_FAT_GEOMETRY": rf"{SECTOR}(, its backup at LBA \d+ differs)?",
    "BOOT_E_FAT_CHAIN": FILE,
    "BOOT_E_FAT_LOOP": FILE,
    "BOOT_E_NOT_FOUND": FILE,
    "BOOT_E_NOT_A_FILE": FILE,
    "BOOT_E_BAD_PATH": FILE,
    "BOOT_E_TRUNCATED": KERNEL,
    "BOOT_E_CONFIG_SYNTAX": CONFIG_LINE,
    "BOOT_E_CONFIG_KEY": CONFIG_LINE,
    "BOOT_E_CONFIG_VALUE": CONFIG_LINE,
    "BOOT_E_CONFIG_REPEATED": CONFIG_LINE,
    "BOOT_E_CONFIG_NO_KERNEL": r"/coldstart\.cfg",
    "BOOT_E_CONFIG_SIZE": rf"({CONFIG_LINE}|/coldstart\.cfg has \d+ bytes, \d+ are possible)",
    "BOOT_E_CONFIG_MANY": CONFIG_LINE,
    "BOOT_E_NOT_ELF": KERNEL,
    "BOOT_E_ELF_CLASS": KERNEL,
    "BOOT_E_ELF_MACHINE": KERNEL,
    "BOOT_E_ELF_TYPE": KERNEL,
    "BOOT_E_ELF_HEADER": KERNEL,
    "BOOT_E_ELF_NO_LOAD": KERNEL,
    "BOOT_E_ELF_SEGMENT": KERNEL,
    "BOOT_E_ELF_OVERLAP": KERNEL,
    "BOOT_E_ELF_ADDRESS": KERNEL,
    "BOOT_E_ELF_W_X": KERNEL,
    "BOOT_E_ELF_ENTRY": KERNEL,
    "BOOT_E_ELF_DYNAMIC": KERNEL,
    "BOOT_E_ELF_NOTE": KERNEL,
    "BOOT_E_CRC": CRC,
    "BOOT_E_NO_ROOM": MEMORY,
    "BOOT_E_NEEDS_PROTOCOL": r"/\S+ needs (version \d+, this is \d+|a boot_info of \d+ bytes, .+)",
    "BOOT_E_NEEDS_MEMORY": MEMORY,
    "BOOT_E_NEEDS_FEATURE": r"/\S+ needs .+",
}


def sentence(name):
    code, text = STATUS[name]
    return f"coldstart: error E{code:02X}: {text}"


def pattern(name):
    """A regular expression for the whole line of this error."""
    details = DETAILS.get(name)
    return re.escape(sentence(name)) + (f", {details}" if details else "(, .*)?")


def record(code, line, image):
    """A boot from `image` ended with this code. Errors of a changed loader are told apart."""
    with open(image, "rb") as file:
        file.seek(paths.COPY_A)
        shipped = file.read(paths.STAGE2.stat().st_size) == paths.STAGE2.read_bytes()
    paths.PROVOKED.mkdir(parents=True, exist_ok=True)
    test = os.environ.get("PYTEST_CURRENT_TEST", "?").split(" ")[0].split("/")[-1]
    with open(paths.PROVOKED / code, "a", encoding="utf-8") as file:
        file.write(f"{'shipped' if shipped else 'changed'}\t{test}\t{line}\n")


def recorded():
    """{code: [(which loader, test, line)]}."""
    return {path.name: [tuple(row.split("\t", 2)) for row in path.read_text().splitlines()]
            for path in paths.PROVOKED.glob("E*")}
