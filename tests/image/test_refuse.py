#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""What coldstart-mkimage refuses: one sentence, the old image as it was, and nothing left beside it."""
import os
import resource
import shutil
import signal
import subprocess
import time

import pytest

import mkimage
from vmlib import elf_edit, images, paths, probe_elf

MIB = 1 << 20
OLD = b"the old image"
SYSTEM = "/usr/sbin:/sbin:/usr/bin:/bin"
READY_GUARD_S = 30


def writable_code():
    elf = probe_elf.probe()
    return elf.segment_set(1, flags=elf_edit.PF_R | elf_edit.PF_W | elf_edit.PF_X).bytes()


@pytest.fixture
def places(tmp_path):
    """Files for the command lines below; `out` holds an old image and nothing else."""
    inputs, out = tmp_path / "in", tmp_path / "out"
    inputs.mkdir()
    out.mkdir()
    (out / "x.img").write_bytes(OLD)
    found = {"out": out, "dir": inputs, "kernel": paths.KERNEL, "none": inputs / "none"}
    for name, data in (("w_x", writable_code()), ("text", b"no ELF file\n"), ("a b", b"x"),
                       ("cfg", b"kernel = /boot/kernel.elf\ncolour = red\n"),
                       ("other", b"kernel = /boot/other.elf\n")):
        (inputs / name).write_bytes(data)
        found[name.replace(" ", "_")] = inputs / name
    with open(inputs / "huge", "wb") as file:
        file.truncate(1 << 32)
    found["huge"] = inputs / "huge"
    return found


KERNEL = ["--kernel", "{kernel}"]
MODULES = [word for number in range(17) for word in ("--module", f"{{dir}}/m{number}")]

# name: (options, status, words)
CASES = {
    "no kernel": (["--kernel", "{none}"], 1, "none: no such file"),
    "W^X": (["--kernel", "{w_x}", "--no-strip"], 1,
            "  error E59: a segment is both writable and executable, /boot/kernel.elf, program "
            "header 1, value "),
    "the cure": (["--kernel", "{w_x}", "--no-strip"], 1,
                 "\n  What to do: Give code and data segments of their own"),
    "not ELF": (["--kernel", "{text}"], 1, "  error E50: not an ELF file, /boot/kernel.elf"),
    "how to make it all the same": (["--kernel", "{w_x}", "--no-strip"], 1,
                                    "--force makes it all the same"),
    "bad config": (KERNEL + ["--config", "{cfg}"], 1,
                   "error E41: unknown key, /coldstart.cfg line 2: colour"),
    "config for another": (KERNEL + ["--config", "{other}"], 1,
                           "error E34: file not found, /boot/other.elf, coldstart.cfg line 1"),
    "17 modules": (KERNEL + MODULES, 1,
                   "error E46: more modules or checksums than the loader can hold"),
    "label long": (KERNEL + ["--label", "TWELVE-CHARS"], 2, "1 to 11 characters"),
    "label empty": (KERNEL + ["--label", ""], 2, "1 to 11 characters"),
    "label dot": (KERNEL + ["--label", "A.B"], 2, "none of"),
    "label beyond ASCII": (KERNEL + ["--label", "KÄSE"], 2, "only ASCII"),
    "signature short": (KERNEL + ["--signature", "123"], 2, "eight hex digits"),
    "signature no hex": (KERNEL + ["--signature", "0123456x"], 2, "eight hex digits"),
    "signature zero": (KERNEL + ["--signature", "00000000"], 2, "a disk has none"),
    "video": (KERNEL + ["--video", "640x480"], 2, "WIDTHxHEIGHTxBITS"),
    "kernel path": (KERNEL + ["--kernel-path", "kernel.elf"], 2, "a path on the volume"),
    "kernel path long": (KERNEL + ["--kernel-path", "/" + "x" * 255], 2, "a path on the volume"),
    "command line long": (KERNEL + ["--cmdline", "x" * 1024], 2, "at most 1023 bytes"),
    "config and video": (KERNEL + ["--config", "{cfg}", "--video", "text"], 2, "not both"),
    "config and path": (KERNEL + ["--config", "{cfg}", "--kernel-path", "/k"], 2, "not both"),
    "format": (KERNEL + ["--format", "tape"], 2, "raw, vhd, vmdk, qcow2 or iso"),
    "check and make": (KERNEL + ["--check", "{kernel}"], 2, "not both"),
    "size": (KERNEL + ["--size", "64"], 2, "64M or 1G, or auto"),
    "no FAT12 that large": (KERNEL + ["--size", "auto", "--fat", "12", "--file",
                                      "{dir}/m_large:/x"], 2, "no volume of this FAT"),
    "4 GiB": (KERNEL + ["--file", "{huge}:/huge"], 1, "less than 4 GiB"),
    "name with colon": (KERNEL + ["--file", "{text}:/a:b"], 1, "cannot have the name /a:b"),
    "name with dot": (KERNEL + ["--file", "{text}:/a./b"], 1, "cannot have the name"),
    "name empty": (KERNEL + ["--file", "{text}:/a//b"], 1, "cannot have the name"),
    "path of a folder": (KERNEL + ["--file", "{text}:/a/"], 2, "not a file's path"),
    "module with a blank": (KERNEL + ["--module", "{a_b}"], 1, "no blanks"),
    "module's name with a blank": (KERNEL + ["--module", "{text}=a b"], 1, "no blanks"),
    "same module twice": (KERNEL + ["--module", "{text}", "--module", "{text}"], 1,
                          "cannot be put on the volume as /boot/text"),
    "folder missing": (KERNEL + ["--folder", "{none}"], 1, "none: No such file"),
    "folder is a file": (KERNEL + ["--folder", "{text}"], 1, "not a folder"),
    "option": (["--frob"], 2, "no such option: --frob"),
    "word": (KERNEL + ["word"], 2, "no such option: word"),
}


