#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""tools/seal and coldstart-mkimage: the image they make, the same each time; what they refuse, and that
a refusal leaves nothing behind.
"""
import os
import re
import shutil
import struct
import subprocess
import time

import pytest

from vmlib import paths

import disks
from disks import COPY_A, COPY_B, MIB, SECTOR

SEAL = paths.BUILD / "tools/seal/seal"
CRC32C = paths.BUILD / "tools/seal/crc32c"
STAGES = ["--stage1", disks.PRODUCTS / "stage1_65.bin",
          "--stage2", disks.PRODUCTS / "stage2_65.bin"]
FIRST = 2048
VOLUME = "@@1M"
ORDINARY_PATH = "/usr/bin:/bin"  # as users have it, without the system's programs


def run(*words, **options):
    return subprocess.run([str(word) for word in words], text=True, capture_output=True, **options)


def mkimage(out, *options, path=ORDINARY_PATH, stages=STAGES, **environment):
    env = {"PATH": path, "COLDSTART_BUILD": str(paths.BUILD), **environment}
    return run(paths.MKIMAGE, "-o", out, *stages, *options, env=env)


def made(out, *options, **more):
    result = mkimage(out, *options, **more)
    assert result.returncode == 0, result.stderr
    return out


def read_back(image, name):
    result = run("mtype", "-i", f"{image}{VOLUME}", f"::{name}")
    assert result.returncode == 0, result.stderr
    return result.stdout


@pytest.fixture
def kernel(tmp_path):
    path = tmp_path / "a kernel.elf"
    shutil.copy(paths.KERNEL, path)  # the loader must be able to boot it
    return path


def test_same_inputs_same_bytes(tmp_path, kernel):
    module = tmp_path / "module.bin"
    module.write_bytes(os.urandom(50_000))
    options = ["--kernel", kernel, "--cmdline", "exit", "--module", module]
    one = made(tmp_path / "1.img", *options)
    time.sleep(2.1)  # FAT time stamps count two seconds
    os.utime(module, (1, 1))
    two = made(tmp_path / "2.img", *options, TZ="Asia/Tokyo")
    assert one.read_bytes() == two.read_bytes()
    assert one.stat().st_blocks * SECTOR < 8 * MIB, "holes stay holes"


def test_stages_and_table(tmp_path, kernel):
    data = made(tmp_path / "x.img", "--kernel", kernel).read_bytes()
    stage1, stage2 = (path.read_bytes() for path in (STAGES[1], STAGES[3]))
    assert data[:440] == stage1[:440] and data[510:512] == b"\x55\xAA"
    for copy in (COPY_A, COPY_B):
        assert data[copy * SECTOR:][:len(stage2)] == stage2
    assert data[440:444] == stage2[12:16], "the disk's signature is the build id"
    entry = struct.unpack_from("<B3sB3sII", data, 0x1BE)
    sectors = 63 * MIB // SECTOR
    assert entry == (0x80, bytes([32, 33, 0]), 0x0C, bytes([40, 32, 8]), FIRST, sectors)
    assert data[0x1CE:0x1FE] == bytes(48)
    hidden, = struct.unpack_from("<I", data, FIRST * SECTOR + 28)
    assert hidden == FIRST


@pytest.mark.parametrize("options, places", [
    (["--first-bytes", "nt"], {0: b"\x33\xC0\xEB\x56"}),
    (["--no-bpb"], {0x0B: bytes(0x5A - 0x0B)}),
    (["--no-bpb", "--first-bytes", "nt"], {0: b"\x33\xC0\xEB\x56", 0x0B: bytes(0x5A - 0x0B)})])
def test_first_sector_by_choice(tmp_path, kernel, options, places):
    """Nothing else changes; the jump goes to where the other one goes."""
    usual = made(tmp_path / "1.img", "--kernel", kernel).read_bytes()
    wanted = bytearray(usual)
    for place, data in places.items():
        wanted[place:place + len(data)] = data
    assert made(tmp_path / "2.img", "--kernel", kernel, *options).read_bytes() == wanted
    assert usual[1] + 2 == 4 + 0x56


def test_other_programs_agree(tmp_path, kernel):
    image = made(tmp_path / "x.img", "--kernel", kernel)
    seen = 0
    for words, pattern in ((["sfdisk", "-d", image], r"start= +2048, size= +129024, type=c, boot"),
                           (["blkid", "-p", image], r'PTTYPE="dos"'),
                           (["fdisk", "-l", image], r"\*\s+2048\s+131071\s+129024")):
        program = shutil.which(words[0], path="/usr/sbin:/sbin:/usr/bin:/bin")
        if program:
            seen += 1
            assert re.search(pattern, run(program, *words[1:]).stdout), words[0]
    if not seen:
        pytest.skip("no sfdisk, blkid or fdisk here")


@pytest.mark.parametrize("size, fat, bits, kind", [
    ("16M", None, 16, 0x04), ("16M", 12, 12, 0x01), ("32M", 16, 16, 0x04), ("33M", 16, 16, 0x0E),
    ("34M", 32, 32, 0x0C), ("63M", None, 16, 0x0E), ("64M", None, 32, 0x0C), ("100M", 12, 12, 0x0E),
    ("1G", None, 32, 0x0C), ("1G", 16, 16, 0x0E), ("8100M", None, 32, 0x0C)])
def test_sizes_and_kinds(tmp_path, kernel, size, fat, bits, kind):
    options = ["--fat", fat] if fat else []
    image = made(tmp_path / "x.img", "--kernel", kernel, "--size", size, *options)
    with open(image, "rb") as file:
        sector = file.read(SECTOR)
        file.seek(FIRST * SECTOR)
        boot = file.read(SECTOR)
    last, sectors = sector[0x1C3:0x1C6], struct.unpack_from("<I", sector, 0x1CA)[0]
    assert sector[0x1C2] == kind
    assert (FIRST + sectors) * SECTOR == image.stat().st_size
    assert clusters_mean(boot) == bits
    if size == "8100M":
        assert last == bytes([254, 0xFF, 0xFF])
    image.unlink()


def clusters_mean(boot):
    """Which FAT it is, by the number of clusters: the FAT specification's only criterion."""
    cluster, reserved, fats, root, small = struct.unpack_from("<BHBHH", boot, 13)
    fat_small, large, fat_large = (struct.unpack_from("<H", boot, 22)[0],
                                   struct.unpack_from("<I", boot, 32)[0],
                                   struct.unpack_from("<I", boot, 36)[0])
    data = (small or large) - reserved - fats * (fat_small or fat_large) - root * 32 // SECTOR
    clusters = data // cluster
    return 12 if clusters < 4085 else 16 if clusters < 65525 else 32


