#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The same image in Bochs, whose BIOS, CPU models and rules differ from QEMU's (Q22, Q65)."""
import re

import pytest

from vmlib import bochs, boots, errors, images, probe_elf

CPUS = ["corei7_haswell_4770", "corei7_skylake_x", "ryzen"]
NO_LONG_MODE = ["p3_katmai", "pentium"]


@pytest.fixture(scope="module")
def exiting():
    return images.changed(config=images.config("exit"))


def assert_ready(vm):
    """Bochs ends before its UART has sent the very last byte, the line feed."""
    assert re.search(boots.READY, vm.serial), vm.tail()


@pytest.mark.parametrize("cpu", CPUS)
def test_ready(exiting, cpu):
    _, vm = bochs.finished(exiting, cpu=cpu)
    assert_ready(vm)
    assert vm.serial.strip() in vm.e9.replace("\r", ""), "serial and port E9h differ"


@pytest.mark.parametrize("memory", [32, 2048])
def test_memory(exiting, memory):
    _, vm = bochs.finished(exiting, memory=memory)
    assert_ready(vm)


def test_legacy_bios(exiting):
    _, vm = bochs.finished(exiting, bios="BIOS-bochs-legacy")
    assert_ready(vm)


@pytest.mark.parametrize("cpu", NO_LONG_MODE)
def test_cpu_without_long_mode(exiting, cpu):
    with bochs.Bochs(exiting, cpu=cpu) as vm:
        line = vm.wait_for(boots.ERROR).group(0)
    assert line.startswith(errors.sentence("BOOT_E_NO_LONG_MODE"))


def test_large_kernel():
    image = images.changed(config=images.config(""), size="96M",
                           kernel=probe_elf.probe(file_bytes=4 << 20).bytes())
    _, vm = bochs.finished(image)
    assert "probe: ok" in vm.serial, vm.tail()


def test_no_error_that_bochs_would_report(exiting):
    """Bochs complains about what QEMU lets pass; only our own shutdown is allowed to."""
    _, vm = bochs.finished(exiting)
    panics = [line for line in vm.bochs_log.splitlines()
              if ">>PANIC<<" in line and "shutdown requested" not in line]
    assert not panics
