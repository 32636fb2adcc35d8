#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""What is built: the same bytes each time, within the sizes promised, laid out as the docs say; and
the docs' recipe with dd, followed to the letter, boots.
"""
import filecmp
import re
import struct
import time

from vmlib import boots, elf_edit, images, paths
from vmlib.qemu import Qemu

KIB = 1024
SECTOR = 512
PARTITION_BYTES = 2048 * SECTOR
STAGE1_CODE_MOST = 440
STAGE2_MOST = 64 * KIB
KERNEL_MOST = 768 * KIB
RECIPE = paths.SOURCE / "docs/disk-layout.md"


def test_two_images_are_byte_identical():
    one = images.make("--kernel", paths.KERNEL, "--cmdline", "exit")
    time.sleep(2.1)  # FAT time stamps count two seconds
    two = images.make("--kernel", paths.KERNEL, "--cmdline", "exit")
    assert filecmp.cmp(one, two, shallow=False)


def test_sizes():
    stage1 = paths.STAGE1.read_bytes()
    stage2 = paths.STAGE2.stat().st_size
    kernel = elf_edit.Elf(paths.KERNEL.read_bytes())
    end = max(kernel.segment_get(index, "offset") + kernel.segment_get(index, "filesz")
              for index in kernel.find(elf_edit.PT_LOAD))
    used = len(stage1[:STAGE1_CODE_MOST].rstrip(b"\0"))
    print(f"stage 1: {used} bytes up to its last; stage 2: {stage2} bytes; "
          f"kernel: {end} bytes loaded of {len(kernel.data)}")
    assert len(stage1) == SECTOR
    assert stage2 <= STAGE2_MOST and stage2 % SECTOR == 0
    assert end <= KERNEL_MOST
    on_volume = images.run("mdir", "-i", f"{paths.IMAGE}{images.PARTITION}", "::/boot/kernel.elf")
    print(re.search(r"(?im)^kernel.*$", on_volume).group(0))


def test_kernel_file_on_the_volume_is_small():
    file = images.fresh(".elf")
    images.run("mcopy", "-n", "-i", f"{paths.IMAGE}{images.PARTITION}", "::/boot/kernel.elf", file)
    print(f"kernel's file on disk: {file.stat().st_size} bytes")
    assert file.stat().st_size <= KERNEL_MOST


def test_partition_entry_is_right_in_lba_and_chs():
    sector = paths.IMAGE.read_bytes()[:SECTOR]
    status, first, kind, last, lba, sectors = struct.unpack_from("<B3sB3sII", sector, 0x1BE)
    assert (status, lba) == (0x80, 2048) and kind in (0x01, 0x04, 0x06, 0x0B, 0x0C, 0x0E)
    assert (lba + sectors) * SECTOR == paths.IMAGE.stat().st_size
    for chs, block in ((first, lba), (last, lba + sectors - 1)):
        cylinder, rest = divmod(block, 255 * 63)
        head, number = divmod(rest, 63)
        assert chs == bytes([head, number + 1 | cylinder >> 8 << 6, cylinder & 0xFF])
    assert sector[510:] == b"\x55\xAA" and sector[0x1B8:0x1BC] != bytes(4)
    assert sector[0x1CE:0x1FE] == bytes(48), "only one partition"


def front(image):
    """Everything before the partition."""
    with open(image, "rb") as file:
        return file.read(PARTITION_BYTES)


def recipe():
    """The shell block of the recipe by hand, word for word."""
    blocks = re.findall(r"(?ms)^```sh\n(.*?)^```", RECIPE.read_text())
    return next(block for block in blocks if "dd " in block and "stage1.bin" in block)


def test_recipe_by_hand():
    """Each line of docs/disk-layout.md, run in a copy of the build folder's products."""
    folder = images.fresh("")
    (folder / "build").mkdir(parents=True)
    for product in (paths.STAGE1, paths.STAGE2, paths.KERNEL):
        images.run("cp", product, folder / "build")
    script = recipe()
    print(script)
    images.run("bash", "-e", "-c", script, cwd=folder,
               env={"PATH": "/usr/sbin:/sbin:/usr/bin:/bin", "HOME": str(folder)})
    made = max(folder.rglob("*.img"), key=lambda path: path.stat().st_mtime)
    assert front(made) == front(paths.IMAGE), "not what tools/mkimage makes of it"
    with Qemu(made) as vm:
        vm.wait_for(boots.READY)
