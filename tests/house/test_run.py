# SPDX-License-Identifier: MIT
"""tools/run: what it asks QEMU for, what it makes of QEMU's answer, and real boots of the image."""

import hashlib
import os
import shutil
import subprocess

import pytest

import tree

FAKE_QEMU = '#!/bin/bash\nprintf "%s\\n" "$@" >"$ARGUMENTS"\nexit "$STATUS"\n'
READY = "coldstart: kernel ready"


def fake_boot(folder, status, *options):
    """Let tools/lib/qemu.sh boot a QEMU that only writes down its arguments."""
    (folder / "qemu-system-x86_64").write_text(FAKE_QEMU)
    (folder / "qemu-system-x86_64").chmod(0o755)
    settings = "memory=256M cpus=1 display=no kvm=no"
    program = (f'. "{tree.ROOT}/tools/lib/common.sh"; . "{tree.ROOT}/tools/lib/qemu.sh"\n'
               f'{settings}; run_qemu "$@"\n')
    environment = {"PATH": f"{folder}:{os.environ['PATH']}", "STATUS": str(status),
                   "ARGUMENTS": str(folder / "arguments")}
    result = tree.run(["bash", "-c", program, "run", *options], env=environment)
    return result.returncode, (folder / "arguments").read_text().splitlines()


@pytest.mark.parametrize("qemu, ours", [(33, 0), (35, 1), (0, 0), (7, 7)])
def test_exit_status(tmp_path, qemu, ours):
    assert fake_boot(tmp_path, qemu)[0] == ours


def test_qemu_is_asked_not_to_write(tmp_path):
    _, arguments = fake_boot(tmp_path, 33, "-name", "two words")
    drive = arguments[arguments.index("-drive") + 1]
    assert "snapshot=on" in drive and "format=raw" in drive
    assert arguments[arguments.index("-accel") + 1] == "tcg"
    assert arguments[-2:] == ["-name", "two words"]


def edited_config(folder, config, text):
    """coldstart.cfg after set_command_line on a small volume that holds `config`."""
    tree.need("mkfs.fat", "mcopy")
    image, before = folder / "disk.img", folder / "before.cfg"
    with image.open("wb") as stream:
        stream.truncate(4 << 20)
    volume = f"{image}@@1M"
    assert tree.run(["mkfs.fat", "--offset", "2048", image, "3072"]).returncode == 0
    before.write_text(config)
    assert tree.run(["mcopy", "-i", volume, before, "::/coldstart.cfg"]).returncode == 0
    program = (f'. "{tree.ROOT}/tools/lib/common.sh"; . "{tree.ROOT}/tools/lib/image.sh"\n'
               'image=$1; set_command_line "$2" "$3"\n')
    result = tree.run(["bash", "-c", program, "run", image, text, folder])
    assert result.returncode == 0, result.stderr
    return tree.run(["mcopy", "-i", volume, "::/coldstart.cfg", "-"]).stdout


@pytest.mark.parametrize("config", [
    "kernel = /k\n", "kernel = /k\ncmdline = old words\n", "cmdline=old\nkernel = /k\n",
    "kernel = /k\r\n  cmdline = old\r\n"])
def test_command_line_is_the_only_one(tmp_path, config):
    text = r'a=b "c d" \n $HOME & %s'
    assert edited_config(tmp_path, config, text) == f"kernel = /k\ncmdline = {text}\n"


def image_hash():
    return hashlib.sha256((tree.BUILD / "coldstart.img").read_bytes()).hexdigest()


def real_boot(*options):
    """tools/run from another folder, without a terminal; its finished process."""
    if tree.BUILD != tree.ROOT / "build":
        pytest.skip("tools/run boots build/coldstart.img, and this build is elsewhere")
    before = image_hash()
    result = tree.run(["timeout", "-k", "1", "120", tree.ROOT / "tools/run", *options], cwd="/",
                      stdin=subprocess.DEVNULL)
    assert image_hash() == before
    return result


def test_qemu_boots_the_image():
    tree.need("qemu-system-x86_64")
    result = real_boot("--cmdline", "exit")
    assert READY in result.stdout, result.stdout + result.stderr
    assert result.returncode == 0
    assert READY in (tree.BUILD / "e9.log").read_text(errors="replace")


def test_bochs_boots_the_image():
    tree.need("bochs")
    result = real_boot("--bochs", "--cmdline", "exit")
    assert READY in result.stdout, result.stdout + result.stderr
    assert result.returncode == 0


def test_a_record_is_replayed():
    """In QEMU, with what only Bochs's BIOS says."""
    tree.need("qemu-system-x86_64")
    record = tree.ROOT / "tests/records/bochs.txt"
    result = real_boot("--record", record, "--cmdline", "record exit")
    assert result.returncode == 0, result.stdout + result.stderr
    assert "int15-e820 base=e8000 length=18000" in result.stdout


@pytest.mark.parametrize("options, status, complaint", [
    (["--record", "/none.txt", "--memory", "1G"], 2, "--record brings its own memory"),
    (["--record", "/none.txt"], 1, "/none.txt: No such file"),
    (["--record", tree.ROOT / "README.md"], 1, "README.md: no record in it"),
    (["--bochs", "--record", tree.ROOT / "tests/records/invented-64-gib.txt"], 1,
     "Bochs cannot have the recorded RAM from 0x80000000 to 0xcf4fffff")])
def test_a_bad_record_boots_nothing(options, status, complaint):
    result = real_boot(*options)
    assert result.returncode == status and complaint in result.stderr
    assert READY not in result.stdout


def test_scratch_files_are_removed(tmp_path):
    if shutil.which("qemu-system-x86_64") is None or tree.BUILD != tree.ROOT / "build":
        pytest.skip("wants QEMU and the usual build folder")
    result = tree.run(["timeout", "60", tree.ROOT / "tools/run", "--cmdline", "exit"],
                      env={**os.environ, "TMPDIR": str(tmp_path)},
                      stdin=subprocess.DEVNULL)
    assert result.returncode == 0 and list(tmp_path.iterdir()) == []
