# SPDX-License-Identifier: MIT
"""The recorder's parts, each alone: changes of RAM, the log of ports, the BIOS's calls, what is let
run to its end, the map of a disk, the command line."""
import struct
import subprocess

import pytest

from see import bios_calls, disk_map, ram, recorder, traffic
from see.cpu_state import Cpu, Segment
from see.moment import runs_of
from vmlib import images, paths

MIB, SECTOR = 1 << 20, 512
COMMAND = paths.SOURCE / "tools/record"


@pytest.fixture
def memory(tmp_path):
    path = tmp_path / "ram"
    with open(path, "wb") as file:
        file.truncate(16 * MIB)
    found = ram.Ram(path)
    yield found
    found.close()


def test_changes_are_exact(memory):
    memory.now[5 * MIB + 10:5 * MIB + 13] = b"abc"
    memory.now[5 * MIB + 13 + ram.GAP:5 * MIB + 14 + ram.GAP] = b"d"
    memory.now[5 * MIB + 15 + 2 * ram.GAP:5 * MIB + 16 + 2 * ram.GAP] = b"e"
    assert memory.changes() == [(5 * MIB + 10, 4 + ram.GAP), (5 * MIB + 15 + 2 * ram.GAP, 1)]
    assert memory.changes() == []
    memory.now[5 * MIB + 11:5 * MIB + 12] = b"B"
    assert memory.changes() == [(5 * MIB + 11, 1)]


def test_changes_go_on_over_pages_and_large_pieces(memory):
    memory.now[2 * MIB - 2:2 * MIB + 5000] = b"\xff" * 5002
    assert memory.changes() == [(2 * MIB - 2, 5002)]


def test_what_is_left_out_keeps_the_last_look(memory):
    memory.now[100:110] = b"0123456789"
    assert memory.changes([(104, 105)]) == [(100, 10)]
    memory.now[104:106] = b"\0\0"
    assert memory.changes() == []
    memory.now[104:106] = b"45"
    assert memory.changes() == [(104, 2)]


def test_ram_ends_where_it_ends(memory):
    assert memory.read(16 * MIB - 2, 4) == b"\0\0\xff\xff"
    assert memory.read(20 * MIB, 2) == b"\xff\xff"


def access(way, port, value, size=1):
    return (f"memory_region_ops_{way} cpu 0 mr 0x55d0 addr {port:#x} value {value:#x} size {size} "
            "name 'x'")


def test_only_our_own_ports_are_told():
    log = traffic.Traffic()
    lines = [access("read", 0x1F7, 0x50), "watch port 7c10", access("write", 0x80, 0x12),
             access("write", 0xB8000, 0x20), "watch call 7c20", access("read", 0x64, 1)]
    assert log.ports(lines) == [{"dir": "out", "port": 0x80, "size": 1, "value": 0x12,
                                 "address": "0x7c10", "times": 1}]


def test_what_a_device_says_too_much_is_cut():
    lines = ["watch port 8000", access("read", 0x3FD, (1 << 64) - 1)] * 2
    assert [one["value"] for one in traffic.Traffic().ports(lines)] == [0xFF]


def test_a_port_over_the_end_of_a_piece():
    log = traffic.Traffic()
    assert log.ports(["watch port 8000"]) == []
    assert [one["port"] for one in log.ports([access("read", 0x92, 2)])] == [0x92]


def test_equal_accesses_are_merged_and_many_are_grouped():
    log = traffic.Traffic()
    polls = ["watch port 9000", access("read", 0x3FD, 0x60)] * 5
    assert [(one["port"], one["times"]) for one in log.ports(polls)] == [(0x3FD, 5)]
    lines = []
    for letter in b"x" * 30 + b"y" * 70:
        lines += ["watch port 9000", access("read", 0x3FD, 0x60), "watch port 9004",
                  access("write", 0x3F8, letter)]
    status, data = log.ports(lines)
    assert (status["dir"], status["times"], data["dir"], data["times"]) == ("in", 100, "out", 100)
    assert data["values"] == (b"x" * 30 + b"y" * 34).hex() and data["value"] == ord("y")


