#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The forms of an image: each holds the raw image byte by byte, boots, and comes out the same again."""
import functools
import shutil
import struct

import pytest

import mkimage
from vmlib import bochs, images, outcome, paths

SECTOR, CD_SECTOR = 512, 2048
FORMS = {"vhd": "vpc", "vmdk": "vmdk", "qcow2": "qcow2"}  # how qemu-img calls them
LAST_CHS = 0x1BE + 5
SHOWN = 512  # a VMDK's descriptor begins there
# More than what lies below the end of partition 1's last head and track; see form_iso.c.
FAR_BYTES = 8 << 20


@functools.lru_cache(maxsize=None)
def module():
    return images.store(bytes(range(251)) * (FAR_BYTES // 251), ".mod")


@functools.lru_cache(maxsize=None)
def made(form, name="disk"):
    """An image with a module that the loader must read to its end, for its checksum."""
    out = images.folder() / f"{name}.{form}"
    return mkimage.make(out, "--kernel", paths.KERNEL, "--cmdline", "exit", "--module", module(),
                        "--format", form)


def boots(image, **options):
    end = outcome.of(image, **options)
    assert end.kind == "ready", end


@pytest.mark.parametrize("form", FORMS)
def test_the_same_disk(form, tmp_path):
    back = tmp_path / "back"
    images.run("qemu-img", "convert", "-f", FORMS[form], "-O", "raw", made(form), back)
    assert back.read_bytes() == made("raw").read_bytes()


@pytest.mark.parametrize("form", FORMS)
def test_boots(form):
    boots(made(form), image_format=FORMS[form])


@pytest.mark.parametrize("form", [*FORMS, "iso"])
def test_the_same_bytes_again(form, tmp_path):
    """At another time, in another folder; the raw image is the same, so all else is."""
    again = tmp_path / made(form).name
    mkimage.make(again, "--kernel", paths.KERNEL, "--cmdline", "exit", "--module", module(),
                 "--format", form)
    assert again.read_bytes() == made(form).read_bytes()


def test_vhd_footer():
    """Both copies alike, the checksum right, the moment that of the volume's files."""
    data = made("vhd").read_bytes()
    footer = data[-SECTOR:]
    assert data[:SECTOR] == footer and footer[:8] == b"conectix"
    disk_bytes, = struct.unpack_from(">Q", footer, 48)
    assert disk_bytes == made("raw").stat().st_size
    moment, checksum = struct.unpack_from(">I36xI", footer, 24)
    assert moment == 1767225600 - 946684800
    assert checksum == ~(sum(footer) - sum(footer[64:68])) & 0xFFFFFFFF
    assert footer[74] >> 4 == 8 and footer[76] >> 6 == 2, "a UUID of version 8"


def test_another_image_is_another_disk(tmp_path):
    """One byte of difference: a hypervisor must not take the two for one."""
    other = {form: mkimage.make(tmp_path / f"other.{form}", "--kernel", paths.KERNEL, "--cmdline",
                                "exit x", "--format", form) for form in ("vhd", "vmdk")}
    uuids = [path.read_bytes()[-SECTOR:][68:84] for path in (made("vhd"), other["vhd"])]
    assert uuids[0] != uuids[1]
    cids = [path.read_bytes()[SHOWN:].split(b"\nCID=")[1][:8] for path in (made("vmdk"), other["vmdk"])]
    assert cids[0] != cids[1]


def test_vmdk_knows_its_own_name():
    assert b'SPARSE "disk.vmdk"\n' in made("vmdk").read_bytes()[SHOWN:2 * SECTOR]


# ---- the CD that is a disk


@pytest.mark.parametrize("disk", ["cd", "ide", "ahci", "usb"])
def test_iso_boots(disk):
    boots(made("iso"), disk=disk)


@pytest.mark.parametrize("disk", ["cd", "ata"])
def test_iso_boots_in_bochs(disk):
    if not bochs.exists():
        pytest.skip("no Bochs here")
    assert outcome.of_bochs(made("iso"), disk=disk).kind == "ready"


def test_iso_by_copy_b(tmp_path):
    """As a stick, with copy A of stage 2 gone."""
    path = images.copy(made("iso"), tmp_path / "stick.img")
    with open(path, "rb") as file:
        copy_a, = struct.unpack_from("<H", file.read(SECTOR), 0x1B2)
    images.poke(path, {copy_a * SECTOR: bytes(SECTOR)})
    boots(path)


def test_iso_holds_the_image(tmp_path):
    """Any program that reads CDs finds it; only the end of the partition, as CHS, is another."""
    back = tmp_path / "back"
    images.run("xorriso", "-osirrox", "on", "-indev", made("iso"), "-extract", "/coldstart.img", back)
    found, raw = bytearray(back.read_bytes()), made("raw").read_bytes()
    assert found[LAST_CHS:LAST_CHS + 3] == bytes([254, 63, 8]), "not the end of cylinder 8"
    found[LAST_CHS:LAST_CHS + 3] = raw[LAST_CHS:LAST_CHS + 3]
    assert found == raw


def test_iso_table():
    """As a stick, partition 1 is the volume in the image in the CD."""
    data = made("iso").read_bytes()
    first, = struct.unpack_from("<I", data, 0x1BE + 8)
    raw = made("raw").read_bytes()
    assert data[first * SECTOR:first * SECTOR + (1 << 20)] == raw[1 << 20:2 << 20]
    listed = images.run("mdir", "-b", "-i", f"{made('iso')}@@{first * SECTOR}", "::/boot")
    assert "kernel.elf" in listed
    said = images.run("xorriso", "-indev", made("iso"), "-report_el_torito", "plain")
    assert "BIOS  y     hd" in said


def test_iso_too_large(tmp_path):
    result = mkimage.call("-o", tmp_path / "x.iso", "--kernel", paths.KERNEL, "--size", "4G",
                          "--format", "iso")
    assert result.returncode == 1 and "a CD's file is smaller than 4 GiB" in result.stderr
    assert list(tmp_path.iterdir()) == []


# ---- what goes wrong leaves what was there


def refused(folder, form, said, **options):
    out = folder / f"kept.{form}"
    out.write_text("an older one")
    result = mkimage.call("-o", out, "--kernel", paths.KERNEL, "--no-strip", "--size", "16M",
                          "--format", form, **options)
    assert result.returncode == 1 and said in result.stderr, result
    assert out.read_text() == "an older one"
    assert [one.name for one in folder.iterdir() if one.name.startswith(".")] == []


@pytest.mark.parametrize("form, program, package", [("vhd", "qemu-img", "qemu-utils"),
                                                    ("iso", "xorriso", "xorriso")])
def test_missing_program(tmp_path, form, program, package):
    """All the others are there."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in ("mcopy", "mmd", "mdir"):
        (folder / name).symlink_to(shutil.which(name))
    refused(tmp_path, form, f"{program} is not installed (Debian and Ubuntu: apt install {package})",
            env={"PATH": str(folder)})


@pytest.mark.parametrize("script, said", [
    ('[ "$1" = compare ] || exec REAL "$@"; echo no space left; exit 1', "no space left"),
    # A byte of the kernel, in the middle of the converted file, has flipped.
    ('REAL "$@" || exit 1; [ "$1" = compare ] && exit; shift $(($# - 1)); '
     'printf X | dd of="$1" bs=1 seek=400000 conv=notrunc status=none', "mismatch"),
])
def test_bad_conversion(tmp_path, script, said):
    folder = tmp_path / "bin"
    folder.mkdir()
    fake = folder / "qemu-img"
    fake.write_text("#!/bin/sh\n" + script.replace("REAL", shutil.which("qemu-img")) + "\n")
    fake.chmod(0o755)
    refused(tmp_path, "qcow2", said, env={"PATH": f"{folder}:/usr/bin:/bin"})


def test_no_such_form(tmp_path):
    result = mkimage.call("-o", tmp_path / "x", "--kernel", paths.KERNEL, "--format", "vdi")
    assert result.returncode == 2 and "--format wants raw, vhd, vmdk, qcow2 or iso" in result.stderr
