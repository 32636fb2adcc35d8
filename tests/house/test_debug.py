# SPDX-License-Identifier: MIT
"""The debug build: stage 2's C and the kernel trap on undefined behaviour, and none happens on the
way to the prompt or in any self-test."""

import re
import subprocess

import pytest

import tree

QEMU = ["timeout", "-k", "1", "120", "qemu-system-x86_64", "-accel", "tcg", "-M", "q35", "-m", "256M",
        "-cpu", "max", "-display", "none", "-monitor", "none", "-serial", "stdio", "-nic", "none",
        "-no-reboot", "-device", "isa-debug-exit,iobase=0xf4,iosize=4"]
QEMU_SUCCESS = 33
TRAP = re.compile(r"\bud1l?\b|\bud2\b")


@pytest.fixture(name="build", scope="module")
def debug_build(tmp_path_factory):
    tree.need("qemu-system-x86_64", "mcopy")
    folder = tmp_path_factory.mktemp("debug")
    configured = tree.run(["cmake", "-G", "Ninja", "-S", tree.ROOT, "-B", folder,
                           "-DCMAKE_C_COMPILER=clang", "-DCOLDSTART_UBSAN=ON"])
    assert configured.returncode == 0, configured.stderr
    built = tree.run(["cmake", "--build", folder, "--target", "boot"])
    assert built.returncode == 0, built.stdout
    return folder


def test_the_checks_are_in_it(build):
    for name in ("kernel.elf", "stage2.elf"):
        plain, checked = (len(TRAP.findall(tree.run(["llvm-objdump", "-d", "--no-show-raw-insn",
                                                     folder / name]).stdout))
                          for folder in (tree.BUILD, build))
        print(f"{name}: {plain} trapping instructions, {checked} in the debug build")
        assert checked > plain + 100


def test_it_boots_and_passes_every_self_test(build):
    program = (f'. "{tree.ROOT}/tools/lib/common.sh"; . "{tree.ROOT}/tools/lib/image.sh"\n'
               'image=$1; set_command_line selftest "$2"\n')
    image = build / "coldstart.img"
    assert tree.run(["bash", "-c", program, "run", image, build]).returncode == 0
    result = tree.run([*QEMU, "-drive", f"file={image},format=raw,if=ide,snapshot=on"],
                      stdin=subprocess.DEVNULL)
    assert "\n# " in result.stdout, result.stdout + result.stderr
    assert "not ok" not in result.stdout and result.returncode == QEMU_SUCCESS, result.stdout
