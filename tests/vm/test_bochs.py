#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The same image in Bochs, whose BIOS and rules differ from QEMU's (Q22, Q65). Its CPU models and
memories are the campaign matrix's business.
"""
import re

import pytest

from vmlib import bochs, boots, images, probe_elf


@pytest.fixture(scope="module")
def exiting():
    return images.changed(config=images.config("exit"))


def assert_ready(vm):
    """Bochs ends before its UART has sent the very last byte, the line feed."""
    assert re.search(boots.READY, vm.serial), vm.tail()


def test_ready(exiting):
    _, vm = bochs.finished(exiting)
    assert_ready(vm)
    assert vm.serial.strip() in vm.e9.replace("\r", ""), "serial and port E9h differ"


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