@pytest.mark.parametrize("case", CASES)
def test_refused(places, case):
    options, status, words = CASES[case]
    for number in range(17):
        (places["dir"] / f"m{number}").write_bytes(b"x")
    with open(places["dir"] / "m_large", "wb") as file:
        file.truncate(200 * MIB)
    result = mkimage.call("-o", places["out"] / "x.img",
                          *(option.format(**places) for option in options))
    print(result.stderr)
    assert result.returncode == status
    assert result.stderr.startswith("mkimage: ") and words in result.stderr
    assert result.stdout == ""
    assert [path.name for path in places["out"].iterdir()] == ["x.img"]
    assert (places["out"] / "x.img").read_bytes() == OLD


def test_a_pipe_in_a_folder(places):
    folder = places["dir"] / "folder"
    folder.mkdir()
    os.mkfifo(folder / "pipe")
    result = mkimage.call("-o", places["out"] / "x.img", "--kernel", paths.KERNEL, "--folder", folder)
    assert result.returncode == 1 and "not a file" in result.stderr


@pytest.mark.parametrize("out, words", [("/dev/null", "not a plain file"), ("{out}", "is a folder"),
                                        ("{none}/x.img", "no folder")])
def test_no_place_for_it(places, out, words):
    result = mkimage.call("-o", out.format(**places), "--kernel", paths.KERNEL)
    assert result.returncode == 1 and words in result.stderr


def test_force_makes_it_and_says_so(places):
    out = places["out"] / "x.img"
    result = mkimage.call("-o", out, "--kernel", places["w_x"], "--no-strip", "--force")
    assert result.returncode == 0 and "the loader will refuse it: error E59" in result.stderr
    assert not mkimage.check(out)["boots"]


def test_a_full_disk(places):
    """A limit on the size of files stands for it: no byte behind it can be written."""
    limit = 4 * MIB
    result = mkimage.call("-o", places["out"] / "x.img", "--kernel", paths.KERNEL,
                          preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)))
    assert result.returncode == 1 and "File too large" in result.stderr
    assert [path.name for path in places["out"].iterdir()] == ["x.img"]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal(places, number):
    """In the middle of the work: while mkfs.fat runs."""
    programs = places["dir"] / "bin"
    programs.mkdir()
    began = places["dir"] / "began"
    slow = programs / "mkfs.fat"
    slow.write_text(f"#!/bin/sh\n: >'{began}'\nsleep 1\nexec {shutil.which('mkfs.fat', path=SYSTEM)} \"$@\"\n")
    slow.chmod(0o755)
    process = subprocess.Popen([paths.MKIMAGE, "-o", places["out"] / "x.img", "--kernel", paths.KERNEL],
                               env={"PATH": f"{programs}:{SYSTEM}"}, stderr=subprocess.PIPE,
                               stdout=subprocess.DEVNULL, text=True)
    guard = time.monotonic() + READY_GUARD_S
    while not began.exists() and time.monotonic() < guard:
        time.sleep(0.01)
    process.send_signal(number)
    _, said = process.communicate()
    assert process.returncode == 128 + number and "stopped by a signal" in said
    assert [path.name for path in places["out"].iterdir()] == ["x.img"]
    assert (places["out"] / "x.img").read_bytes() == OLD


def test_objcopy_missing(places):
    programs = places["dir"] / "bin"
    programs.mkdir()
    for name in ("mkfs.fat", "fsck.fat", "mcopy", "mmd"):
        (programs / name).symlink_to(shutil.which(name, path=SYSTEM))
    words = ["-o", places["out"] / "y.img", "--kernel", paths.KERNEL]
    result = mkimage.call(*words, env={"PATH": str(programs)})
    assert result.returncode == 1 and "apt install llvm, or binutils" in result.stderr
    assert mkimage.call(*words, "--no-strip", env={"PATH": str(programs)}).returncode == 0
    assert images.run("mdir", "-i", f"{places['out']}/y.img{images.PARTITION}", "::/")
