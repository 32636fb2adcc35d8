# SPDX-License-Identifier: MIT
"""What a page may quote: names, and how each is measured on what was built. A measure is taken only
when a page quotes it, and once.
"""
import functools
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests/campaign"), str(ROOT / "tests/vm")]

import combinations  # noqa: E402
import firmware  # noqa: E402
import failing_disk  # noqa: E402
import matrix  # noqa: E402
import poison  # noqa: E402
import repeat  # noqa: E402
import workarounds  # noqa: E402
from vmlib import bench_boot, elf_edit, errors, images, paths, symbols  # noqa: E402


def stage1_labels():
    return symbols.table(paths.BUILD / "stage1.sym")


def stage1_code_bytes():
    """From the first byte behind the BPB to the last instruction."""
    return stage1_labels()["stage1_free"] - stage1_labels()["stage1_entry"]


def stage1_bytes():
    """All of stage 1 that is not spare: up to the last instruction, and the parameters."""
    labels = stage1_labels()
    parameters = labels["stage1_signature"] - labels["stage1_parameters"]
    return labels["stage1_free"] - labels["stage1_start"] + parameters


def kernel_volume_bytes():
    """The kernel's file as the image builder put it on the volume."""
    file = images.fresh(".elf")
    images.run("mcopy", "-n", "-i", f"{paths.IMAGE}{images.PARTITION}", "::/boot/kernel.elf", file)
    return file.stat().st_size


def kernel_loaded_bytes():
    kernel = elf_edit.Elf(paths.KERNEL.read_bytes())
    return sum(kernel.segment_get(index, "filesz") for index in kernel.find(elf_edit.PT_LOAD))


@functools.lru_cache(maxsize=None)
def boot_reading(size, cpu):
    subject = bench_boot.Subject(size)
    return subject.counted(cpu)


def header_constant(name):
    """A plain #define of include/, as a number."""
    for header in sorted((ROOT / "include").rglob("*.h")):
        found = re.search(rf"(?m)^#define {name}\s+(0x[0-9A-Fa-f]+|\d+)", header.read_text())
        if found:
            return int(found.group(1), 0)
    raise LookupError(f"no constant {name} in include/")


MEASURES = {
    "stage1.bytes": stage1_bytes,
    "stage1.code_bytes": stage1_code_bytes,
    "stage2.bytes": lambda: paths.STAGE2.stat().st_size,
    "kernel.volume_bytes": kernel_volume_bytes,
    "kernel.loaded_bytes": kernel_loaded_bytes,
    "image.mib": lambda: paths.IMAGE.stat().st_size // 2**20,
    "status.count": lambda: len(errors.STATUS),
    "steps.count": lambda: len(symbols.steps()),
    "campaign.matrix.cases": lambda: len(matrix.cases()),
    "campaign.firmware.cases": lambda: len(firmware.cases()),
    "campaign.combinations.cases": lambda: len(combinations.cases()),
    "firmware.quirks": lambda: len(firmware.quirks.QUIRKS),
    "campaign.matrix.ready": lambda: sum(row.end == "ready" for row in matrix.cases()),
    "campaign.matrix.E11": lambda: sum(row.end == "E11" for row in matrix.cases()),
    "campaign.failing_disk.cases": lambda: len(failing_disk.cases()),
    "campaign.poison.cases": lambda: len(poison.cases()),
    "campaign.repeat.cases": lambda: len(repeat.cases()),
    "campaign.mutants.cases": lambda: len(workarounds.MUTANTS),
    "quirks.in_source": lambda: len(quirks_in_source()),
}
for size in bench_boot.SIZES:
    for cpu in bench_boot.CPUS:
        name = f"boot.{bench_boot.size_name(size)}.{cpu}"
        MEASURES[f"{name}.instructions"] = (
            lambda size=size, cpu=cpu: boot_reading(size, cpu)["stop"].instructions)
        MEASURES[f"{name}.disk_calls"] = (
            lambda size=size, cpu=cpu: boot_reading(size, cpu)["stop"].disk_calls)


def quirks_in_source():
    """Numbers Qnn that comments of what boots refer to."""
    numbers = set()
    for folder in ("stage1", "stage2", "kernel", "include"):
        for path in (ROOT / folder).rglob("*"):
            if path.suffix in (".asm", ".c", ".h", ".inc"):
                numbers |= set(re.findall(r"\bQ(\d{1,2})\b", path.read_text()))
    return numbers


def measure(name):
    if name in MEASURES:
        return MEASURES[name]()
    if name.isupper():
        return header_constant(name)
    raise LookupError(f"no measure is called {name}; tests/docs/measures.py lists them")
