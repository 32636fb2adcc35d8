# SPDX-License-Identifier: MIT
"""Start Bochs without a window: rfb display that waits for nobody, debugger driven by a script.

A guest ends it by writing `Shutdown` to port 8900h.
"""
import pathlib
import re
import shutil
import tempfile

from vmlib.line import Line
from vmlib.machine import HANG_GUARD_S, Machine
from vmlib.screen import TEXT_BYTES, TEXT_PHYS, text_lines, unwrapped

SHARE = pathlib.Path("/usr/share/bochs")
BIOS = "BIOS-bochs-latest"
# Debian only recommends the package vgabios; SeaBIOS's own, which QEMU brings, does as well.
VGA_BIOSES = [SHARE / "VGABIOS-lgpl-latest",
              pathlib.Path("/usr/share/seabios/vgabios-stdvga.bin")]
CONFIGURATION = """\
megs: {memory}
cpu: model={cpu}, count=1, ips=50000000, reset_on_triple_fault=0
romimage: file={bios}
vgaromimage: file={vga_bios}
boot: {boot}
ata0: enabled=1, ioaddr1=0x1f0, ioaddr2=0x3f0, irq=14
{disk}com1: enabled=1, mode=term, dev="{terminal}"
port_e9_hack: enabled=1
display_library: rfb, options="timeout=0"
panic: action=fatal
error: action=report
info: action=ignore
debug: action=ignore
log: {folder}/bochs.log
sound: waveoutdrv=dummy
speaker: enabled=0
"""
SHUTDOWNS = ["Shutdown port: shutdown requested", "ACPI control: soft power off"]
NO_BOOT = "[BIOS  ] No bootable device."  # its BIOS says so, and ends Bochs
# How the boot disk hangs on the machine: what to boot, and the line for it.
ATTACHMENTS = {
    "ata": ("disk", "ata0-master: {hard}"),
    "ata-slave": ("disk", "ata0-slave: {hard}"),
    "cd": ("cdrom", 'ata0-master: type=cdrom, path="{image}", status=inserted'),
    "floppy": ("floppy", 'floppya: 1_44="{image}", status=inserted, write_protected=1'),
    "floppy-2880": ("floppy", 'floppya: 2_88="{image}", status=inserted, write_protected=1'),
}


def exists():
    return shutil.which("bochs") is not None


class Bochs(Machine):
    """A running Bochs; `script` is what its debugger does (`c` runs).

    limit   instead of a script: instructions after which it stops, and dumps the text screen
    rom     an option ROM's file
    second  another disk's image and its place, `master` or `slave`
    network     instead of an image: what DHCP names as boot file, and the network card's ROM, iPXE
    """

    def __init__(self, image=None, cpu="corei7_haswell_4770", memory=256, bios=BIOS, disk="ata",
                 second=None, serial=True, script="c\n", limit=None, rom=None, network=None,
                 extra="", guard=HANG_GUARD_S):
        if limit:
            script = f"s {limit}\nxp /{TEXT_BYTES // 2}hx {TEXT_PHYS:#x}\n"
        if rom:
            extra += f"optromimage1: file={rom}, address=0xd0000\n"
        self.scratch = tempfile.TemporaryDirectory(prefix="coldstart-bochs-")
        folder = pathlib.Path(self.scratch.name)
        vga_bios = next(path for path in VGA_BIOSES if path.exists())
        line = Line(folder / "serial.log")
        if network:
            boot, attachment = "network", card(*network, folder)
        else:
            boot, attachment = attached(pathlib.Path(image), disk, folder)
        configuration = CONFIGURATION.format(
            terminal=line.name, cpu=cpu, memory=memory, bios=SHARE / bios,
            vga_bios=vga_bios, folder=folder, boot=boot,
            disk=attachment + "\n")
        if second:
            extra += f"ata0-{second[1]}: {hard_disk(second[0], folder)}\n"
        if not serial:
            extra += "com1: enabled=0\n"
        (folder / "bochsrc").write_text(configuration + extra)
        (folder / "script").write_text(script + "q\n")
        super().__init__(["bochs", "-q", "-f", folder / "bochsrc", "-rc", folder / "script",
                          "-dbglog", folder / "debugger.log"], folder, line, guard)
        self.has_serial = serial

    def ended_well(self, status):
        """By the guest's own wish. Bochs calls that an error, as it does every end."""
        return status == 1 and any(wish in self.emulator_log for wish in SHUTDOWNS)

    def limit_reached(self, status):
        return status == 0

    def screen_text(self):
        """The text screen, if the limit was reached: as the debugger dumped it."""
        words = re.findall(r"\b0x([0-9a-f]{4})\b", self.emulator_log)
        memory = b"".join(int(word, 16).to_bytes(2, "little") for word in words)
        return unwrapped(text_lines(memory)) if len(memory) >= TEXT_BYTES else ""

    @property
    def gave_up(self):
        return NO_BOOT in self.emulator_log

    @property
    def e9(self):
        """Port E9h goes to standard output, among what Bochs itself says there."""
        return self.emulator_log

    @property
    def bochs_log(self):
        return (self.folder / "bochs.log").read_text(errors="replace")


def attached(image, disk, folder):
    """What to boot, and the line for it."""
    stale = image.with_name(image.name + ".lock")
    stale.unlink(missing_ok=True)
    boot, line = ATTACHMENTS[disk]
    return boot, line.format(image=image, hard=hard_disk(image, folder))


def card(boot_file, rom, folder):
    """A network card in front of a network that has only the host, and its DHCP."""
    dhcp = folder / "dhcp.conf"
    dhcp.write_text(f"# slirp config\nbootfile = {boot_file}\n")
    return ("pci: enabled=1, chipset=i440fx, slot1=e1000\n"
            f"e1000: enabled=1, mac=52:54:00:12:34:56, ethmod=slirp, script={dhcp}, bootrom={rom}")


def hard_disk(image, folder):
    """What an ATA line says of an image: what a guest writes goes to a journal and is lost."""
    journal = folder / f"{pathlib.Path(image).name}.redo"
    return f'type=disk, path="{image}", mode=volatile, journal="{journal}"'


def finished(image, **options):
    """Run until the guest shuts Bochs down: (exit status, machine with its logs)."""
    with Bochs(image, **options) as vm:
        status = vm.wait_exit()
    return status, vm
