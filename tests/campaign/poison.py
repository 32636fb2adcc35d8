#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Memory full of rubbish: nothing that boots may rely on zeros, or on anything the firmware left.

Two ways to fill it. `power-on`: RAM holds the rubbish when the machine starts (QEMU only); SeaBIOS clears
conventional memory, so it stays above 1 MiB only. `rom`: the hostile firmware of tests/firmware fills
all that is not the firmware's, right before it enters the boot sector.

Each attempt boots twice: into a stage 1 that stops at its first instruction, for a look at the whole
memory, and then as a user would, to the self-tests.
"""
import contextlib
import pathlib
import random
import sys
import tempfile
import typing

import campaign
import shapes
from vmlib import bochs, boots, images, outcome, qemu, rom

TITLE = "memory full of CCh, FFh and noise"
KIB, MIB, PAGE = 1024, 1024 * 1024, 4096
SEEDS = [0x12345678, 0xC0FFEE, 0x5EED]
FILLS = ["cc", "ff", *(f"noise-{seed:x}" for seed in SEEDS)]
MEMORIES = [16, 64, 256]
SHAPES = ["shipped", "framebuffer", "copy-b"]
# Out of the code of stage 1: say '!' on port E9h, and stay here.
CODE, STOP = 0x5A, bytes.fromhex("B021E6E9EBFE")
LOW = (0x1000, 0x7000), (0x8000, 0x9E000)  # of conventional memory, less BDA, stage 1 and EBDA
KEPT_ON_TOP = 256 * KIB  # of RAM, by the firmware
# SeaBIOS works in some memory that it does not keep.
LEAST = {"power-on": 0.98, "rom": 1.0}
LIMITS = {"qemu": outcome.WATCHDOG, "bochs": outcome.BOCHS_WATCHDOG}
INSTRUCTIONS_A_WORD = 12  # of the ROM that makes noise
NOISY_WORDS = 1000  # that a page of noise has, of 1024; no other page has


class Case(typing.NamedTuple):
    way: str
    fill: str
    emulator: str
    disk: str
    memory: int
    shape: str

    def __str__(self):
        return "/".join(map(str, self))


def cases():
    found = []
    for fill in FILLS:
        for way in ("power-on", "rom"):
            found += [Case(way, fill, "qemu", disk, memory, "shipped")
                      for disk in ("ahci", "ide", "floppy") for memory in MEMORIES]
            found += [Case(way, fill, "qemu", "ahci", 64, shape)
                      for shape in SHAPES[1:] + shapes.PROBES]
        # Bochs takes a minute for 256 MiB of noise; what is larger than 16 MiB differs in nothing.
        found += [Case("rom", fill, "bochs", "ata", memory, "shipped") for memory in MEMORIES[:2]]
        found += [Case("rom", fill, "bochs", "ata", 64, shape) for shape in SHAPES[1:]]
        found.append(Case("rom", fill, "bochs", "floppy", 64, "shipped"))
    return found


def switches(case):
    """Of the hostile firmware; it can show the disk as a floppy disk too."""
    kind, _, seed = case.fill.partition("-")
    names = ["POISON_RANDOM", f"SEED_OF_POISON=0x{seed}"] if seed else [f"POISON_{kind.upper()}"]
    return [*names, "Q13_FLOPPY"] if case.disk == "floppy" else names


def fill_file(path, fill, mib):
    kind, _, seed = fill.partition("-")
    block = random.Random(int(seed, 16)).randbytes(MIB) if seed else bytes.fromhex(kind) * MIB
    with open(path, "wb") as file:
        for _ in range(mib):
            file.write(block)


@contextlib.contextmanager
def machine_options(case):
    """(image, what Qemu() or Bochs() is told)"""
    image, _ = shapes.image(case.shape)
    options = {"memory": case.memory, "disk": case.disk}
    if case.way == "rom":
        words = case.memory * MIB // 4
        options["limit"] = LIMITS[case.emulator] + words * INSTRUCTIONS_A_WORD
        options["rom"] = rom.make(*switches(case))
        if case.disk == "floppy":
            options["disk"] = "ata" if case.emulator == "bochs" else "ahci"
        yield image, options
        return
    if case.disk == "floppy":
        image, _ = shapes.image("floppy-2880")
    with tempfile.NamedTemporaryFile(prefix="coldstart-", suffix=".ram") as ram:
        fill_file(ram.name, case.fill, case.memory)
        yield image, {**options, "ram_file": ram.name}


def seen_by_qemu(image, options):
    """All memory, when stage 1 has just been entered."""
    with qemu.Qemu(image, **options) as vm:
        boots.until(lambda: "!" in vm.e9, "stage 1 is entered")
        dump = vm.folder / "memory"
        vm.qmp.call("pmemsave", val=0, size=options["memory"] * MIB, filename=str(dump))
        return dump.read_bytes()


def seen_by_bochs(image, options):
    with tempfile.TemporaryDirectory() as folder:
        dump = pathlib.Path(folder) / "memory"
        script = f'lb 0x7c00\nc\nwritemem "{dump}" 0 {options["memory"] * MIB}\n'
        bochs.finished(image, **{**options, "limit": None}, script=script)
        return dump.read_bytes()


def is_poison(page, fill):
    if fill.startswith("noise"):
        return len(set(memoryview(page).cast("I"))) >= NOISY_WORDS
    return page == bytes.fromhex(fill) * PAGE


def share(memory, fill, *ranges):
    """How much of the pages in these ranges holds the poison."""
    pages = [memory[at:at + PAGE] for first, end in ranges for at in range(first, end, PAGE)]
    return sum(is_poison(page, fill) for page in pages) / len(pages)


def shares(case, image, options):
    """(of conventional memory, of the rest)"""
    if case.emulator == "bochs":
        memory = seen_by_bochs(image, options)
    else:
        stopped = images.copy(image, images.fresh(".img"))
        images.poke(stopped, {CODE: STOP})
        memory = seen_by_qemu(stopped, options)
        stopped.unlink()
    high = MIB, len(memory) - KEPT_ON_TOP
    return share(memory, case.fill, *LOW), share(memory, case.fill, high)


def attempt(case):
    with machine_options(case) as (image, options):
        low, high = shares(case, image, options)
        if high < LEAST[case.way] or (case.way == "rom" and low < LEAST["rom"]):
            return campaign.Verdict(False, "not poisoned", f"{low:.1%} low, {high:.1%} high")
        if case.shape in shapes.PROBES:  # they look at every promise of the hand-off
            boots.probe(image, **options)
            return campaign.Verdict(True, "every promise kept")
        emulator = outcome.of if case.emulator == "qemu" else outcome.of_bochs
        found = emulator(image, selftest=True, **options)
    return campaign.Verdict(found.kind == "ready", found.code or found.kind,
                            f"{found}\n{found.screen}\n{found.serial[-1500:]}")


if __name__ == "__main__":
    sys.exit(campaign.run(sys.modules[__name__]))
