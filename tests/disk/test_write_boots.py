#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""A written disk boots, beside a disk with partitions and data that nobody touches."""
import rig
from vmlib import boots, paths
from vmlib.qemu import Qemu

BESIDE = ["-device", "ide-hd,bus=ahci.1,drive=data"]


def test_written_disk_boots_beside_another(tmp_path):
    """A stick larger than the image. Both disks are writable to the guest, and the same afterwards."""
    disk = rig.disk_file(tmp_path, size=80 * rig.MIB, table=rig.TABLE)
    data = rig.disk_file(tmp_path, name="data.img", table=rig.TABLE)
    before = rig.digest(data)
    assert rig.run(disk, "--file", "--yes", disk.name).status == 0
    written = rig.digest(disk)
    assert disk.read_bytes()[:64 * rig.MIB] == paths.IMAGE.read_bytes()
    beside = ["-drive", f"file={data},format=raw,if=none,id=data", *BESIDE]
    with Qemu(disk, writable=True, extra=beside) as vm:
        vm.wait_for(boots.READY)
    assert rig.digest(data) == before and rig.digest(disk) == written


def test_written_loop_device_boots(tmp_path, loops):
    device = loops.attach(rig.disk_file(tmp_path, size=80 * rig.MIB))
    name = device.rpartition("/")[2]
    assert rig.run(device, "--yes", name).status == 0
    with Qemu(device, disk="usb") as vm:
        vm.wait_for(boots.READY)


def test_unfinished_disk_does_not_boot(tmp_path):
    """It had booted before; now the BIOS passes it by."""
    disk = rig.disk_file(tmp_path, size=80 * rig.MIB)
    assert rig.run(disk, "--file", "--yes", disk.name).status == 0
    fault = rig.run(disk, "--file", "--yes", disk.name, fault="write @20000000 die", on=disk)
    assert fault.status not in (0, 1)
    with Qemu(disk) as vm:
        boots.until(lambda: "No bootable device" in vm.screen_text(), "the BIOS finds nothing")
        assert vm.serial == ""