@pytest.mark.parametrize("code, bits, length", [
    ("e80000", 16, 3), ("e800000000", 32, 5), ("66e800000000", 16, 6), ("f348ab", 64, 3),
    ("f3ab", 16, 2), ("66f3a5", 16, 3), ("48e800000000", 64, 6), ("0f22c0", 16, 0), ("c3", 64, 0)])
def test_what_is_let_run_to_its_end(code, bits, length):
    assert recorder.whole(bytes.fromhex(code) + bytes(16), bits) == length


def cpu(**registers):
    segment = Segment(0, 0, 0xFFFF, 0x93)
    return Cpu({name: 0 for name in ("rax", "rbx", "rcx", "rdx", "rsi", "rdi", "rflags")} | registers,
               {"ds": segment, "es": Segment(0x1000, 0x10000, 0xFFFF, 0x93)}, True)


def test_reads_of_both_kinds():
    packet = struct.pack("<BBHHHQ", 16, 0, 127, 0x10, 0x3000, 5_000_000_000)
    edd = bios_calls.Call(0x13, cpu(rax=0x4200, rsi=0x500), 0x8000, 0x8002, lambda *_: packet)
    assert edd.read_request(None) == (5_000_000_000, 127, 0x30010)
    by_chs = cpu(rax=0x0205, rbx=0x200, rcx=0x01C2, rdx=0x0380)
    chs = bios_calls.Call(0x13, by_chs, 0x8000, 0x8002, None)
    cylinder = 0x01 | 3 << 8
    assert chs.read_request((16, 63)) == ((cylinder * 16 + 3) * 63 + 1, 5, 0x10200)
    assert chs.read_request(None) is None
    asked = bios_calls.Call(0x13, cpu(rax=0x0800), 0x8000, 0x8002, None)
    assert asked.geometry(cpu(rcx=0x3F, rdx=0x0F00)) == (16, 63)
    assert asked.geometry(cpu(rflags=1)) is None


def test_page_tables_as_runs():
    entries = [0, 0x1003, 0x2003, 0x3003, 0, 0x83, 0x200083, 0x400083, 0x7]
    assert runs_of(entries) == [[1, 3, "0x1003", "0x1000"], [5, 3, "0x83", "0x200000"],
                                [8, 1, "0x7", "0x0"]]
    listed = [0] * len(entries)
    for first, count, entry, step in runs_of(entries):
        for at in range(count):
            listed[first + at] = int(entry, 16) + at * int(step, 16)
    assert listed == entries


@pytest.mark.parametrize("fat, size", [(16, "32M"), (32, "64M")])
def test_the_disk_map_is_what_mtools_says(fat, size):
    image = images.changed(files={"/a long name of some text.txt": b"x" * 100_000}, fat=fat, size=size)
    areas = disk_map.areas(image)
    assert [one[2] for one in areas] == sorted(one[2] for one in areas)
    for path in ("/coldstart.cfg", "/boot/kernel.elf", "/a long name of some text.txt"):
        pieces = [(first, last) for one, _, first, last in areas if one == path]
        wanted = extracted(image, path).read_bytes()
        assert sum(last - first + 1 for first, last in pieces) == -(-len(wanted) // SECTOR)
        with open(image, "rb") as disk:
            found = b""
            for first, last in pieces:
                disk.seek(first * SECTOR)
                found += disk.read((last - first + 1) * SECTOR)
        assert found[:len(wanted)] == wanted


def extracted(image, path):
    out = images.fresh(".file")
    images.run("mcopy", "-n", "-i", f"{image}@@1M", f"::{path}", out)
    return out


@pytest.mark.parametrize("words, says", [
    (["--what"], "no such option: --what"), (["a", "b"], "one image at a time"),
    (["--compare", "a"], "--compare wants two recordings"), (["--json"], "--json needs a value")])
def test_a_wrong_command_line_is_told(words, says):
    done = subprocess.run([COMMAND, *words], capture_output=True, text=True)
    assert done.returncode == 2 and says in done.stderr


def test_help():
    done = subprocess.run([COMMAND, "--help"], capture_output=True, text=True)
    assert done.returncode == 0 and "--compare OLD NEW" in done.stdout
