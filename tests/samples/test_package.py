#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""find_package(Coldstart) from an empty folder: the targets, an image with every option, versions."""
import subprocess

import pytest

import kit
from vmlib import images

KERNEL = """\
#include <coldstart/boot_info.h>
static void out(uint16_t port, uint8_t value)
{
    __asm__ volatile("outb %0, %1" : : "a"(value), "Nd"(port));
}
static void say(const struct boot_info *boot, uint64_t phys)
{
    for (const char *text = (const char *)(boot->direct_map_base + phys); *text != 0; text++)
        out(0x3F8, (uint8_t)*text);
    out(0x3F8, '\\n');
}
void _start(const struct boot_info *boot)
{
    const struct boot_module *modules =
        (const struct boot_module *)(boot->direct_map_base + boot->module_phys);
    struct boot_module copies[64];
    for (unsigned i = 0; i < boot->module_count; i++)
        copies[i] = modules[i];
    say(boot, boot->command_line_phys);
    for (unsigned i = 0; i < boot->module_count; i++)
        say(boot, copies[i].name_phys);
    out(0xF4, boot->video.kind == BOOT_VIDEO_FRAMEBUFFER ? 0x10 : 0x11);
    for (;;)
        __asm__ volatile("hlt");
}
"""
LISTS = """\
cmake_minimum_required(VERSION 3.22)
project(mine LANGUAGES C)
find_package(Coldstart {version} REQUIRED)
add_executable(mine mine.c)
target_link_libraries(mine PRIVATE Coldstart::kernel)
{image}
"""
IMAGE = """\
coldstart_image(mine OUTPUT my.img CMDLINE "two words; and 'quotes'" VIDEO 640x480x32 SIZE 32M
                MODULES first.txt "sub/second.bin=other name" OPTIONS --label MINE)"""


def configured(folder, prefix, compiler="clang", version="", image=IMAGE):
    (folder / "mine.c").write_text(KERNEL)
    (folder / "CMakeLists.txt").write_text(LISTS.format(version=version, image=image))
    (folder / "first.txt").write_text("1")
    (folder / "sub").mkdir()
    (folder / "sub/second.bin").write_text("2")
    return subprocess.run(["cmake", "-S", folder, "-B", folder / "build",
                           f"-DCMAKE_C_COMPILER={compiler}", f"-DCMAKE_PREFIX_PATH={prefix}"],
                          capture_output=True, text=True)


@pytest.mark.parametrize("compiler", ["clang", "gcc"])
def test_an_image_with_everything(compiler, prefix, tmp_path):
    image = IMAGE.replace("other name", "other")
    result = configured(tmp_path, prefix, compiler, image=image)
    assert result.returncode == 0, result.stderr
    said = kit.run("cmake", "--build", tmp_path / "build")
    assert "warning" not in said, said
    made = tmp_path / "build/my.img"
    assert made.stat().st_size == 32 << 20
    assert "MINE" in images.run("mdir", "-i", f"{made}@@1M", "::/")
    serial = kit.booted(made).serial
    assert serial.endswith("two words; and 'quotes'\nfirst.txt\nother\n"), serial


def test_a_changed_module_makes_a_new_image(prefix, tmp_path):
    image = 'coldstart_image(mine OUTPUT my.img MODULES sub/second.bin=two)'
    assert configured(tmp_path, prefix, image=image).returncode == 0
    kit.run("cmake", "--build", tmp_path / "build")
    (tmp_path / "sub/second.bin").write_text("changed")
    kit.run("cmake", "--build", tmp_path / "build")
    assert "changed" in images.run("mtype", "-i", f"{tmp_path}/build/my.img@@1M",
                                   "::/boot/second.bin")


@pytest.mark.parametrize("version, fits", [("0.1", True), ("0.1.0", True), ("0.2", False),
                                           ("1.0", False)])
def test_version(version, fits, prefix, tmp_path):
    result = configured(tmp_path, prefix, version=version, image="")
    assert (result.returncode == 0) == fits, result.stderr


@pytest.mark.parametrize("image, words", [
    ("coldstart_image(other OUTPUT x.img)", "coldstart_image wants a target and OUTPUT"),
    ("coldstart_image(mine)", "coldstart_image wants a target and OUTPUT"),
    ("coldstart_image(mine OUTPUT x.img MODULE first.txt)", "coldstart_image wants"),
])
def test_misuse_is_said(image, words, prefix, tmp_path):
    result = configured(tmp_path, prefix, image=image)
    assert result.returncode != 0 and words in result.stderr
