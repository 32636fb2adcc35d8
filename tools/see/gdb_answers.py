# SPDX-License-Identifier: MIT
"""What the BIOS answered and what the kernel is told, in GDB. The layout of every record is what the
compiler wrote into the debug information; names of numbers come from the headers.
"""
import re

import gdb

from see import source, steps
from see.gdb_command import Command

HEADERS = ("include/hw/e820.h", "include/boot/boot_info.h")
NUMBER = r"\b{prefix}(\w+)(?: +| = )(\d+|0x[0-9A-Fa-f]+)\b"
SMAP = 0x534D4150
CARRY = 1
FAST_BYTES = 20  # an answer of this length has no attributes
RIGHTS = {4: "R", 2: "W", 1: "X"}


def words(prefix):
    """{number: word} of an enum's or a row of defines' names, the prefix taken off."""
    text = "".join((source.ROOT / header).read_text() for header in HEADERS)
    return {int(value, 0): name.lower().replace("_", " ")
            for name, value in re.findall(NUMBER.format(prefix=prefix), text)}


def record(name, address):
    """A gdb.Value: the struct of a name at an address."""
    kind = gdb.lookup_type(f"struct {name}").pointer()
    return gdb.Value(address).cast(kind).dereference()


def records(name, address, count):
    size = gdb.lookup_type(f"struct {name}").sizeof
    return [record(name, address + number * size) for number in range(count)]


def address_of(symbol):
    return int(gdb.parse_and_eval(f"(unsigned long)&{symbol}"))


def e820_lines(answers):
    types = words("E820_TYPE_")
    for number, answer in enumerate(answers):
        base, length, kind = (int(answer[name]) for name in ("base", "length", "type"))
        last = (base + length - 1) & (1 << 64) - 1
        notes = [types.get(kind, f"type {kind}: reserved")]
        if length == 0:
            notes.append("EMPTY")
        elif last < base:
            notes.append("WRAPS around")
        if int(answer["returned_bytes"]) > FAST_BYTES:
            notes.append(f"attributes {int(answer['attributes']):X}h")
        if int(answer["returned_eax"]) != SMAP:
            notes.append("EAX is not 'SMAP'")
        if int(answer["flags"]) & CARRY:
            notes.append("carry set")
        yield (f"{number:3}  {base:016X}-{last:016X}  {length >> 10:>9} KiB  {', '.join(notes)}; "
               f"{int(answer['returned_bytes'])} bytes, EBX {int(answer['continuation']):X}h")


class E820(Command):
    """What the BIOS said about memory, word for word, as stage 2 keeps it.

    It is there from step 6 on; step 8 judges it. In the kernel: the copy that boot_info has, and the
    judged map behind it."""
    name = "e820"

    def __init__(self, journey):
        super().__init__()
        self.journey = journey

    def run(self, _):
        info = boot_info_address()
        if info:
            told = record("boot_info", info)
            print(f"the loader's copy, {int(told['e820_count'])} answers:")
            lines = e820_lines(records("boot_e820_answer", at(told, "e820"), int(told["e820_count"])))
            print("\n".join(lines))
            print("\nwhat memory_judge made of it:")
            print("\n".join(memory_lines(told)))
            return
        kept = record("memory_answers", address_of("memory_answers"))
        reached = self.journey.reached
        if reached is None or reached.name in ("STAGE1", "STAGE2", "CPU", "A20"):
            raise gdb.GdbError("the BIOS has not been asked yet: that is step 5, memory_ask")
        count, ended = int(kept["e820_count"]), int(kept["e820_end"])
        print(f"{count} answers at {int(kept.address):X}h, of {int(kept['e820_asked'])} bytes asked for; the "
              f"list ended by: {words('BOOT_E820_END_').get(ended, 'not yet')}")
        print("\n".join(e820_lines([kept["e820"][number] for number in range(count)])))
        print(f"E801h: AX {int(kept['e801_ax']):X}h, BX {int(kept['e801_bx']):X}h; AH=88h: "
              f"{int(kept['int88_ax'])} KiB; INT 12h: {int(kept['int12_ax'])} KiB; EBDA at "
              f"{int(kept['ebda_segment']):X}h:0")


