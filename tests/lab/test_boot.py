#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The image boots over the network, unchanged, from tools/serve: by HTTP and by iSCSI, through the
iPXE that QEMU's network cards bring.
"""
import functools

import pytest

import serving
from vmlib import bochs, boots, images, paths
from vmlib.qemu import FAILED, PASSED, Qemu

# Some BIOSes fail at more sectors in a call, and iPXE's is silently wrong (QUIRK Q19).
MOST_BYTES = 127 * 512
BY = ("http", "iscsi")


@pytest.fixture(autouse=True)
def programs():
    serving.need("lighttpd", "tgtd")


@functools.lru_cache(maxsize=None)
def image(cmdline):
    return images.changed(config=images.config(cmdline))


@functools.lru_cache(maxsize=None)
def writer():
    """A boot sector that writes to its drive: status PASSED when the BIOS said it is done."""
    sector = (paths.KERNELS / "writer.bin").read_bytes()
    return images.store(sector + bytes(images.base().stat().st_size - len(sector)), ".img")


def finished(served, **options):
    """Boot a machine without a disk until it leaves by itself."""
    with Qemu(network=served.script, memory=64, **options) as vm:
        status = vm.wait_exit()
    return status, vm


@pytest.mark.parametrize("by", BY)
def test_boots_and_passes_its_self_tests(by, tmp_path):
    disk = image("selftest exit")
    before = disk.read_bytes()
    with serving.Served(tmp_path, f"--{by}", images=[disk]) as served:
        status, vm = finished(served)
        assert served.copies()[disk.name] == before, "the served copy changed"
    assert status == PASSED, vm.tail()
    assert "coldstart: disk 80h (EDD), partition 1, FAT32\n" in vm.serial
    assert disk.read_bytes() == before
    assert list(served.scratch.iterdir()) == [], "something stayed behind"


def test_what_a_boot_asks_for(tmp_path):
    """Whole sectors, never more than MOST_BYTES of them; stage 2 and the kernel come once."""
    disk = image("exit")
    with serving.Served(tmp_path, images=[disk]) as served:
        status, vm = finished(served)
    reads = served.reads()
    assert status == PASSED, vm.tail()
    assert {read.image for read in reads} == {disk.name}
    for read in reads:
        assert read.first % 512 == 0 and (read.last + 1) % 512 == 0, read
        assert read.bytes == read.last + 1 - read.first <= MOST_BYTES, read
    total = sum(read.bytes for read in reads)
    contents = paths.STAGE2.stat().st_size + paths.KERNEL.stat().st_size
    print(f"bench lab.http.requests {len(reads)} calls\nbench lab.http.bytes {total} bytes")
    assert paths.STAGE2.stat().st_size < total < 2 * contents
    assert f"{len(reads)} reads, {total} bytes, from 1 addresses" in served.output


@pytest.mark.parametrize("by", BY)
def test_nobody_can_write(by, tmp_path):
    with serving.Served(tmp_path, f"--{by}", images=[writer()]) as served:
        status, vm = finished(served)
        after = served.copies()[writer().name]
    assert status == FAILED, f"INT 13h AH=43h was believed to work\n{vm.tail()}"
    assert after == writer().read_bytes()


@pytest.mark.parametrize("by", BY)
def test_two_machines_at_once_and_a_choice(by, tmp_path):
    """One takes the menu's second image, the other waits until the first is taken."""
    first, second = image("exit"), image("exit provoke=panic panic=exit")
    with serving.Served(tmp_path, f"--{by}", images=[first, second]) as served:
        with Qemu(network=served.script, nic="virtio-net-pci", memory=64) as one, \
                Qemu(network=served.script, memory=64) as other:
            boots.until(lambda: first.name in one.screen_text(), "iPXE's menu", guard=60)
            one.send_key("down")
            one.send_key("ret")
            assert one.wait_exit() == FAILED, one.tail()
            assert other.wait_exit() == PASSED, other.tail()


def test_the_pc_has_a_disk_of_its_own(tmp_path):
    """It becomes drive 81h, is not booted, and is not written to."""
    own = images.store(bytes(16 << 20), ".img")
    with serving.Served(tmp_path, images=[image("")]) as served:
        with Qemu(own, network=served.script, memory=64, bootindex=1) as vm:
            vm.wait_for(boots.READY)
            assert vm.disk_statistics()["wr_operations"] == 0
    assert "coldstart: disk 80h (EDD)" in vm.serial


def test_bochs_boots_by_http(tmp_path):
    """The same ROM on another machine: another BIOS, another card, other DHCP."""
    serving.need("bochs")
    with serving.Served(tmp_path, images=[image("exit")]) as served:
        with bochs.Bochs(network=(served.script, serving.ipxe_rom()), memory=64) as vm:
            vm.wait_for(boots.READY)
            assert vm.ended_well(vm.wait_exit()), vm.tail()
    assert "coldstart: disk 80h (EDD), partition 1, FAT32\n" in vm.serial
