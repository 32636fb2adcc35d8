# SPDX-License-Identifier: MIT
"""Start Bochs without a window: rfb display that waits for nobody, debugger driven by a script.

A guest ends it by writing `Shutdown` to port 8900h.
"""
import pathlib
import shutil
import tempfile

from vmlib.machine import HANG_GUARD_S, Machine

SHARE = pathlib.Path("/usr/share/bochs")
BIOS = "BIOS-bochs-latest"
# Debian only recommends the package vgabios; SeaBIOS's own, which QEMU brings, does as well.
VGA_BIOSES = [SHARE / "VGABIOS-lgpl-latest",
              pathlib.Path("/usr/share/seabios/vgabios-stdvga.bin")]
CONFIGURATION = """\
megs: {memory}
cpu: model={cpu}, count=1, ips=50000000, reset_on_triple_fault=0
romimage: file={share}/{bios}
vgaromimage: file={vga_bios}
boot: disk
ata0: enabled=1, ioaddr1=0x1f0, ioaddr2=0x3f0, irq=14
ata0-master: type=disk, path="{image}", mode=volatile, journal="{folder}/disk.redo"
com1: enabled=1, mode=file, dev="{folder}/serial.log"
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


def exists():
    return shutil.which("bochs") is not None


class Bochs(Machine):
    """A running Bochs; `script` is what its debugger does (`c` runs)."""

    def __init__(self, image, cpu="corei7_haswell_4770", memory=256, bios=BIOS, script="c\n",
                 extra="", guard=HANG_GUARD_S):
        self.scratch = tempfile.TemporaryDirectory(prefix="coldstart-bochs-")
        folder = pathlib.Path(self.scratch.name)
        image = pathlib.Path(image)
        stale = image.with_name(image.name + ".lock")
        stale.unlink(missing_ok=True)
        vga_bios = next(path for path in VGA_BIOSES if path.exists())
        configuration = CONFIGURATION.format(image=image, cpu=cpu, memory=memory, bios=bios,
                                             share=SHARE, vga_bios=vga_bios, folder=folder)
        (folder / "bochsrc").write_text(configuration + extra)
        (folder / "script").write_text(script + "q\n")
        super().__init__(["bochs", "-q", "-f", folder / "bochsrc", "-rc", folder / "script",
                          "-dbglog", folder / "debugger.log"], folder, guard)

    @property
    def e9(self):
        """Port E9h goes to standard output, among what Bochs itself says there."""
        return self.emulator_log

    @property
    def bochs_log(self):
        return (self.folder / "bochs.log").read_text(errors="replace")


def finished(image, **options):
    """Run until the guest shuts Bochs down: (exit status, machine with its logs)."""
    with Bochs(image, **options) as vm:
        status = vm.wait_exit()
    return status, vm
