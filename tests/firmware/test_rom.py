#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The hostile firmware notices what it is there to notice: a boot sector that does everything wrong."""
import re

import pytest

import switches
from vmlib import images, paths, rom
from vmlib.qemu import Qemu

WAIT_FOR_KEY, DISK_BYTES = 0x1BE, 1 << 24
HANG_LIMIT = 200_000_000
ALWAYS = "SPNHGFIWV"


@pytest.fixture(scope="module")
def offender():
    sector = images.fresh(".bin")
    images.run("nasm", "-f", "bin", "-w+all", f"-I{paths.SOURCE}/", f"-I{paths.BUILD}/generated/",
               "-o", sector, paths.SOURCE / "tests/firmware/offender.asm")
    return sector.read_bytes().ljust(DISK_BYTES, b"\0")


def reported(data, *names, **options):
    with Qemu(images.store(data, ".img"), memory=32, rom=rom.make(*names), **options) as vm:
        vm.wait_exit()
    return set(re.findall(f"{rom.MARK}(.)", vm.e9)), rom.offences(vm.e9)


@pytest.mark.parametrize("names, letters", [((), ALWAYS), (("Q33_PHANTOMS",), ALWAYS + "D"),
                                            (("Q13_TRACK_8",), ALWAYS.replace("S", "") + "ET"),
                                            (("Q17_NO_PACKET",), ALWAYS + "E")])
def test_offences_are_reported(offender, names, letters):
    found, words = reported(offender, *names)
    assert found == set(letters)
    assert len(words) == len(letters) and all(len(text) > 10 for text in words)


def test_waiting_for_a_key_is_reported(offender):
    data = bytearray(offender)
    data[WAIT_FOR_KEY] = 1
    found, _ = reported(data, "Q40_NO_KEY", limit=HANG_LIMIT)
    assert "K" in found


def test_every_offence_has_its_words():
    text = "".join(path.read_text() for path in rom.SOURCE.parent.glob("*.inc"))
    assert set(re.findall(r"offence '(.)'", text)) == set(rom.OFFENCES)


def test_a_rom_is_what_a_bios_wants():
    data = rom.make("Q17_MUTE", "Q21_REGISTERS").read_bytes()
    assert data[:2] == b"\x55\xAA" and data[2] * 512 == len(data) and sum(data) & 0xFF == 0


def test_all_switches_fit_together():
    """As many as go together, group by group, each at least once."""
    left = list(switches.SWITCHES)
    while left:
        chosen = []
        for name in [*left, *switches.SWITCHES]:
            if name not in chosen and not switches.conflict([*chosen, name]):
                chosen.append(name)
        rom.make(*(f"{name}=2" if name == "Q32_CALL" else name for name in chosen))
        left = [name for name in left if name not in chosen]


def test_an_unknown_assembler_error_is_shown():
    with pytest.raises(AssertionError, match="error"):
        rom.make("Q32_CALL=)")