def test_files_config_and_checksums(tmp_path, kernel):
    module, other = tmp_path / "data.bin", tmp_path / "other.bin"
    module.write_bytes(b"123456789")
    other.write_bytes(b"")
    image = made(tmp_path / "x.img", "--kernel", kernel, "--no-strip", "--cmdline", "a  b=c # d",
                 "--module", f"{module}=nine", "--module", other,
                 "--file", f"{module}:/Docs/More Docs/Read Me.txt", "--file", f"{module}:/docs/x")
    lines = read_back(image, "/coldstart.cfg").splitlines()
    assert "kernel = /boot/kernel.elf" in lines and "cmdline = a  b=c # d" in lines
    assert "module = /boot/data.bin nine" in lines and "module = /boot/other.bin" in lines
    assert "crc32c = /boot/data.bin e3069283" in lines
    crc = run(CRC32C, kernel).stdout.split()[0]
    assert f"crc32c = /boot/kernel.elf {crc}" in lines
    assert read_back(image, "/docs/more docs/read me.txt") == "123456789"


def test_config_is_taken_as_it_is(tmp_path, kernel):
    config = tmp_path / "my.cfg"
    config.write_text("kernel = /boot/kernel.elf\nno = sense")
    image = made(tmp_path / "x.img", "--kernel", kernel, "--config", config, "--force")
    assert read_back(image, "/coldstart.cfg") == config.read_text()


