#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Flip one bit, boot, and see that nobody is deceived: the boot is as if nothing had happened,
recovers and says so, or stops with a coded error that fits the place. Every sector that a boot
reads has its turn; which ones those are is measured. places.py says which ends are right where.
"""
import dataclasses
import functools
import random
import re
import sys

import campaign
import places
from places import CONFIG, COPY_A, COPY_B, KERNEL, MODULE
from vmlib import images, outcome, paths, reads
from vmlib.elf_edit import PF_W, PT_LOAD, Elf
from vmlib.fat_edit import PARTITION_LBA, SECTOR

TITLE = "one bit flipped in every sector that a boot reads"
MEMORY = 32  # MiB
MODULE_BYTES = 21_000
COMMAND_LINE = "panic=exit"
LOADED_FROM = 1 << 20  # below lie the windows through which the file came
LIMIT = 400_000_000  # instructions; a boot with its report takes some 60 million
GUARD_S = 60
# A stage 1 that went wrong mostly hangs, some in exceptions that take a second for 100,000
# instructions. That it hangs is an answer there, not a failure, so it need not be waited for long.
STAGE1_GUARD_S = 10
SECTOR_BITS = 8 * SECTOR
# Bits tried in a place: of a sector in bulk, of a byte in a small structure.
BITS_OF_SECTOR, BITS_OF_TABLE_SECTOR, BITS_OF_BYTE = 6, 3, 4
COPY_B_SPARE = 40  # flips in copy B while copy A is good


@dataclasses.dataclass(frozen=True)
class Case:
    part: str
    lba: int
    byte: int
    bit: int
    a_is_bad: bool = False  # another flip, in copy A: or copy B would not be read

    def __str__(self):
        return f"{self.part}: sector {self.lba} byte {self.byte} bit {self.bit}"


@dataclasses.dataclass(frozen=True)
class Disk:
    """The disk that the flips are made on, and how a boot from it goes when there are none."""
    image: object
    volume: places.Volume
    read: frozenset  # sectors, of a boot with copy A and of one with copy B
    stage2_sectors: int
    reports: dict  # what is said with copy A, and with copy B: the end it means

    def place(self, lba, byte, bit):
        if lba == 0:
            return places.mbr(byte, bit)
        if COPY_A <= lba < COPY_A + self.stage2_sectors:
            return places.place("stage 2 copy A", "copy B")
        if COPY_B <= lba < COPY_B + self.stage2_sectors:
            return places.place("stage 2 copy B", "EC")
        if lba == PARTITION_LBA:
            return places.boot_sector(byte, bit)
        return self.volume.place(lba, byte, bit)


def report_of(serial):
    """What loader and kernel say, without what differs from boot to boot."""
    return serial.partition("\nTimeline, ")[0]


def flip(image, lba, byte, bit):
    with open(image, "r+b") as file:
        file.seek(lba * SECTOR + byte)
        value = file.read(1)[0]
        file.seek(-1, 1)
        file.write(bytes([value ^ 1 << bit]))


def layout_sectors(volume, stage2_sectors):
    """What a boot cannot do without, by the layout of the disk."""
    files = [lba for path in (*places.SHORT, "/") for lba in volume.sectors(path)]
    last = max(cluster for chain in volume.chains.values() for cluster in chain)
    table = range(last * places.ENTRY_BYTES // SECTOR + 1)
    return {0, PARTITION_LBA, *files, *(volume.table + sector for sector in table),
            *(copy + sector for copy in (COPY_A, COPY_B) for sector in range(stage2_sectors))}


@functools.lru_cache(maxsize=None)
def disk():
    module = images.folder() / "data.bin"
    module.write_bytes(random.Random(campaign.SEED).randbytes(MODULE_BYTES))
    image = images.make("--kernel", paths.KERNEL, "--module", module, "--cmdline", COMMAND_LINE)
    volume = places.Volume(image)
    for path in (KERNEL, MODULE):
        line = f"crc32c = {path} {images.crc32c(images.store(volume.files[path]))}\n"
        assert line.encode() in volume.files[CONFIG], f"the image builder gives no {line}"

    trace = images.fresh(".trace")
    good, read_a = reads.sectors(image, trace, memory=MEMORY)
    flip(image, COPY_A, 100, 0)
    second, read_b = reads.sectors(image, trace, memory=MEMORY)
    flip(image, COPY_A, 100, 0)
    assert good.kind == second.kind == "ready", f"{good}, {second}\n{good.serial}"
    assert "stage 2 copy A, " in good.serial and "stage 2 copy B, " in second.serial

    stage2_sectors = paths.STAGE2.stat().st_size // SECTOR
    missing = layout_sectors(volume, stage2_sectors) - (read_a | read_b)
    assert not missing, f"a boot does not read sectors {sorted(missing)}"
    return Disk(image, volume, frozenset(read_a | read_b), stage2_sectors,
                {report_of(good.serial): "ready", report_of(second.serial): "copy B"})


def bits_of_sector(found, lba, rng):
    """[(byte, bit)] to try: some of a sector in bulk, of each byte of a small structure more."""
    kinds = [found.place(lba, byte, 0) for byte in range(SECTOR)]
    if lba == 0 or lba == PARTITION_LBA or any(kind.dense for kind in kinds):
        return [(byte, bit) for byte, kind in enumerate(kinds) for bit in
                sorted(rng.sample(range(8), bits_of_byte(lba, byte, kind)))]
    in_table = found.volume.table <= lba < found.volume.table + found.volume.table_sectors
    count = BITS_OF_TABLE_SECTOR if in_table else BITS_OF_SECTOR
    return [divmod(place, 8) for place in sorted(rng.sample(range(SECTOR_BITS), count))]


def bits_of_byte(lba, byte, kind):
    if kind.dense:
        return 8 if kind.part.startswith(("mbr", "fat boot")) else BITS_OF_BYTE
    if kind.part.startswith("slack") or kind.part.endswith("not used"):
        return 1 if byte % 16 == 0 else 0
    return 2 if lba == 0 else 1


@functools.lru_cache(maxsize=None)
def cases():
    found, rng = disk(), random.Random(campaign.SEED)
    chosen = []
    for lba in sorted(found.read):
        is_b = COPY_B <= lba < COPY_B + found.stage2_sectors
        for byte, bit in bits_of_sector(found, lba, rng):
            chosen.append(Case(found.place(lba, byte, bit).part, lba, byte, bit, is_b))
    for _ in range(COPY_B_SPARE):
        lba = COPY_B + rng.randrange(found.stage2_sectors)
        chosen.append(Case("stage 2 copy B, not needed", lba, rng.randrange(SECTOR),
                           rng.randrange(8)))
    return chosen


class Watcher(outcome.Watcher):
    """Takes all of the machine's memory when the kernel is ready, before it is left."""

    ram = b""

    def answer_prompt(self):
        if not self.vm.serial.endswith(outcome.PROMPT):
            return
        if not self.ram:
            path = self.vm.folder / "ram"
            self.vm.qmp.call("pmemsave", val=0, size=MEMORY << 20, filename=str(path))
            self.ram = path.read_bytes()
        super().answer_prompt()


