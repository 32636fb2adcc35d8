# SPDX-License-Identifier: MIT
"""Building a sample as its page says, and talking to it at its prompt."""
import re
import subprocess

from vmlib import bochs, paths
from vmlib.bochs import Bochs
from vmlib.qemu import PASSED, Qemu

BUILD = paths.BUILD
SAMPLES = ["c-clang", "c-gcc", "nasm"]
GREETING = {"c-clang": "hello from C, built by clang", "c-gcc": "hello from C, built by gcc",
            "nasm": "hello from NASM"}
SOURCE = {"c-clang": "kernel.c", "c-gcc": "kernel.c", "nasm": "kernel.asm"}
REQUIRE = re.compile(r"(?m)^(BOOT_REQUIRE\(|coldstart_require )1, .*$")
PROMPT = r"(?m)^> $"


def run(*words, **options):
    words = [str(word) for word in words]
    result = subprocess.run(words, text=True, capture_output=True, **options)
    assert result.returncode == 0, f"{' '.join(words)}\n{result.stdout}{result.stderr}"
    return result.stdout + result.stderr


def build(name, folder, prefix):
    """The image of a sample, built without a warning."""
    if name == "c-clang":
        said = run("cmake", "-B", folder / "build", "-DCMAKE_C_COMPILER=clang",
                   f"-DCMAKE_PREFIX_PATH={prefix}", "-S", folder)
        said += run("cmake", "--build", folder / "build")
        image = folder / "build/kernel.img"
    else:
        said = run("make", "-C", folder, f"PREFIX={prefix}")
        image = folder / "kernel.img"
    assert "warning" not in said, said
    return image


def require(name, folder, needs):
    """Give a sample's source other needs: `needs` is what stands in the brackets."""
    path = folder / SOURCE[name]
    end = ");" if name != "nasm" else ""
    text, count = REQUIRE.subn(rf"\g<1>{needs}{end}", path.read_text())
    assert count == 1
    path.write_text(text)


def machines():
    return [Qemu, Bochs] if bochs.exists() else [Qemu]


def talk(vm):
    """Every command of the prompt, and the way out; what the guest said."""
    answers = {"help": r"commands: help, mem, exit\n> $", "mem": r"> mem\nmemory: \d+ KiB free.*\n> $",
               "Hello, 2 you": r"you said: Hello, 2 you\n> $"}
    vm.wait_for(PROMPT)
    for line, answer in answers.items():
        vm.type(line + "\r")
        vm.wait_for(answer)
    vm.type("exit\r")
    status = vm.wait_exit()
    assert vm.ended_well(status), vm.tail()
    assert vm.serial.endswith("> exit\nbye\n"), vm.tail()
    return vm.serial


def booted(image, **options):
    """Boot in QEMU with `exit` on the command line: the machine, ended."""
    with Qemu(image, **options) as vm:
        status = vm.wait_exit()
    assert status == PASSED, vm.tail()
    return vm
