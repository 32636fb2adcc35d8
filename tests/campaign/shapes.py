# SPDX-License-Identifier: MIT
"""Images for the machines of matrix.txt: the shipped one in other shapes, and disks beside it.
Each is made once, by whichever attempt needs it first.
"""
import functools
import threading

from vmlib import images, paths, probe_elf

KIB, MIB = 1024, 1024 * 1024
FLOPPY_IMAGE = "16M"  # whose front, with all its files, goes onto a floppy
SIGNATURE_OFFSET, SIGNATURE_BYTES = 440, 6
CHAINS = {"chain": "chain_81.bin", "chain-lies": "chain_80.bin"}
STAGE2_A_OFFSET = 512
PROBES = [probe_elf.LOW, probe_elf.DYNAMIC]
making = threading.RLock()


def made_once(function):
    cached = functools.lru_cache(maxsize=None)(function)

    def wrapper(*words):
        with making:
            return cached(*words)
    return wrapper


def front(size):
    """The front of a small image; nothing of its files lies behind it."""
    floppy = images.fresh(".img")
    floppy.write_bytes(images.base(None, FLOPPY_IMAGE).read_bytes()[:size])
    return floppy


def huge():
    disk = images.fresh(".qcow2")
    images.run("qemu-img", "convert", "-f", "raw", "-O", "qcow2", paths.IMAGE, disk)
    images.run("qemu-img", "resize", disk, "3T")
    return disk


def probing(kind):
    return images.changed(config=images.config(""), kernel=probe_elf.probe(kind).bytes())


SHAPES = {
    "shipped": lambda: paths.IMAGE,
    "floppy-1440": lambda: front(1440 * KIB),
    "floppy-2880": lambda: front(2880 * KIB),
    "3-tib": huge,
    "exit": lambda: images.changed(config=images.config("exit")),
    "selftest": lambda: images.changed(config=images.config("selftest")),
    "copy-b": lambda: images.changed(patch={STAGE2_A_OFFSET + 100: b"\xFF\x00\xA5"}),
    **{probe: functools.partial(probing, probe) for probe in PROBES},
    "console-tests": lambda: images.changed(config=images.config("selftest=console")),
    "framebuffer": lambda: images.changed(config=images.config(video="1024x768x32")),
}


@made_once
def image(shape):
    """(file, QEMU's name of its format)"""
    return SHAPES[shape](), "qcow2" if shape == "3-tib" else "raw"


@made_once
def decoy(kind):
    """A disk that must not be taken for the one that was booted.

    empty       zeros
    other       another bootable Coldstart, whose kernel would leave at once
    chain       the same behind a boot manager, which starts the second disk with DL = 81h
    chain-lies  ... and says that it is the first one
    """
    disk = images.fresh(".img")
    if kind == "empty":
        with open(disk, "wb") as file:
            file.truncate(64 * MIB)
        return disk
    other = images.changed(config=images.config("exit"),
                           patch={SIGNATURE_OFFSET: b"DECOY\0"[:SIGNATURE_BYTES]})
    if kind in CHAINS:
        images.poke(other, {0: (paths.KERNELS / CHAINS[kind]).read_bytes()})
    return other


QEMU_DECOYS = {
    "ahci": "ide-hd,bus=ahci.1",
    "ide": "ide-hd,bus=ide.1",
    "virtio": "virtio-blk-pci",
    "usb": "usb-storage",
}


def qemu_decoy(words):
    """`empty,virtio,1`: what it is, where it hangs, its place in the boot order."""
    kind, place, bootindex = words.split(",")
    return ["-drive", f"file={decoy(kind)},format=raw,if=none,id=decoy,snapshot=on",
            "-device", f"{QEMU_DECOYS[place]},drive=decoy,bootindex={bootindex}"]


def bochs_decoy(words):
    """`empty,slave`: what it is, and its place on the first ATA channel."""
    kind, place = words.split(",")
    return decoy(kind), place