def test_strip(tmp_path):
    source, big = tmp_path / "k.c", tmp_path / "k.elf"
    source.write_text("void _start(void) { for (;;); }\n")
    result = run("clang", "-g", "-nostdlib", "-static", "-o", big, source)
    assert result.returncode == 0, result.stderr
    kept, stripped = (made(tmp_path / f"{option}.img", "--kernel", big, option)
                      for option in ("--no-strip", "--strip"))
    assert "debug_info" in run("mtype", "-i", f"{kept}{VOLUME}", "::/boot/kernel.elf",
                               errors="replace").stdout
    assert "debug_info" not in run("mtype", "-i", f"{stripped}{VOLUME}", "::/boot/kernel.elf",
                                   errors="replace").stdout


def test_recipe_by_hand_gives_the_same(tmp_path, kernel):
    """docs/disk-layout.md, to the letter: the same up to the partition, the same files in it."""
    page = (paths.SOURCE / "docs/disk-layout.md").read_text()
    recipe, = re.findall(r"(?ms)^```sh\n(.*?)^```", page)
    (tmp_path / "build").mkdir()
    for source, name in ((STAGES[1], "stage1.bin"), (STAGES[3], "stage2.bin"),
                         (kernel, "kernel.elf")):
        shutil.copy(source, tmp_path / "build" / name)
    result = run("sh", "-e", "-c", recipe, cwd=tmp_path, env={"PATH": ORDINARY_PATH})
    assert result.returncode == 0, result.stderr
    image = made(tmp_path / "x.img", "--kernel", kernel, "--no-strip")
    by_hand = tmp_path / "by-hand.img"
    assert by_hand.read_bytes()[:MIB] == image.read_bytes()[:MIB]
    assert by_hand.stat().st_size == image.stat().st_size
    back = tmp_path / "back"
    run("mcopy", "-n", "-i", f"{by_hand}{VOLUME}", "::/boot/kernel.elf", back)
    assert back.read_bytes() == kernel.read_bytes()
    assert "kernel = /boot/kernel.elf" in read_back(by_hand, "/coldstart.cfg")


REFUSALS = {
    "no kernel": (["--kernel", "{dir}/none"], 1, "none: no such file"),
    "kernel is a folder": (["--kernel", "{dir}"], 1, "not a file"),
    "kernel is no ELF": (["--kernel", "{text}"], 1, "--no-strip takes it as it is"),
    "kernel is refused": (["--kernel", "{text}", "--no-strip"], 1, "error E50: not an ELF file"),
    "nothing given": ([], 2, "--kernel FILE is missing"),
    "size": (["--kernel", "{text}", "--size", "many"], 2, "--size wants"),
    "too small": (["--kernel", "{text}", "--size", "15M"], 2, "at least 16M"),
    "too large": (["--kernel", "{text}", "--size", "2048G"], 2, "less than 2 TiB"),
    "fat": (["--kernel", "{text}", "--fat", "8"], 2, "12, 16 or 32"),
    "fat32 too small": (["--kernel", "{text}", "--fat", "32", "--size", "33M"], 2, "34M is enough"),
    "fat12 too large": (["--kernel", "{text}", "--fat", "12", "--size", "1G"], 2, "too large"),
    "first bytes": (["--kernel", "{text}", "--first-bytes", "dos"], 2, "bpb or nt"),
    "both": (["--kernel", "{text}", "--config", "{text}", "--cmdline", "x"], 2, "not both"),
    "two lines": (["--kernel", "{text}", "--cmdline", "a\nb"], 2, "one line"),
    "unknown": (["--frobnicate"], 2, "no such option"),
    "no value": (["--kernel"], 2, "needs a value"),
    "file without path": (["--kernel", "{text}", "--no-strip", "--file", "x"], 2, "FILE:/PATH"),
    "file missing": (["--kernel", "{text}", "--no-strip", "--file", "x:/y"], 1, "x: no such file"),
    "name taken": (["--kernel", "{text}", "--no-strip", "--file", "{big}:/boot/Kernel.ELF"], 1,
                   "is the name taken?"),
    "name forbidden": (["--kernel", "{text}", "--no-strip", "--file", "{big}:/boot"], 1, "boot"),
    "volume full": (["--kernel", "{big}", "--no-strip", "--size", "16M"], 1, "put on the volume"),
    "no stage 2": (["--kernel", "{text}", "--stage2", "{text}"], 1, "not a stage 2"),
    "raw stage 2": (["--kernel", "{text}", "--stage2", "{raw}"], 1, "not sealed"),
    "other stage 1": (["--kernel", "{text}", "--stage1", "{other}"], 1, "not sealed together"),
    "no stage 1": (["--kernel", "{text}", "--stage1", "{text}"], 1, "not one sector"),
}


