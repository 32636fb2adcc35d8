#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""--check says of an image what the loader says of it, word for word: bad configurations, tables, volumes,
checksums and loaders. Each is booted.
"""
import re

import pytest

import mkimage
import test_bad_config
import test_bad_firmware
import test_bad_volume
from vmlib import boots, errors, images, paths
from vmlib.fat_edit import Fat
from vmlib.qemu import Qemu

SECTOR, MIB = 512, 1 << 20
COPIES = (1, 1024)
MARK = 0x1FE
STATUS_BYTE = re.compile("status [0-9A-F]{2}h")


def same_words(image, status, **options):
    found = mkimage.check(image)
    assert found["kind"] == "disk" and not found["boots"]
    said = mkimage.loader_says(image, **options)
    print(said)
    # What status a BIOS has for a sector that is not there is its own choice.
    assert STATUS_BYTE.sub("", found["error"]) == STATUS_BYTE.sub("", said)
    assert said.startswith(f"error E{errors.STATUS[status][0]:02X}: ")
    return found


@pytest.mark.parametrize("case", test_bad_config.CASES)
def test_same_words_about_a_config(case):
    text, status, _ = test_bad_config.CASES[case]
    same_words(images.changed(config=text), status)


def test_no_config():
    image = images.changed()
    images.remove(image, "/coldstart.cfg")
    same_words(image, "BOOT_E_NOT_FOUND")


def test_config_is_a_folder():
    image = images.changed()
    images.remove(image, "/coldstart.cfg")
    images.run("mmd", "-i", f"{image}{images.PARTITION}", "::/coldstart.cfg")
    same_words(image, "BOOT_E_NOT_A_FILE")


@pytest.mark.parametrize("case", test_bad_volume.TABLES)
def test_bad_table_or_boot_sector(case):
    patch, status, _ = test_bad_volume.TABLES[case]
    same_words(images.changed(config=images.config("exit"), patch=patch), status)


@pytest.mark.parametrize("fat, case", [(fat, case) for case in test_bad_volume.CHAINS
                                       for fat in (12, 16, 32) if fat == 32 or "loop" in case])
def test_bad_chain(fat, case):
    damage, status = test_bad_volume.CHAINS[case]
    same_words(test_bad_volume.damaged(fat, damage), status)


def test_backup_of_the_boot_sector_disagrees():
    reserved = test_bad_volume.BPB + 14
    value = images.base().read_bytes()[reserved]
    found = same_words(images.changed(patch={reserved: bytes([value ^ 0x40])}),
                       "BOOT_E_FAT_GEOMETRY")
    assert "its backup at LBA" in found["error"]


def test_image_that_was_cut_short():
    """The volume goes on behind the end of the file."""
    image = images.changed(config=images.config("exit", module="/big"))
    images.put(image, bytes(MIB), "/big")
    with Fat(image) as volume:
        chain = volume.chain(volume.entry("/big")[1])
        end = volume.base + volume.cluster_offset(chain[len(chain) // 2])
    with open(image, "r+b") as file:
        file.truncate(end)
    found = same_words(image, "BOOT_E_DISK_READ")
    assert f"LBA {end // SECTOR}, INT 13h" in found["error"]


def test_a_sector_without_its_mark():
    """Usually no BIOS boots it, so nobody says it."""
    found = mkimage.check(images.changed(patch={MARK: b"\x55\x55"}))
    assert found["error"] == "error E21: no 55AA signature in the MBR, drive 80h, LBA 0"


def test_damaged_stage_1():
    colour = paths.STAGE1.read_bytes().index(test_bad_firmware.MOV_BL_COLOUR) + 1
    same_words(images.changed(patch={colour: b"\x0F"}), "BOOT_E_STAGE1")


@pytest.mark.parametrize("broken", [(0,), (1,), (0, 1)])
def test_damaged_stage_2(broken):
    """One copy is enough, and the loss is told; two are stage 1's error."""
    patch = {COPIES[copy] * SECTOR + 5000: bytes([copy]) + b"\xFF" * 8 for copy in broken}
    image = images.changed(config=images.config("exit"), patch=patch)
    found = mkimage.check(image)
    assert [copy["whole"] for copy in found["loader"]["copies"]] == [
        number not in broken for number in range(len(COPIES))]
    assert not found["loader"]["copies_equal"]
    text = mkimage.call("--check", image).stdout
    assert text.count("damaged, build") == len(broken) and "the copies differ" in text
    assert found["boots"] == (len(broken) == 1)
    if found["boots"]:
        boots.ready(image)
        return
    with Qemu(image) as vm:
        boots.until(lambda: boots.stage1_error(vm.screen_text()), "stage 1's digits")
        digits = boots.stage1_error(vm.screen_text())
    assert found["error"] == f"error {digits[:2]}: {errors.STAGE1[digits[:2]]}"


def test_a_disk_of_somebody_else(tmp_path):
    image = tmp_path / "windows.img"
    data = bytearray(MIB)
    data[:4] = b"\x33\xC0\x8E\xD0"
    data[MARK:MARK + 2] = b"\x55\xAA"
    image.write_bytes(data)
    found = mkimage.check(image)
    assert not found["boots"] and found["error"].startswith("no Coldstart loader is here")


def test_what_it_says_of_a_good_image(tmp_path):
    module = tmp_path / "m.bin"
    module.write_bytes(b"123456789")
    image = mkimage.make(tmp_path / "x.img", "--kernel", paths.KERNEL, "--module", f"{module}=nine",
                         "--cmdline", "exit", "--video", "800x600x32")
    found = mkimage.check(image)
    assert found["boots"] and found["fat"] == 32
    assert found["loader"]["copies_equal"]
    assert all(copy["whole"] and copy["paired"] for copy in found["loader"]["copies"])
    assert found["partition"] == {"index": 1, "type": 0x0C, "first": 2048, "sectors": 129024}
    config = found["config"]
    assert config["kernel"] == "/boot/kernel.elf" and config["cmdline"] == "exit"
    assert config["modules"] == [{"path": "/boot/m.bin", "name": "nine", "bytes": 9}]
    assert {"path": "/boot/m.bin", "crc32c": "e3069283"} in config["checksums"]
    text = mkimage.call("--check", image).stdout
    assert re.search(r"(?m)^ +video = 800x600x32$", text)
    assert text.startswith(f"{image}: the loader boots this disk\n")
    boots.ready(image)
