#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""What each option makes of an image, looked at with other programs; and that it is the same each time."""
import json
import os
import re
import shutil
import struct
import subprocess
import time
import zlib

import pytest

import mkimage
from vmlib import boots, images, paths, probe_elf

MIB, SECTOR = 1 << 20, 512
PARTITION = images.PARTITION
SYSTEM = "/usr/sbin:/sbin:/usr/bin:/bin"


@pytest.fixture
def out(tmp_path):
    return tmp_path / "x.img"


def listing(image):
    """Every file on the volume, in the order in which mtools finds it."""
    text = images.run("mdir", "-/", "-b", "-i", f"{image}{PARTITION}", "::/",
                      env={"PATH": SYSTEM, "LC_ALL": "C.UTF-8"})
    return [line[2:] for line in text.splitlines()]


def config_of(image):
    return images.run("mtype", "-i", f"{image}{PARTITION}", "::/coldstart.cfg")


def sound(image, folder):
    """fsck.fat on the volume; it changes nothing."""
    volume = folder / "volume"
    with open(image, "rb") as source, open(volume, "wb") as target:
        source.seek(MIB)
        shutil.copyfileobj(source, target)
    subprocess.run(["fsck.fat", "-n", volume], check=True, capture_output=True,
                   env={"PATH": SYSTEM})


def test_kernel_path_boots(out):
    mkimage.make(out, "--kernel", paths.KERNEL, "--kernel-path", "/Boot/My.Own.elf", "--cmdline", "exit")
    lines = config_of(out).splitlines()
    assert "kernel = /Boot/My.Own.elf" in lines
    assert not any(line.startswith("kernel = /boot/kernel.elf") for line in lines)
    assert any(line.startswith("crc32c = /Boot/My.Own.elf ") for line in lines)
    boots.ready(out)


def test_label_and_signature(out):
    mkimage.make(out, "--kernel", paths.KERNEL, "--label", "my disk_1", "--signature", "0123abCD")
    data = out.read_bytes()
    assert data[440:444] == bytes.fromhex("cdab2301")
    assert b"MY DISK_1" in images.run("mlabel", "-s", "-i", f"{out}{PARTITION}", "::").encode()
    assert data[MIB + 71:MIB + 82] == b"MY DISK_1  "


def test_video_and_no_crc(out):
    mkimage.make(out, "--kernel", paths.KERNEL, "--video", "1024x768x32", "--no-crc", "--cmdline",
                 "exit")
    assert "video = 1024x768x32\n" in config_of(out) and "crc32c = " not in config_of(out)
    with_crc = mkimage.make(out.with_name("y.img"), "--kernel", paths.KERNEL, "--no-crc", "--crc")
    assert re.search(r"(?m)^crc32c = /boot/kernel\.elf [0-9a-f]{8}$", config_of(with_crc))


def tree(folder):
    """A folder with files in folders, made in no good order."""
    for name in ("b/z.txt", "a/deep/er/x y.txt", "b/a.bin", "Top.txt", "a/1", "käse-ядро.txt"):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(name.encode() * 100)
    (folder / "empty").mkdir()
    return folder


def test_folder(out, tmp_path):
    folder = tree(tmp_path / "tree")
    mkimage.make(out, "--kernel", paths.KERNEL, "--folder", folder)
    assert set(listing(out)) == {"/boot/", "/boot/kernel.elf", "/coldstart.cfg", "/Top.txt", "/a/",
                                 "/a/1", "/a/deep/", "/a/deep/er/", "/a/deep/er/x y.txt", "/b/",
                                 "/b/a.bin", "/b/z.txt", "/käse-ядро.txt"}
    assert [name for name in listing(out) if name[:3] == "/b/" != name] == ["/b/a.bin", "/b/z.txt"]
    back = images.run("mtype", "-i", f"{out}{PARTITION}", "::/a/deep/er/x y.txt")
    assert back == "a/deep/er/x y.txt" * 100
    sound(out, tmp_path)


def test_same_bytes_whatever_the_caller_has(out, tmp_path):
    """Time zone, language, umask, folder, times and order of the files, mtools' own settings."""
    images_made = []
    for number, (umask, folder, environment) in enumerate((
            (0o022, "/", {"TZ": "UTC", "LC_ALL": "C"}),
            (0o077, tmp_path, {"TZ": "Pacific/Auckland", "LC_ALL": "C.UTF-8", "HOME": "/nowhere",
                               "MTOOLS_LOWER_CASE": "1", "MTOOLS_NO_VFAT": "1"}))):
        source = tmp_path / f"source{number}"
        tree(source)
        if number:
            for path in sorted(source.rglob("*")):
                path.chmod(0o700)
                os.utime(path, (number * 10 ** 8, number * 10 ** 8))
            time.sleep(2.1)  # FAT time stamps count two seconds
        image = tmp_path / f"{number}.img"
        relative = os.path.relpath(source, folder)
        previous = os.umask(umask)
        try:
            mkimage.make(image, "--kernel", paths.KERNEL, "--folder", relative, "--module",
                         source / "a/1", cwd=folder, env={"PATH": "/usr/bin:/bin", **environment})
        finally:
            os.umask(previous)
        images_made.append(image.read_bytes())
    assert images_made[0] == images_made[1]