def boot(image, case):
    guard = STAGE1_GUARD_S if case.part.startswith("stage 1") else GUARD_S
    with outcome.Qemu(image, memory=MEMORY, limit=LIMIT, guard=guard) as vm:
        watcher = Watcher(vm, selftest=False)
        return watcher.follow(), watcher.ram


def missing_in(ram, files):
    """What should be in memory, byte for byte, and is not: module, and segments nobody writes to."""
    elf = Elf(files[KERNEL])
    wanted = {"the module": files[MODULE]}
    for index in elf.find(PT_LOAD):
        start, count = (elf.segment_get(index, name) for name in ("offset", "filesz"))
        if count and not elf.segment_get(index, "flags") & PF_W:
            wanted[f"segment {index}"] = files[KERNEL][start:start + count]
    return [name for name, data in wanted.items() if ram.find(data, LOADED_FROM) < 0]


def end_of_ready(found, ram, text):
    """The kernel is ready: the word for it, or what is wrong with it."""
    absent = missing_in(ram, disk().volume.files)
    if absent:
        return f"wrong bytes: {', '.join(absent)}"
    if places.meaning(text) != places.meaning(disk().volume.files[CONFIG]):
        return "other words"
    return disk().reports.get(report_of(found.serial), "another report")


def config_on(image, case):
    """The text that the loader may have read: the flip can be in it, or in the length of it."""
    good = disk().volume
    with open(image, "rb") as file:
        text = b""
        for lba in good.sectors(CONFIG):
            file.seek(lba * SECTOR)
            text += file.read(SECTOR)
    if case.part == "folder, entries":
        with places.Fat(image) as volume:
            return text[:volume.entry(places.SHORT[CONFIG])[2]]
    return text[:len(good.files[CONFIG])]


def end_of(found, ram, image, case):
    if found.kind == "ready":
        return end_of_ready(found, ram, config_on(image, case))
    if found.kind == "stage1":
        return found.says[:2]
    return found.code if found.kind == "error" else found.kind


def attempt(case):
    image = images.copy(disk().image, images.fresh(".img"))
    try:
        flip(image, case.lba, case.byte, case.bit)
        if case.a_is_bad:
            flip(image, COPY_A, 100, 0)
        found, ram = boot(image, case)
        end = end_of(found, ram, image, case)
    finally:
        image.unlink()
    return judged(case, found, end)


def judged(case, found, end):
    expected = disk().place(case.lba, case.byte, case.bit)
    ends, says = expected.ends, expected.says
    if case.part == "stage 2 copy B, not needed":
        ends = frozenset({"ready"})
    good = end in ends
    if end not in ends and "destroyed" in ends and found.kind in ("hang", "reset", "no boot"):
        end, good = f"stage 1 itself destroyed: {found.kind}", True
    if good and found.kind == "error" and not re.search(says, found.says):
        end, good = f"{end}, but not of this place", False
    return campaign.Verdict(good, f"{case.part}: {end}",
                            f"expected {sorted(ends)} {says}\n{found}\n{found.serial[-1500:]}")


if __name__ == "__main__":
    sys.exit(campaign.run(sys.modules[__name__]))
