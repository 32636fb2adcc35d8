# SPDX-License-Identifier: MIT
"""Assemble the hostile firmware (tests/firmware/rom.asm) with some of its switches, and read what it
says about the boot path on port E9h.
"""
import functools
import pathlib
import re
import subprocess
import tempfile
import threading

from vmlib import paths

SOURCE = paths.SOURCE / "tests/firmware/rom.asm"
MARK = "\a"  # E9_OFFENCE
# What no boot path may ask of a BIOS; each stands as offence 'X' in the source.
OFFENCES = {
    "D": "names a drive that is not the boot drive (Q33)",
    "E": "sends a packet after the BIOS said that it takes none (Q17)",
    "G": "asks for the geometry with ES:DI not 0:0 (Q30)",
    "H": "sends an LBA of more than 32 bits (Q31)",
    "K": "waits for a key (Q40)",
    "N": "asks for more sectors than every BIOS can read in one call (Q19)",
    "P": "sends a packet that crosses 64 KiB (Q20)",
    "S": "asks for EDD with DS = 0 (Q16)",
    "T": "reads past the end of a track (Q35)",
    "V": "prints on a page that is not shown (Q38)",
    "W": "calls a disk function that is neither a question nor a read",
}
LOCK = threading.Lock()


@functools.lru_cache(maxsize=None)
def folder():
    """One folder of this process, gone with it."""
    folder.holder = tempfile.TemporaryDirectory(prefix="coldstart-rom-")
    return pathlib.Path(folder.holder.name)


def make(*switches):
    """The ROM with these switches (`"Q17_MUTE"`, `"Q32_CALL=5"`), as a file; made once."""
    with LOCK:
        return assembled(tuple(sorted(switches)))


@functools.lru_cache(maxsize=None)
def assembled(switches):
    path = folder() / f"{len(list(folder().iterdir()))}.rom"
    command = ["nasm", "-f", "bin", "-w+all", f"-I{paths.SOURCE}/", f"-I{paths.BUILD}/generated/",
               *(f"-D{switch}" for switch in switches), "-o", path, SOURCE]
    result = subprocess.run([str(word) for word in command], text=True, capture_output=True)
    assert result.returncode == 0, result.stderr
    data = bytearray(path.read_bytes())
    data[-1] = -sum(data[:-1]) & 0xFF  # all bytes together are 0
    path.write_bytes(data)
    return path


def known():
    """Every switch that the sources ask for."""
    text = "".join(path.read_text() for path in SOURCE.parent.glob("*.[ai][sn][mc]"))
    return set(re.findall(r"\b(?:Q\d+|POISON|DISK)_[A-Z0-9_]+\b", text))


def offences(e9):
    """What the boot path did that it must not, in words, each once."""
    letters = dict.fromkeys(re.findall(f"{MARK}(.)", e9))
    return [OFFENCES.get(letter, f"offence {letter}") for letter in letters]