@pytest.mark.parametrize("case", REFUSALS)
def test_refusal_leaves_nothing(tmp_path, case):
    options, status, words = REFUSALS[case]
    inputs, outputs = tmp_path / "in", tmp_path / "out"
    inputs.mkdir()
    outputs.mkdir()
    text, big = inputs / "text", inputs / "big"
    text.write_text("not an ELF file\n")
    with open(big, "wb") as file:
        file.truncate(17 * MIB)
    places = {"dir": inputs, "text": text, "big": big, "raw": disks.PRODUCTS / "dummy65.raw",
              "other": disks.PRODUCTS / "stage1_128.bin"}
    result = mkimage(outputs / "x.img", *(option.format(**places) for option in options))
    print(result.stderr)
    assert result.returncode == status
    assert words in result.stderr
    assert list(outputs.iterdir()) == []


def test_old_image_survives_a_refusal(tmp_path, kernel):
    image = made(tmp_path / "x.img", "--kernel", kernel)
    before = image.read_bytes()
    assert mkimage(image, "--kernel", tmp_path / "none").returncode == 1
    assert image.read_bytes() == before


def test_unwritable_folder(tmp_path, kernel):
    result = mkimage(tmp_path / "nowhere" / "x.img", "--kernel", kernel)
    assert result.returncode == 1 and "nowhere" in result.stderr


def test_missing_tool_is_named(tmp_path, kernel):
    programs = tmp_path / "bin"
    programs.mkdir()
    for name in ("bash", "dirname", "basename"):
        (programs / name).symlink_to(shutil.which(name))
    result = mkimage(tmp_path / "x.img", "--kernel", kernel, path=str(programs))
    assert result.returncode == 1 and "apt install dosfstools mtools" in result.stderr


@pytest.fixture
def seal_inputs(tmp_path):
    stage1, stage2 = tmp_path / "1.raw", tmp_path / "2.raw"
    stage1.write_bytes((paths.BUILD / "stage1.raw").read_bytes())
    stage2.write_bytes((disks.PRODUCTS / "dummy65.raw").read_bytes())
    return tmp_path, stage1, stage2


def seal(folder):
    return run(SEAL, folder / "1.raw", folder / "2.raw", "-o", folder / "1.bin", folder / "2.bin")


def test_seal(seal_inputs):
    folder, _, _ = seal_inputs
    assert seal(folder).returncode == 0
    assert (folder / "1.bin").read_bytes() == STAGES[1].read_bytes()
    assert (folder / "2.bin").read_bytes() == STAGES[3].read_bytes()


@pytest.mark.parametrize("which, change, words", [
    (1, lambda data: data[:-1], "1.raw: stage 1 is not exactly one sector"),
    (1, lambda data: data + b"x", "1.raw: stage 1 is not exactly one sector"),
    (1, lambda data: data[:-1] + b"x", "1.raw: stage 1 does not end in 55 AA"),
    (2, lambda data: data[:20], "2.raw: stage 2 is too short"),
    (2, lambda data: b"x" + data[1:], "2.raw: stage 2 does not start with its magic"),
    (2, lambda data: data + bytes(65536), "2.raw: stage 2 is too large"),
    (2, lambda data: None, "2.raw: No such file"),
])
def test_seal_refuses(seal_inputs, which, change, words):
    folder, *stages = seal_inputs
    changed = change(stages[which - 1].read_bytes())
    if changed is None:
        stages[which - 1].unlink()
    else:
        stages[which - 1].write_bytes(changed)
    result = seal(folder)
    assert result.returncode == 1 and words in result.stderr
    assert not (folder / "1.bin").exists() and not (folder / "2.bin").exists()


def test_seal_cannot_write(seal_inputs):
    folder, stage1, stage2 = seal_inputs
    result = run(SEAL, stage1, stage2, "-o", folder / "none/1.bin", folder / "none/2.bin")
    assert result.returncode == 1 and "none/2.bin" in result.stderr
