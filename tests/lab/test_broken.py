#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""A server that goes away, that loses a connection, or that does not know ranges: what the person
at the machine sees.

Where iPXE waits in vain, guest time is made to jump over the waiting (QEMU's -icount), and what is
told of time is guest time.
"""
import datetime
import functools
import http.server
import threading

import pytest

import serving
from broken_server import BrokenServer
from vmlib import boots, errors, images, paths
from vmlib.qemu import HOST, PASSED, Qemu

STARTED = datetime.datetime(2026, 1, 1)
# An instruction is 64 ns, and idle time passes at once; the clock shows guest time.
NO_WAITING = ["-icount", "shift=6,sleep=off", "-rtc", f"base={STARTED.isoformat()},clock=vm"]
STAGE2_LBA, VOLUME_LBA = 1, 2048
# Guest time from power-on until the error is on the screen, with iPXE's default of ten retries.
MOST_MINUTES = 60


@pytest.fixture(autouse=True)
def programs():
    serving.need("qemu-system-x86_64")


@functools.lru_cache(maxsize=None)
def image():
    return images.changed(config=images.config("exit"))


def lba_of(contents):
    """Where a file that begins so lies in the image; there is one."""
    return image().read_bytes().index(contents) // 512


def minutes(vm):
    """Guest time since power-on, by its own clock."""
    now = vm.qmp.call("qom-get", path="/machine", property="rtc-time")
    clock = datetime.datetime(now["tm_year"] + 1900, now["tm_mon"] + 1, now["tm_mday"],
                              now["tm_hour"], now["tm_min"], now["tm_sec"])
    return (clock - STARTED).total_seconds() / 60


def bounded(vm, what):
    taken = minutes(vm)
    print(f"bench lab.gone.{what} {taken:.1f} minutes of guest time")
    assert taken < MOST_MINUTES


@pytest.mark.parametrize("place, retries", [("volume", 10), ("config", 0)])
def test_the_server_goes_away(place, retries):
    """The loader's own line, with the sector and the BIOS's status."""
    lba = VOLUME_LBA if place == "volume" else lba_of(images.config("exit").encode())
    with BrokenServer(image(), lba, retries=retries) as server:
        with Qemu(network=server.url, memory=64, extra=NO_WAITING) as vm:
            line = vm.wait_for(boots.ERROR).group(0).rstrip("\n")
            bounded(vm, f"{place}.{retries}")
    print(line)
    assert line.startswith(f"coldstart: error E20: {errors.STATUS['BOOT_E_DISK_READ'][1]}"), line
    assert f"LBA {lba}, INT 13h status 04h" in line


def test_the_server_goes_away_from_stage_1():
    with BrokenServer(image(), STAGE2_LBA) as server:
        with Qemu(network=server.url, memory=64, extra=NO_WAITING) as vm:
            boots.until(lambda: boots.stage1_error(vm.screen_text()), "stage 1's digits", guard=90)
            assert boots.stage1_error(vm.screen_text()) == "ED04"
            bounded(vm, "stage1")


def test_a_lost_connection_is_survived():
    with BrokenServer(image(), lba_of(b"\x7fELF"), losses=1, retries=0) as server:
        with Qemu(network=server.url, memory=64) as vm:
            status = vm.wait_exit()
    assert status == PASSED, vm.tail()
    assert server.losses == 0


class Plain(http.server.SimpleHTTPRequestHandler):
    """Python's own server: it sends the whole file, whatever range was asked for."""

    def log_message(self, *_):
        pass


def test_a_server_without_ranges_is_refused(tmp_path):
    """By iPXE, before the boot sector runs. The page has the line."""
    (tmp_path / "coldstart.img").symlink_to(image())
    (tmp_path / "boot.ipxe").write_text("#!ipxe\nsanboot coldstart.img || shell\n")
    handler = functools.partial(Plain, directory=str(tmp_path))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://{HOST}:{server.server_address[1]}/boot.ipxe"
        with Qemu(network=url, memory=64) as vm:
            boots.until(lambda: "SAN device" in vm.screen_text(), "iPXE's refusal", guard=60)
            screen = vm.screen_text()
            assert vm.serial == ""
        server.shutdown()
    refusal = next(line for line in screen.splitlines() if "SAN device" in line)
    print(refusal)
    assert refusal in (paths.SOURCE / "docs/network-boot.md").read_text()
