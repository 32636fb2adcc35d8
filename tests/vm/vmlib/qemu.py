# SPDX-License-Identifier: MIT
"""Start QEMU with one boot disk, or without one. Always TCG: KVM is not needed and not used."""
import pathlib
import shutil
import tempfile

from vmlib import paths
from vmlib.line import Line
from vmlib.machine import HANG_GUARD_S, Machine
from vmlib.qmp import Qmp
from vmlib.screen import TEXT_BYTES, TEXT_PHYS, Picture, text_lines, unwrapped

PASSED, FAILED = 33, 35  # isa-debug-exit: (value << 1) | 1 of 10h and 11h
LIMIT_REACHED = 98  # the watchdog plugin's

# How the disk hangs on the machine; the drive itself is `id=disk`.
ATTACHMENTS = {
    "ahci": ["-device", "ich9-ahci,id=ahci", "-device", "ide-hd,bus=ahci.0,drive=disk"],
    "ide": ["-device", "ide-hd,bus=ide.0,drive=disk"],
    "cd": ["-device", "ide-cd,bus=ide.1,drive=disk"],
    "virtio": ["-device", "virtio-blk-pci,drive=disk"],
    "virtio-modern": ["-device", "virtio-blk-pci,drive=disk,disable-legacy=on"],
    "virtio-scsi": ["-device", "virtio-scsi-pci", "-device", "scsi-hd,drive=disk"],
    "nvme": ["-device", "nvme,serial=1,drive=disk"],
    "nvme4k": ["-device", "nvme,serial=1,drive=disk,logical_block_size=4096,"
               "physical_block_size=4096"],
    "usb": ["-device", "qemu-xhci", "-device", "usb-storage,drive=disk"],
    "usb-uhci": ["-device", "piix3-usb-uhci", "-device", "usb-storage,drive=disk"],
    "usb-ohci": ["-device", "pci-ohci", "-device", "usb-storage,drive=disk"],
    "usb-ehci": ["-device", "usb-ehci", "-device", "usb-storage,drive=disk"],
    "sd": ["-device", "sdhci-pci", "-device", "sd-card,drive=disk"],
    "floppy": ["-device", "floppy,drive=disk"],
    "floppy-2880": ["-device", "floppy,drive=disk,drive-type=288"],
}
for controller in ("lsi53c895a", "megasas", "megasas-gen2", "mptsas1068", "pvscsi", "am53c974",
                   "dc390"):
    ATTACHMENTS[controller] = ["-device", controller, "-device", "scsi-hd,drive=disk"]
# These have no bootindex of their own; what makes them the first.
FIRST = {"floppy": ["-global", "isa-fdc.bootindexA=0"],
         "floppy-2880": ["-global", "isa-fdc.bootindexA=0"], "sd": []}
SPARSE_FROM_MIB = 4096
KEYS = {"\r": "ret", " ": "spc", ".": "dot", ",": "comma", "-": "minus"}
HOST = "10.0.2.2"  # what the user network calls the host's 127.0.0.1


def exists():
    return shutil.which("qemu-system-x86_64") is not None


