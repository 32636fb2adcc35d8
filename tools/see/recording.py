# SPDX-License-Identifier: MIT
"""A whole recording: the points, and all that is true of the boot as a whole. Its form is described
in docs/recording.md.
"""
import hashlib
import json
import os
import pathlib
import struct
import subprocess
import tempfile

from see import disk_map, match, owners, page, paging, points, steps
from see.recorder import Recorder, Survey
from see.source import ROOT
from see.watched import Watched
from vmlib.elf_edit import Elf

FORMAT, VERSION = "coldstart-recording", 1
BUILD_ID_AT = 12  # include/boot/stage2_header.h
STEP_FIELDS = ("number", "name", "label", "mode", "sentence", "section", "happened", "look", "next")
PT_LOAD = 1
BOOT_STACK_BYTES, BOOT_INFO_BYTES = 0x10000, 400  # include/boot/boot_info.h


def record(image, build, parts=None):
    """Boot an image, and look at all of it. The recording as the dict that JSON is made of.

    parts  those of the build folder that the image has, when it is known
    """
    parts = match.parts(image, build) if parts is None else parts
    places = points.Places(build, parts)
    survey = Survey(image, places)
    with tempfile.TemporaryDirectory(prefix="coldstart-record-") as scratch, \
            Watched(image, scratch) as machine:
        recorder = Recorder(machine, places, survey)
        recorder.run()
        moments = recorder.moments
        name_owners(moments, recorder, build)
        disk = disk_map.areas(image)
        for point in moments.points:
            for read in point["disk"]:
                read["area"] = disk_map.area_of(disk, read["lba"], read["count"])
        return {"format": FORMAT, "version": VERSION, "image": image_facts(image, build, parts),
                "machine": machine_facts(machine), "end": recorder.ending(),
                "steps": [{name: getattr(step, name) for name in STEP_FIELDS}
                          for step in steps.steps()],
                "owners": moments.owners.told(),
                "left_out": [dict(zip(("name", "first", "last", "reason"), one))
                             for one in owners.LEFT_OUT],
                "disk": {"sectors": os.path.getsize(image) // disk_map.SECTOR,
                         "areas": [dict(zip(("id", "name", "first", "last"), area))
                                   for area in disk]},
                "sources": sources(moments.points), "points": moments.points}


def known_at(found, index, name):
    """All registers or segments at a point: a point has only those that changed."""
    known = {}
    for point in found[:index + 1]:
        known |= point[name]
    return known


def load(path):
    """A recording from a JSON file, or out of a page."""
    path = pathlib.Path(path)
    if path.suffix == ".html":
        return page.read(path)
    found = json.loads(path.read_text(encoding="utf-8"))
    if found.get("format") != FORMAT or found.get("version") != VERSION:
        raise ValueError(f"{path} is not a recording of version {VERSION}")
    return found


def save(recording, path):
    """Write it, at once or not at all."""
    path = pathlib.Path(path)
    part = path.with_name(path.name + ".part")
    part.write_text(json.dumps(recording, separators=(",", ":"), ensure_ascii=False) + "\n")
    part.replace(path)


def image_facts(image, build, parts):
    data = hashlib.sha256()
    with open(image, "rb") as file:
        while block := file.read(1 << 20):
            data.update(block)
    return {"name": pathlib.Path(image).name, "bytes": os.path.getsize(image),
            "sha256": data.hexdigest(), "symbols": list(parts), "builds": builds(build, parts)}


def builds(build, parts):
    """{part: what tells one build of it from another}, of the parts that are the build folder's."""
    found = {}
    if "stage2" in parts:
        raw = (pathlib.Path(build) / "stage2.bin").read_bytes()
        found["stage2"] = f"{struct.unpack_from('<I', raw, BUILD_ID_AT)[0]:08x}"
    if "kernel" in parts:
        raw = (pathlib.Path(build) / "kernel.elf").read_bytes()
        found["kernel"] = hashlib.sha256(raw).hexdigest()[:8]
    return found


def machine_facts(machine):
    version = subprocess.run(["qemu-system-x86_64", "--version"], capture_output=True, text=True,
                             check=True).stdout.splitlines()[0]
    return {"emulator": version, "arguments": shown_arguments(machine),
            "memory_bytes": machine.ram.size, "cpu": machine.cpu_model}


