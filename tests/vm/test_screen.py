#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""What is seen: text mode read back from VGA memory, framebuffers by size and by not being black."""
import pytest

from vmlib import boots, images, probe_elf
from vmlib.qemu import Qemu

TEXT, FRAMEBUFFER = 1, 2
MODES = [(640, 480), (800, 600), (1024, 768), (1280, 1024)]
LIT_LEAST = 2000  # pixels: some lines of text


def config(video, cmdline=""):
    return images.config(cmdline, video=video)


@pytest.mark.parametrize("width, height", MODES)
def test_framebuffer(width, height):
    with Qemu(images.changed(config=config(f"{width}x{height}x32"))) as vm:
        vm.wait_for(boots.READY)
        boots.until(lambda: vm.screenshot().lit() > LIT_LEAST, "text in the framebuffer")
        picture = vm.screenshot()
    print(f"{picture.width}x{picture.height}: {picture.lit()} lit pixels, "
          f"{len(picture.colours())} colours")
    assert (picture.width, picture.height) == (width, height)


@pytest.mark.parametrize("video, kind", [("text", TEXT), ("1024x768x32", FRAMEBUFFER),
                                         ("800x600x24", FRAMEBUFFER), ("800x600x16", FRAMEBUFFER)])
def test_boot_info_tells_the_mode(video, kind):
    disk = images.changed(config=config(video), kernel=probe_elf.probe().bytes())
    found = boots.probe(disk)
    assert found["video_kind"] == kind
    if kind == FRAMEBUFFER:
        assert video.startswith(f"{found['video_width']}x{found['video_height']}x")


@pytest.mark.parametrize("vga", ["none", "cirrus", "std"])
def test_no_such_mode_is_never_fatal(vga):
    """No VBE at all, VBE without 32 bits, a size nobody has: text, and the boot goes on."""
    wanted = "1234x567x32" if vga == "std" else "1024x768x32"
    boots.ready(images.changed(config=config(wanted, "exit")), vga=vga)


def test_text_screen_is_readable():
    with Qemu(images.changed(config=config("text"))) as vm:
        vm.wait_for(boots.READY)
        boots.until(lambda: "coldstart: kernel ready" in vm.screen_text(), "ready on the screen")
        lines = [line for line in vm.screen_lines() if line]
        picture = vm.screenshot()
    print("\n".join(lines[-4:]))
    assert picture.lit() > LIT_LEAST


def test_error_after_a_framebuffer_is_readable():
    """A broken kernel behind `video = ...`: the error is on the screen, in text."""
    disk = images.changed(config=config("1024x768x32"), kernel=b"not a kernel")
    boots.error(disk, "BOOT_E_NOT_ELF")