class Qemu(Machine):
    """A running QEMU. Leave it with `with`; what it said stays readable afterwards.

    image   None: no disk at all
    network     what DHCP names as boot file; the network card's own iPXE fetches it from HOST
    limit  guest instructions, firmware included, after which it ends with LIMIT_REACHED
    rom    an option ROM's file
    ram_file    what RAM holds at power-on; with `ram_shared` it is RAM, for others to look at
    serial      "file": what it says goes to the log without a terminal between; nothing can be typed
    """

    def __init__(self, image=None, machine="pc", disk="ahci", memory=256, cpu="qemu64", vga="std",
                 writable=False, exit_device=True, serial=True, debugcon=True, blkdebug=None, plugin=None,
                 limit=None, rom=None, ram_file=None, ram_shared=False, drive_options="",
                 image_format="raw", bootindex=0, network=None, nic="e1000", extra=(),
                 guard=HANG_GUARD_S):
        self.scratch = tempfile.TemporaryDirectory(prefix="coldstart-vm-")
        folder = pathlib.Path(self.scratch.name)
        command = ["qemu-system-x86_64", "-accel", "tcg", "-display", "none", "-monitor", "none",
                   "-nodefaults", "-no-reboot", "-cpu", cpu, "-vga", vga,
                   "-qmp", f"unix:{folder}/qmp,server=on,wait=off"]
        line = Line(folder / "serial.log")
        port = ["-chardev", f"serial,id=line,path={line.name}", "-serial", "chardev:line"]
        if serial == "file":
            port = ["-serial", f"file:{line.path}"]
        command += port if serial else ["-serial", "none"]
        command += memory_options(machine, memory, ram_file, ram_shared)
        if image:
            command += drive(image, folder, writable, blkdebug, drive_options, image_format)
            command += attached(disk, bootindex)
        if network:
            command += card(network, nic)
        if debugcon:
            command += ["-debugcon", f"file:{folder}/e9.log"]
        if exit_device:
            command += ["-device", "isa-debug-exit,iobase=0xf4,iosize=4"]
        if plugin:
            command += ["-plugin", plugin]
        if rom:
            command += ["-option-rom", str(rom)]
        if limit:
            command += ["-plugin", f"{paths.WATCHDOG},limit={limit}"]
        super().__init__([*command, *extra], folder, line, guard)
        self.has_serial = serial
        self.connection = None

    def ended_well(self, status):
        return status == PASSED

    def limit_reached(self, status):
        return status == LIMIT_REACHED

    def type(self, text):
        """Send text to the guest's serial port, or its keyboard when it has none."""
        if not self.has_serial:
            for letter in text:
                self.send_key(KEYS.get(letter, letter))
            return
        super().type(text)

    @property
    def qmp(self):
        if self.connection is None:
            self.connection = Qmp(self.folder / "qmp")
        return self.connection

    def screen_lines(self):
        path = self.folder / "text.bin"
        self.qmp.call("pmemsave", val=TEXT_PHYS, size=TEXT_BYTES, filename=str(path))
        return text_lines(path.read_bytes())

    def screen_text(self):
        """The screen as text, rows that ran over the edge joined again."""
        return unwrapped(self.screen_lines())

    def screenshot(self):
        path = self.folder / "screen.ppm"
        self.qmp.call("screendump", filename=str(path))
        return Picture(path)

    def save_png(self, path):
        self.qmp.call("screendump", filename=str(path), format="png")

    def send_key(self, *names):
        keys = [{"type": "qcode", "data": name} for name in names]
        self.qmp.call("send-key", keys=keys)

    def disk_statistics(self):
        """Of the boot disk: read and write operations and bytes, as the device asked for them."""
        for entry in self.qmp.call("query-blockstats"):
            if entry.get("device") == "disk":
                return entry["stats"]
        raise LookupError("no boot disk")

    def kill(self):
        super().kill()
        if self.connection is not None:
            self.connection.close()


def memory_options(machine, memory, ram_file, ram_shared):
    """`memory` in MiB; large ones are reserved sparsely."""
    if ram_file:
        return ["-machine", f"{machine},memory-backend=ram", "-m", str(memory), "-object",
                f"memory-backend-file,id=ram,size={memory}M,mem-path={ram_file},"
                f"share={'on' if ram_shared else 'off'}"]
    if memory > SPARSE_FROM_MIB:
        return ["-machine", f"{machine},memory-backend=ram", "-m", str(memory), "-object",
                f"memory-backend-ram,id=ram,size={memory}M,reserve=off"]
    return ["-machine", machine, "-m", str(memory)]


def attached(disk, bootindex):
    """The boot disk's device, the one to boot first unless `bootindex` is None."""
    words = list(ATTACHMENTS[disk])
    if disk in FIRST:
        return words + FIRST[disk]
    if bootindex is not None:
        words[-1] += f",bootindex={bootindex}"
    return words


def card(boot_file, model):
    """A network card in front of a network that has only the host, and its DHCP."""
    return ["-netdev", f"user,id=net,bootfile={boot_file}", "-device",
            f"{model},netdev=net,bootindex=0"]


def drive(image, folder, writable, blkdebug, options, image_format):
    """The boot disk. Unless `writable`, what a guest writes goes to an overlay and is lost."""
    name = str(image)
    if blkdebug:
        rules = folder / "blkdebug.conf"
        rules.write_text(blkdebug)
        name = f"blkdebug:{rules}:{image}"
    snapshot = "off" if writable else "on"
    rest = f",{options}" if options else ""
    return ["-drive", f"file={name},format={image_format},if=none,id=disk,snapshot={snapshot}{rest}"]


def finished(image, **options):
    """Run until the guest leaves by itself: (exit status, machine with its logs)."""
    with Qemu(image, **options) as vm:
        status = vm.wait_exit()
    return status, vm
