# SPDX-License-Identifier: MIT
"""Our kernel booted by GRUB or by QEMU's own -kernel (PVH), and what it says then."""
import functools
import pathlib
import re
import shutil
import subprocess

import pytest

from vmlib import boots, images, paths
from vmlib.machine import Hang
from vmlib.qemu import PASSED, Qemu

# The command multiboot2 sets gfxpayload itself, so the user's wish comes behind it.
GRUB_CFG = """\
multiboot2 /boot/kernel.elf {cmdline}
{modules}set gfxpayload={payload}
boot
"""
CANNOT = r"(?m)^coldstart: cannot start: (.*)\n"
TAP_END = r"(?m)^# (\d+) tests, (\d+) failed$"
TESTS_LEAST = 60  # of the kernel's self-tests; a broken run has none


def need_grub():
    for program in ("grub-mkrescue", "grub-file", "xorriso"):
        if not shutil.which(program):
            pytest.skip(f"{program} is not installed")
    if not pathlib.Path("/usr/lib/grub/i386-pc/multiboot2.mod").exists():
        pytest.skip("GRUB's files for BIOS machines are not installed")


@functools.lru_cache(maxsize=None)
def rescue(cmdline="", payload="text", modules=()):
    """An ISO made by grub-mkrescue. modules: (bytes, words behind the file's name) each."""
    need_grub()
    root = images.fresh(".iso.d")
    (root / "boot/grub").mkdir(parents=True)
    shutil.copy(paths.KERNEL, root / "boot/kernel.elf")
    lines = ""
    for number, (data, words) in enumerate(modules):
        (root / f"boot/module{number}").write_bytes(data)
        lines += f"module2 /boot/module{number} {words}\n"
    (root / "boot/grub/grub.cfg").write_text(
        GRUB_CFG.format(payload=payload, cmdline=cmdline, modules=lines))
    iso = images.fresh(".iso")
    images.run("grub-mkrescue", "-o", iso, root)
    return iso


def by_grub(machine="pc", cmdline="", payload="text", modules=(), **options):
    """A machine whose CD-ROM is such an ISO."""
    return Qemu(rescue(cmdline, payload, modules), machine=machine, disk="cd", **options)


def by_pvh(cmdline="", kernel=paths.KERNEL, initrd=None, extra=(), **options):
    """A machine that QEMU itself loads the kernel into."""
    words = ["-kernel", str(kernel), "-append", cmdline]
    if initrd is not None:
        words += ["-initrd", str(images.store(initrd))]
    return Qemu(None, extra=[*words, *extra], **options)


def assert_passed(vm, status):
    """The kernel was ready, audited its pages and passed every test of itself."""
    end = re.search(TAP_END, vm.serial)
    assert end and status == PASSED, vm.tail()
    assert int(end.group(1)) >= TESTS_LEAST and end.group(2) == "0", vm.tail()
    assert re.search(boots.READY, vm.serial), vm.tail()
    assert "page 0 is not mapped; all 4 stacks have a guard page" in vm.serial


def selftest(vm):
    """Run the machine to the end of its self-tests; what it said."""
    with vm:
        status = vm.wait_exit()
    assert_passed(vm, status)
    print(re.search(r"(?m)^  loaded by .*$", vm.serial).group(0).strip())
    return vm.serial


def refusal(vm):
    """The sentence after which the kernel halts."""
    with vm:
        found = vm.wait_for(CANNOT).group(1)
        if vm.ended():
            raise Hang(f"it did not halt but ended\n{vm.tail()}")
    print(found)
    return found


def modules(serial):
    """The kernel's table of modules: [(phys, bytes, name)]."""
    table = serial[serial.index("\nModules:\n"):]
    return [(int(phys, 16), int(size), name) for phys, size, name in
            re.findall(r"(?m)^  0x([0-9a-f]{16}) +(\d+) bytes  (\S+)$", table)]


def memory(vm, phys, size):
    """Bytes of the machine's physical memory."""
    path = vm.folder / "memory.bin"
    vm.qmp.call("pmemsave", val=phys, size=size, filename=str(path))
    return path.read_bytes()


def assert_modules(vm, contents):
    """Each module has the right name, bytes, place, and a zero byte behind it."""
    vm.wait_for(boots.READY)
    found = modules(vm.serial)
    assert [name for _, _, name in found] == [name for name, _ in contents]
    for (phys, size, _), (_, data) in zip(found, contents):
        assert phys % 4096 == 0 and size == len(data)
        assert memory(vm, phys, size + 1) == data + b"\0"


def is_multiboot2(kernel):
    need_grub()
    return subprocess.run(["grub-file", "--is-x86-multiboot2", str(kernel)], check=False
                          ).returncode == 0
