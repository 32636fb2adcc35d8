# SPDX-License-Identifier: MIT
"""Where the source tree and the build tree are, and what is built where."""
import os
import pathlib

SOURCE = pathlib.Path(__file__).resolve().parents[3]
BUILD = pathlib.Path(os.environ.get("COLDSTART_BUILD", SOURCE / "build"))

IMAGE = BUILD / "coldstart.img"
STAGE1 = BUILD / "stage1.bin"
STAGE1_RAW = BUILD / "stage1.raw"
STAGE2 = BUILD / "stage2.bin"
KERNEL = BUILD / "kernel.elf"
PLUGIN = BUILD / "tests" / "plugin" / "boot_count.so"
WATCHDOG = BUILD / "tests" / "plugin" / "watchdog.so"
KERNELS = BUILD / "tests" / "kernels"
MKIMAGE = BUILD / "tools" / "image" / "coldstart-mkimage"
CRC32C = BUILD / "tests" / "vm" / "crc32c"
COPY_A = 512  # where stage 2 lies in an image
PROVOKED = BUILD / "tests" / "vm" / "provoked"  # one file for each error code that was seen
SEAL = BUILD / "tools" / "seal" / "seal"
