#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""What a boot costs, from 7C00h to the kernel's first instruction: guest instructions outside the
firmware, phase by phase, INT 13h calls, and host time against the bare reads of the same sectors.

Instructions and calls are the same in every run; times are not, so only their ratio within one run
is printed, and nothing is asserted of it. Counts are taken with checksums on, times with and without:
TCG is slow at vector instructions, so that the ratio with checksums says as much about TCG as
about the loader.
"""
import argparse
import sys

from vmlib import count, floor, images, probe_elf, symbols
from vmlib.fat_edit import SECTOR, Fat

KIB, MIB = 1024, 1024 * 1024
SIZES = [64 * KIB, 4 * MIB, 64 * MIB]
CPUS = ["max", "qemu64"]  # the most that TCG can do, and the least that the loader needs
DISK, MEMORY_MIB = "ahci", 256
KERNEL = "/boot/kernel.elf"
TIMED_RUNS = 5
VOLUME = "160M"


def size_name(size):
    return f"{size // MIB}MiB" if size >= MIB else f"{size // KIB}KiB"


class Subject:
    """One kernel size: its image, and the floor image that reads the same sectors."""

    def __init__(self, size, checksum=True):
        self.size = size
        self.elf = probe_elf.probe(probe_elf.HIGH, size)
        self.entry = self.elf.get("entry")
        kernel = images.store(self.elf.bytes(), ".elf")
        lines = {"crc32c": f"{KERNEL} {images.crc32c(kernel)}"} if checksum else {}
        config = images.config("", **lines)
        self.image = images.changed(config=config, kernel=kernel, size=VOLUME)

    def runs(self):
        """(first LBA, sectors) of the kernel's file, neighbours merged."""
        with Fat(self.image) as volume:
            _, first, size = volume.entry(KERNEL)
            left = -(-size // SECTOR)
            runs = []
            for cluster in volume.chain(first):
                lba = (volume.base + volume.cluster_offset(cluster)) // SECTOR
                sectors = min(volume.cluster_sectors, left)
                left -= sectors
                if runs and sum(runs[-1]) == lba:
                    runs[-1] = (runs[-1][0], runs[-1][1] + sectors)
                else:
                    runs.append((lba, sectors))
        return runs

    def counted(self, cpu):
        return count.boot(self.image, self.entry, symbols.step_marks(), cpu=cpu, disk=DISK,
                          memory=MEMORY_MIB)

    def times(self, cpu, runs=TIMED_RUNS):
        """{"wall" and "work": (best boot, best bare read) in seconds}, measured in turns."""
        bare = floor.make(self.image, self.runs(), images.fresh(".img"))
        readings = {bare: [], self.image: []}
        for _ in range(runs):
            for image, stop in ((bare, floor.DONE), (self.image, self.entry)):
                found = count.boot(image, stop, counting=False, cpu=cpu, disk=DISK,
                                   memory=MEMORY_MIB)
                readings[image].append(found["stop"])
        best = {}
        for name, field in (("wall", "nanoseconds"), ("work", "work_nanoseconds")):
            best[name] = tuple(min(getattr(reading, field) for reading in readings[image]) / 1e9
                               for image in (self.image, bare))
        return best

def allowed_calls(size):
    """17 a MiB loaded, plus 60."""
    return 17 * size / MIB + 60


def lines(name, cpu, readings, size):
    """The machine-readable lines of one boot."""
    total = readings["stop"]
    prefix = f"bench boot.{name}.{cpu}"
    yield f"{prefix}.instructions {total.instructions} instructions"
    yield f"{prefix}.disk_calls {total.disk_calls} calls"
    yield f"{prefix}.disk_calls_per_mib {total.disk_calls / (size / MIB):.1f} calls/MiB"
    for phase, instructions in count.phases(readings):
        if phase != "stop":
            yield f"{prefix}.phase.{phase} {instructions} instructions"


def print_table(columns):
    """One column a boot: its phases, in instructions and as a share."""
    phases = list(dict.fromkeys(phase for _, readings in columns
                                for phase, _ in count.phases(readings)))
    print(f"{'phase':26}" + "".join(f"{title:>26}" for title, _ in columns))
    for phase in phases:
        row = f"{'stage 1' if phase == 'start' else phase:26}"
        for _, readings in columns:
            instructions = dict(count.phases(readings)).get(phase, 0)
            share = 100 * instructions / readings["stop"].instructions
            row += f"{instructions:>18,} {share:5.1f} %"
        print(row)
    for title, value in (("all", lambda stop: stop.instructions),
                         ("INT 13h calls", lambda stop: stop.disk_calls)):
        print(f"{title:26}" + "".join(f"{value(readings['stop']):>18,}        "
                                      for _, readings in columns))


def print_times(cpu):
    """The ratios, and their machine-readable lines."""
    print(f"\nHost time against the bare INT 13h reads, best of {TIMED_RUNS} each, in turns; work is "
          "the time that\nQEMU was really running, which other programs disturb less:\n")
    for size in SIZES:
        for checksum in (False, True):
            word = "crc" if checksum else "plain"
            row = f"{size_name(size):>8} {word:5}"
            for clock, (boot, bare) in Subject(size, checksum).times(cpu).items():
                row += f"   {clock} {boot:.3f} s / {bare:.3f} s = {boot / bare:.2f}"
                yield (f"bench boot.{size_name(size)}.{cpu}.{clock}_ratio_{word} "
                       f"{boot / bare:.2f} ratio")
            print(row)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--no-time", action="store_true", help="count only, measure no time")
    arguments = parser.parse_args()
    subjects = {size_name(size): Subject(size) for size in SIZES}
    machine_lines = []
    for cpu in CPUS:
        columns = [(name, subject.counted(cpu)) for name, subject in subjects.items()]
        print(f"\nInstructions outside the firmware, -cpu {cpu}, AHCI:\n")
        print_table(columns)
        for name, readings in columns:
            machine_lines += lines(name, cpu, readings, subjects[name].size)
        if not arguments.no_time:
            machine_lines += print_times(cpu)
    print("\n" + "\n".join(machine_lines))
    return 0


if __name__ == "__main__":
    sys.exit(main())
