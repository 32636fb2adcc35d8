# SPDX-License-Identifier: MIT
"""A build of its own with an option of CMake that lets code check itself, and boots of it."""

import shutil
import subprocess

import tree

QEMU_SUCCESS, QEMU_FAILURE = 33, 35
MACHINE = ["-accel", "tcg", "-M", "q35", "-cpu", "max", "-display", "none", "-monitor", "none", "-serial",
           "stdio", "-nic", "none", "-no-reboot", "-device", "isa-debug-exit,iobase=0xf4,iosize=4"]


def build(folder, option):
    """Configure with -DOPTION=ON and build the image there; the folder."""
    tree.need("qemu-system-x86_64", "mcopy")
    configured = tree.run(["cmake", "-G", "Ninja", "-S", tree.ROOT, "-B", folder,
                           "-DCMAKE_C_COMPILER=clang", f"-D{option}=ON"])
    assert configured.returncode == 0, configured.stderr
    built = tree.run(["cmake", "--build", folder, "--target", "boot"])
    assert built.returncode == 0, built.stdout
    return folder


def boot(folder, scratch, words, memory, seconds):
    """A boot of a build with these words on the kernel's command line; its finished process. The
    seconds guard against a hang."""
    program = (f'. "{tree.ROOT}/tools/lib/common.sh"; . "{tree.ROOT}/tools/lib/image.sh"\n'
               'image=$1; set_command_line "$2" "$3"\n')
    image = shutil.copy(folder / "coldstart.img", scratch)
    assert tree.run(["bash", "-c", program, "run", image, words, scratch]).returncode == 0
    return tree.run(["timeout", "-k", "1", str(seconds), "qemu-system-x86_64", *MACHINE, "-m", memory,
                     "-drive", f"file={image},format=raw,if=ide,snapshot=on"],
                    stdin=subprocess.DEVNULL)


def disassembly(elf):
    return tree.run(["llvm-objdump", "-d", "--no-show-raw-insn", elf]).stdout