def test_source_date_epoch_is_heard(out):
    one, two = (mkimage.make(out.with_name(name), "--kernel", paths.KERNEL,
                             env={"PATH": SYSTEM, "SOURCE_DATE_EPOCH": when}).read_bytes()
                for name, when in (("1", "1700000000"), ("2", "1767225600")))
    assert one != two
    assert two == mkimage.make(out, "--kernel", paths.KERNEL).read_bytes()


@pytest.mark.parametrize("mib, fat", [(0, None), (14, None), (40, None), (62, None), (63, None),
                                      (90, None), (20, 12), (3, 32), (100, 16)])
def test_size_auto_is_the_smallest(out, tmp_path, mib, fat):
    big = tmp_path / "big.bin"
    with open(big, "wb") as file:
        file.truncate(mib * MIB)
    options = ["--kernel", paths.KERNEL, "--file", f"{big}:/big.bin"] + (["--fat", fat] if fat else [])
    mkimage.make(out, *options, "--size", "auto")
    size = out.stat().st_size // MIB
    assert out.stat().st_size % MIB == 0 and size >= 16
    smaller = mkimage.call("-o", out.with_name("s.img"), *options, "--size", f"{size - 1}M")
    assert smaller.returncode != 0, f"{size - 1}M is enough"
    print(f"{mib} MiB of files: {size}M; a MiB less: {smaller.stderr.splitlines()[0]}")
    assert mkimage.check(out)["boots"]


def test_gnu_objcopy_will_do(out, tmp_path):
    """For users without LLVM: the first one on the path counts."""
    programs = tmp_path / "bin"
    programs.mkdir()
    for name in ("objcopy", "mkfs.fat", "fsck.fat", "mcopy", "mmd"):
        found = shutil.which(name, path=SYSTEM)
        if found is None:
            pytest.skip(f"no {name} here")
        (programs / name).symlink_to(found)
    debug = paths.KERNEL.with_suffix(".debug")
    mkimage.make(out, "--kernel", debug, "--cmdline", "exit", env={"PATH": str(programs)})
    found = mkimage.check(out)
    assert found["boots"] and found["kernel"]["bytes"] < debug.stat().st_size
    boots.ready(out)


def test_a_kernel_of_somebody_else(out):
    mkimage.make(out, "--kernel", paths.KERNELS / "probe_dynamic.elf", "--size", "auto")
    boots.probe(out)


def test_module_reaches_the_kernel(out, tmp_path):
    data = bytes(range(256)) * 10
    (tmp_path / "data.bin").write_bytes(data)
    kernel = images.store(probe_elf.probe().bytes(), ".elf")
    mkimage.make(out, "--kernel", kernel, "--module", f"{tmp_path}/data.bin=my-data")
    assert boots.modules(boots.probe(out)["serial"]) == [("my-data", len(data), zlib.crc32(data))]


def test_json_tells_what_was_made(out, tmp_path):
    (tmp_path / "note.txt").write_text("123456789")
    result = mkimage.call("-o", out, "--kernel", paths.KERNEL, "--json", "--file",
                          f"{tmp_path}/note.txt:/docs/note.txt", "--size", "20M")
    made = json.loads(result.stdout)
    assert result.returncode == 0 and made["image"] == str(out) and made["format"] == "raw"
    assert made["bytes"] == out.stat().st_size == 20 * MIB
    assert made["volume"] == {"first": 2048, "sectors": 19 * MIB // SECTOR, "fat": 16,
                              "cluster_bytes": 512, "label": "COLDSTART"}
    assert made["files"][-1] == {"path": "/docs/note.txt", "bytes": 9, "crc32c": "e3069283"}
    build_id, = struct.unpack_from("<I", paths.STAGE2.read_bytes(), 12)
    assert made["stage2"]["build_id"] == made["signature"] == f"{build_id:08x}"


def test_the_front_is_the_program(out):
    """tools/mkimage builds what is missing and hands its options over."""
    front = paths.SOURCE / "tools/mkimage"
    if paths.BUILD != paths.SOURCE / "build":
        pytest.skip("it builds in build/, and this build is elsewhere")
    result = images.run(front, "-o", out, "--kernel", paths.KERNEL, "--json")
    assert json.loads(result)["image"] == str(out)
    assert out.read_bytes() == paths.IMAGE.read_bytes()


def test_help_is_what_the_page_says():
    page = (paths.SOURCE / "docs/mkimage.md").read_text()
    block, = re.findall(r"(?ms)^```\n(Usage:.*?)^```", page)
    assert mkimage.call("--help").stdout == block