def boot_info_address():
    """Where the kernel, or the last lines of the loader, have it; 0 before."""
    magic = re.search(r"BOOT_INFO_MAGIC +(0x\w+)",
                      (source.ROOT / HEADERS[1]).read_text()).group(1)
    for text in ("(unsigned long)'kernel/boot/boot.c'::accepted", "(unsigned long)info",
                 "(unsigned long)$rdi"):
        try:
            address = int(gdb.parse_and_eval(text))
            if address and int(record("boot_info", address)["magic"]) == int(magic, 16):
                return address
        except gdb.error:
            continue
    return 0


def at(info, name):
    """The virtual address of what a member NAME_phys points to."""
    return int(info["direct_map_base"]) + int(info[f"{name}_phys"])


def memory_lines(info):
    types = words("BOOT_MEMORY_")
    for entry in records("boot_memory_range", at(info, "memory"), int(info["memory_count"])):
        first, last = int(entry["first"]), int(entry["last"])
        yield f"     {first:016X}-{last:016X}  {last - first + 1 >> 10:>9} KiB  {types[int(entry['type'])]}"


class BootInfo(Command):
    """What the kernel is told: boot-info [raw]

    From kernel_entry on. Memory map, segments, modules, trace and firmware as lists; `boot-info raw`
    prints the struct member by member."""
    name = "boot-info"

    def run(self, text):
        address = boot_info_address()
        if not address:
            raise gdb.GdbError("there is no boot_info yet: step 15, handoff, fills it, and the kernel gets "
                               "its address in RDI")
        info = record("boot_info", address)
        if text == "raw":
            print(info.format_string(pretty_structs=True, format="x"))
            return
        self.head(address, info)
        print("memory:", *memory_lines(info), sep="\n")
        self.lists(info)

    @staticmethod
    def head(address, info):
        def number(name):
            return int(info[name])

        def digits(name):
            return f"{number(name):X}h"
        video, firmware = info["video"], info["firmware"]
        line = gdb.Value(at(info, "command_line")).cast(gdb.lookup_type("char").pointer()).string()
        print(f"boot_info at {address:X}h: version {number('version')}, {number('bytes')} bytes, "
              f"by stage 2 build {number('build_id'):08x}")
        print(f"command line \"{line}\"; entry {digits('kernel_entry')}, slide {digits('kernel_slide')}")
        print(f"PML4 at {digits('page_table_phys')}; direct map {digits('direct_map_base')}, "
              f"up to physical {digits('direct_map_last')}")
        print(f"stack {digits('stack_first')}-{digits('stack_last')}; RSDP {digits('rsdp_phys')}, "
              f"SMBIOS {digits('smbios_phys')}")
        print(f"video {words('BOOT_VIDEO_').get(int(video['kind']), 'unknown')} {int(video['width'])}x"
              f"{int(video['height'])} at {int(video['phys']):X}h; drive {int(firmware['drive']):X}h; A20 "
              f"{words('BOOT_A20_').get(int(firmware['a20_method']), 'unknown')}; "
              f"{int(firmware['disk_reads'])} disk reads")

    @staticmethod
    def lists(info):
        print("segments:")
        for entry in records("boot_segment", at(info, "segment"), int(info["segment_count"])):
            rights = "".join(word for mask, word in RIGHTS.items() if int(entry["flags"]) & mask)
            print(f"     {int(entry['virt']):016X} -> {int(entry['phys']):X}h  "
                  f"{int(entry['bytes']) >> 10} KiB  {rights}")
        print(f"modules: {int(info['module_count'])}")
        for entry in records("boot_module", at(info, "module"), int(info["module_count"])):
            print(f"     at {int(entry['phys']):X}h, {int(entry['bytes'])} bytes")
        print("trace:")
        for entry in records("boot_trace_record", at(info, "trace"), int(info["trace_count"])):
            step = steps.find(str(int(entry["step"])))
            print(f"     {step.number:2}  {step.label:21}  argument {int(entry['argument']):X}h")


def register(journey):
    E820(journey)
    BootInfo()
