# SPDX-License-Identifier: MIT
"""The KASAN build: every load and store of the kernel's C is checked. Nothing is found on the way to
the prompt or in any self-test, and each kind of wrong access is reported in words."""

import re
import shutil
import subprocess

import pytest

import tree

QEMU = ["timeout", "-k", "1", "300", "qemu-system-x86_64", "-accel", "tcg", "-M", "q35", "-m", "32M",
        "-cpu", "max", "-display", "none", "-monitor", "none", "-serial", "stdio", "-nic", "none",
        "-no-reboot", "-device", "isa-debug-exit,iobase=0xf4,iosize=4"]
QEMU_SUCCESS = 33
QEMU_FAILURE = 35
CHECK = re.compile(r"call\w*\s.*<__asan_(?:load|store)(?:\d+|N)_noabort>")

# Disaster: the report's first line, and the function that did it.
REPORTS = {
    "kasan-global": (r"global out of bounds: write of 1 byte at 0x\w+, "
                     r"right behind the variable kasan_object of 24 bytes", "write_behind"),
    "kasan-stack": (r"stack out of bounds: write of 1 byte at 0x\w+, "
                    r"right behind the local variable local_object of 24 bytes", "write_behind"),
    "kasan-memcpy": (r"global out of bounds: read of 25 bytes at 0x\w+, "
                     r"right behind the variable kasan_object of 24 bytes", "provoke_kasan_memcpy"),
    "kasan-heap": (r"heap out of bounds: write of 1 byte at 0x\w+, "
                   r"right behind a block of 24 bytes", "write_behind"),
    "kasan-free": (r"use after free: write of 1 byte at 0x\w+, "
                   r"byte 24 of a freed block of 48 bytes", "write_behind"),
    "kasan-frame": (r"use of a free frame: write of 1 byte at 0x\w+, "
                    r"byte 24 of a frame of 4096 bytes", "write_behind"),
    "heap-double-free": (r"the block of 64 bytes at 0x\w+ was freed twice; "
                         r"allocated by provoke_heap_double_free", "provoke_heap_double_free"),
}


@pytest.fixture(name="build", scope="module")
def kasan_build():
    tree.need("qemu-system-x86_64", "mcopy")
    folder = tree.BUILD / "kasan"
    configured = tree.run(["cmake", "-G", "Ninja", "-S", tree.ROOT, "-B", folder,
                           "-DCMAKE_C_COMPILER=clang", "-DCOLDSTART_KASAN=ON"])
    assert configured.returncode == 0, configured.stderr
    built = tree.run(["cmake", "--build", folder, "--target", "boot"])
    assert built.returncode == 0, built.stdout
    return folder


@pytest.fixture(name="boot")
def booting(build, tmp_path):
    """A function that boots the KASAN build with a command line: (status, what it said)."""
    def boot(command_line):
        image = shutil.copy(build / "coldstart.img", tmp_path)
        program = (f'. "{tree.ROOT}/tools/lib/common.sh"; . "{tree.ROOT}/tools/lib/image.sh"\n'
                   'image=$1; set_command_line "$2" "$3"\n')
        assert tree.run(["bash", "-c", program, "run", image, command_line,
                         tmp_path]).returncode == 0
        result = tree.run([*QEMU, "-drive", f"file={image},format=raw,if=ide,snapshot=on"],
                          stdin=subprocess.DEVNULL)
        return result.returncode, result.stdout
    return boot


def test_the_checks_are_in_it(build):
    plain, checked = (len(CHECK.findall(tree.run(["llvm-objdump", "-d", "--no-show-raw-insn",
                                                  folder / "kernel.elf"]).stdout))
                      for folder in (tree.BUILD, build))
    print(f"{checked} checked loads and stores")
    assert plain == 0 and checked > 3000


def test_it_boots_and_passes_every_self_test(boot):
    status, said = boot("selftest exit")
    assert "\n# " in said, said
    assert "not ok" not in said and status == QEMU_SUCCESS, said
    names = re.findall(r"^ok \d+ - (kasan\..*)$", said, re.MULTILINE)
    assert len(names) > 15 and not [name for name in names if "SKIP" in name]


@pytest.mark.parametrize("name", REPORTS)
def test_a_wrong_access_is_reported(boot, name):
    status, said = boot(f"provoke={name} panic=exit exit")
    words, function = REPORTS[name]
    assert status == QEMU_FAILURE, said
    report = re.search(rf"coldstart: panic: (?:KASAN|heap): {words}", said)
    assert report, said
    assert function in said[report.start():], said
    print(report.group(0))