def shown_arguments(machine):
    """QEMU's command line without the recorder's own files."""
    words, kept = machine.vm.command, []
    own = str(machine.log_path.parent), str(machine.vm.folder)
    for word in words:
        if not any(folder in word for folder in own):
            kept.append(word.replace(str(machine.image), machine.image.name))
        elif kept[-1].startswith("-"):
            kept.pop()
    return kept


def sources(found):
    """{file: lines} of every file that a point or a disk read names."""
    names = {point["file"] for point in found}
    names |= {read["who"]["file"] for point in found for read in point["disk"]}
    told = {}
    for name in sorted(names):
        path = ROOT / name
        if name and path.is_file() and path.resolve().is_relative_to(ROOT):
            told[name] = path.read_text().splitlines()
    return told


def name_owners(moments, recorder, build):
    """Say of each change whose bytes it touched, now that it is known where all things lie."""
    found = moments.points
    if "kernel" in moments.places.parts:
        add_kernel(moments, build)
    kept_by_bios = moments.owners.reserve(recorder.memory_map)
    for point in found:
        told = []
        for change in point["memory"]:
            first, data = int(change["first"], 16), bytes.fromhex(change["data"])
            if any(low <= first <= high for low, high in kept_by_bios):
                continue
            at = 0
            for part, count, owner in moments.owners.split(first, change["bytes"]):
                told.append({"first": hex(part), "bytes": count, "owner": owner,
                             "data": data[at:at + count].hex()})
                at += count
        point["memory"] = told


def add_kernel(moments, build):
    """The kernel's segments, its page tables, boot_info and the first stack, where they really lie."""
    machine, add = moments.machine, moments.owners.add
    cpu = moments.cpu
    how = paging.kind(cpu["cr0"], cpu["cr4"], cpu["efer"])
    entered = next((point for point in moments.points if point["label"] == "kernel_entry"), None)
    if not how or not entered:
        return
    loaded = next((point["index"] for point in moments.points if point["label"] == "kernel_load"), 0)
    add("loader-memory", "memory the loader took: page tables, boot_info, texts, checksums",
        owners.FIRMWARE_LAST + 1, machine.ram.size - 1, 0)

    def place(one, name, virt, count):
        for first, last in runs(machine.ram.read, how, cpu, virt, count):
            add(one, name, first, last, loaded)

    for name, virt, count in kernel_segments(build, moments.places):
        place(f"kernel-{name}".replace(" ", "-"), f"the kernel's {name}", virt, count)
    registers = known_at(moments.points, entered["index"], "registers")
    stack = int(registers["rsp"], 16)
    place("kernel-stack", "the kernel's first stack", stack + 8 - BOOT_STACK_BYTES, BOOT_STACK_BYTES)
    place("boot-info", "boot_info", int(registers["rdi"], 16), BOOT_INFO_BYTES)
    place("handoff", "the hand-off code", points.HANDOFF_BASE, points.HANDOFF_BYTES)
    for first, last in joined(sorted(moments.tables)):
        add("kernel-tables", "the kernel's page tables", first, last, loaded)


def kernel_segments(build, places):
    """(name, first virtual byte, bytes) of what is loaded of build/kernel.elf."""
    elf = Elf((pathlib.Path(build) / "kernel.elf").read_bytes())
    for index in range(elf.get("phnum")):
        if elf.segment_get(index, "type") != PT_LOAD:
            continue
        virt, count = elf.segment_get(index, "vaddr"), elf.segment_get(index, "memsz")
        name = owners.SEGMENT_FLAGS.get(elf.segment_get(index, "flags"), "segment")
        symbol = places.symbols.symbol(virt)
        if symbol and symbol[1] == virt and symbol[0].startswith("stack_"):
            name = symbol[0].removesuffix("_first").replace("_", " ").replace("stack ", "stack for ")
        yield name, virt, count


def joined(pages):
    """[(first, last)] of pages in order, neighbours joined."""
    found = []
    for page in pages:
        if found and found[-1][1] + 1 == page:
            found[-1][1] += owners.PAGE
        else:
            found.append([page, page + owners.PAGE - 1])
    return found


def runs(read, how, cpu, virt, count):
    """[(first, last)] physical, of a virtual range, page by page joined."""
    found = []
    at, end = virt, virt + count
    while at < end:
        step = min(end, (at | owners.PAGE - 1) + 1) - at
        phys = paging.translate(read, how, cpu["cr3"], cpu["efer"], at)
        if phys is not None and found and found[-1][1] + 1 == phys:
            found[-1][1] = phys + step - 1
        elif phys is not None:
            found.append([phys, phys + step - 1])
        at += step
    return found
