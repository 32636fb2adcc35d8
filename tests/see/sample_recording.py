# SPDX-License-Identifier: MIT
"""A small recording with every field, for tests of the page: a boot that never was, through all
modes and all four kinds of paging. A fresh copy at each call of `sample()`.
"""
from see import descriptors, state

ALL_REGISTERS = ["rax", "rbx", "rcx", "rdx", "rsi", "rdi", "rbp", "rsp", "r8", "r9", "r10", "r11",
                 "r12", "r13", "r14", "r15", "rip", "rflags", "cr0", "cr2", "cr3", "cr4", "efer",
                 "gdtr_base", "gdtr_limit", "idtr_base", "idtr_limit", "tr", "ldtr"]
SEGMENTS = ["cs", "ds", "es", "ss", "fs", "gs", "tr", "ldtr"]
GDT = bytes.fromhex("0000000000000000" "ffff0000009aaf00" "ffff0000009acf00" "ffff00000092cf00"
                    "6700408d00890000" "0000000000000000")
HOSTILE = "</script><script>document.title='broken'</script><img src=x onerror=alert(1)> & \u2028"
PE, PG = state.bit("cr0", "PE"), state.bit("cr0", "PG")
PAE, PSE, LA57 = (state.bit("cr4", name) for name in ("PAE", "PSE", "LA57"))
LONG = state.bit("efer", "LME") | state.bit("efer", "LMA") | state.bit("efer", "NXE")
NX = 1 << 63


def step(number, name, mode, sentence):
    return {"number": number, "name": name, "label": name.lower(), "mode": mode, "section": "s",
            "sentence": sentence, "happened": f"{name}: it happened.", "look": f"Look at {name}.",
            "next": "More comes."}


def table(phys, level, *runs):
    return {"phys": hex(phys), "level": level,
            "runs": [[first, count, hex(entry), hex(gap)] for first, count, entry, gap in runs]}


def descriptor(one):
    return {"index": one.index, "raw": hex(one.raw), "kind": one.kind, "base": hex(one.base),
            "limit": hex(one.limit), "dpl": one.dpl, "present": one.present, "text": one.text}


def gate(one):
    return {"vector": one.vector, "selector": one.selector, "offset": hex(one.offset),
            "kind": one.kind, "present": one.present, "dpl": one.dpl, "ist": one.ist,
            "text": one.text}


def segment(selector, base, limit, text):
    return {"selector": selector, "base": hex(base), "limit": hex(limit), "attributes": 0x93,
            "text": text}


def code(address):
    return [[hex(address), "90", "nop"], [hex(address + 1), "0f22c0", "mov cr0,eax"],
            [hex(address + 4), "ebfe", f"jmp short {hex(address + 4)}"]]


class Recorder:
    """Adds points; what is not given did not change or did not happen."""

    def __init__(self):
        self.points, self.total = [], 0

    def point(self, number, label, mode, address, instructions=1, kind="label", registers=None, **more):
        self.total += instructions
        changed = {"rip": address, **(registers or {})}
        point = {"index": len(self.points), "step": number, "label": label, "kind": kind,
                 "address": hex(address), "file": "stage1/mbr.asm", "line": len(self.points) + 2,
                 "mode": mode, "instructions": instructions, "total": self.total, "a20": True,
                 "registers": {name: hex(value) for name, value in changed.items()}, "segments": {},
                 "memory": [], "disk": [], "io": [], "calls": [], "serial": "",
                 "code": code(address)}
        point.update(more)
        self.points.append(point)


def real_mode(recorder):
    flat = segment(0, 0, 0xFFFF, "base 0h, limit FFFFh")
    vectors = bytes(range(0x10)) * 4
    recorder.point(1, "stage1", "real", 0x7C00, 0, "step",
                   {**dict.fromkeys(ALL_REGISTERS, 0), "rsp": 0x7C00, "rflags": 2, "cr0": 0x10},
                   segments=dict.fromkeys(SEGMENTS, flat), a20=False, gdt=[], mappings=[],
                   idt=[gate(one) for one in descriptors.vector_table(vectors)],
                   screen=["Booting"] + [""] * 24)
    call = {"vector": 0x13, "ax": 0x4200, "address": "0x7d00", "what": "read sectors by EDD",
            "registers": {"rax": "0x4200", "rdx": "0x80"}, "times": 1, "text": "hi\n", "after": {"rax": "0x0"},
            "carry": 0}
    recorder.point(1, "stage1.read", "real", 0x7D00, 41, registers={"rax": 0x4200, "rdx": 0x80},
                   a20=False, calls=[call],
                   disk=[{"lba": 1, "count": 5, "address": "0x8000", "status": 0, "area": "stage2",
                          "who": {"file": "stage1/mbr.asm", "line": 3, "function": "stage1.read"}}],
                   memory=[{"first": "0x8000", "bytes": 2560, "owner": "stage2",
                            "data": "4865792c206f776e657221" + "00" * 53},
                           {"first": "0x7bfe", "bytes": 2, "owner": "stack", "data": "017d"}])
    recorder.point(2, "stage2", "real", 0x8000, 7, "step", a20=False,
                   registers={"rflags": 0x247}, serial=HOSTILE,
                   screen=["Booting", HOSTILE[:80]] + [""] * 23,
                   io=[{"dir": "out", "port": 0x3F8, "size": 1, "value": 0x41, "address": "0x8010",
                        "times": 3},
                       {"dir": "out", "port": 0x3F8, "size": 1, "value": 0x7A, "address": "0x8011",
                        "times": 70, "values": "6f6b0a"},
                       {"dir": "in", "port": 0x92, "size": 1, "value": 2, "address": "0x8012",
                        "times": 1}])
    recorder.point(2, "a20_open", "real", 0x8020, 12)


def protected_mode(recorder):
    flat = segment(0x18, 0, 0xFFFFFFFF, "data writable, base 0h, limit FFFFFFFFh, DPL 0")
    flat_code = segment(0x10, 0, 0xFFFFFFFF, "32-bit code, readable, base 0h, limit FFFFFFFFh, DPL 0")
    recorder.point(3, "gdt_load", "real", 0x8030, 3, "step",
                   {"gdtr_base": 0x9000, "gdtr_limit": 0x2F},
                   gdt=[descriptor(one) for one in descriptors.gdt(GDT)])
    recorder.point(3, "protect", "protected16", 0x8033, kind="instruction",
                   registers={"cr0": 0x10 | PE})
    recorder.point(3, "protect32", "protected32", 0x8040, kind="instruction",
                   segments={"cs": flat_code, "ds": flat, "ss": flat})
    recorder.point(3, "paging_32", "protected32", 0x8041, kind="instruction",
                   registers={"cr0": 0x10 | PE | PG, "cr3": 0x10000, "cr4": PSE},
                   paging={"root": "0x10000", "levels": ["PD", "PT"], "tables": [
                       table(0x10000, "PD", (0, 1, 0x11003, 0), (1, 2, 0x1400083, 0x400000),
                             (5, 1, 0x1C06083, 0)),
                       table(0x11000, "PT", (0, 512, 3, 0x1000), (700, 1, 0x9005, 0))]},
                   mappings=[{"virt_first": "0x0", "virt_last": "0x1fffff", "phys": "0x0",
                              "page": 4096, "flags": "RWX"}])
    recorder.point(3, "paging_pae", "protected32", 0x8042, kind="instruction",
                   registers={"cr3": 0x12020, "cr4": PAE},
                   paging={"root": "0x12020", "levels": ["PDPT", "PD", "PT"], "tables": [
                       table(0x12020, "PDPT", (0, 1, 0x13001, 0), (3, 1, 0x13001, 0)),
                       table(0x13000, "PD", (0, 1, 0x14003, 0), (1, 4, 0x200083, 0x200000),
                             (9, 1, 0xC0000083 | NX, 0)),
                       table(0x14000, "PT", (0, 256, 3, 0x1000))]})


def long_mode(recorder):
    four = [table(0x20000, "PML4", (0, 1, 0x21003, 0), (2, 1, 0x21083, 0), (511, 1, 0x21003, 0)),
            table(0x21000, "PDPT", (0, 1, 0x22003, 0), (1, 1, 0x40000083, 0), (510, 1, 0x22003, 0)),
            table(0x22000, "PD", (0, 1, 0x23023, 0), (1, 500, 0x200083, 0x200000)),
            table(0x23000, "PT", (0, 16, 3 | NX, 0x1000), (17, 100, 0x11001, 0x1000))]
    recorder.point(3, "compatible", "compatibility", 0x8050, kind="instruction",
                   registers={"cr3": 0x20000, "efer": LONG},
                   paging={"root": "0x20000", "levels": ["PML4", "PDPT", "PD", "PT"], "tables": four},
                   mappings=[{"virt_first": "0x200000", "virt_last": "0x3e9fffff",
                              "phys": "0x200000", "page": 0x200000, "flags": "RWX"},
                             {"virt_first": "0xffffffff80200000", "virt_last": "0xffffffffbe9fffff",
                              "phys": "0x200000", "page": 0x200000, "flags": "RWX"}])
    long_code = segment(8, 0, 0xFFFFFFFF, "64-bit code, readable, base 0h, limit FFFFFFFFh, DPL 0")
    recorder.point(4, "kernel", "long", 0xFFFFFFFF80200000, kind="step",
                   registers={"rsp": 0xFFFFFFFF80300000}, segments={"cs": long_code},
                   file="kernel/main.c", line=2,
                   idt=[gate(one) for one in descriptors.idt(bytes.fromhex(
                       "001008000 18e2080ffffffff00000000".replace(" ", "")), True)])
    recorder.point(4, "kernel_five", "long", 0xFFFFFFFF80200010, 1000, "function",
                   {"cr4": PAE | LA57, "cr3": 0x30000},
                   paging={"root": "0x30000", "levels": ["PML5", "PML4", "PDPT", "PD", "PT"],
                           "tables": [table(0x30000, "PML5", (0, 1, 0x20003, 0),
                                            (511, 1, 0x20003, 0))]}, file="", line=0)
    recorder.point(4, "kernel_end", "long", 0xFFFFFFFF80200020, 123456, "end",
                   serial="ready\n", file="kernel/main.c", line=3,
                   memory=[{"first": "0x200010", "bytes": 3, "owner": "kernel", "data": "c0ffee"}])


def sample():
    recorder = Recorder()
    real_mode(recorder)
    protected_mode(recorder)
    long_mode(recorder)
    owner = [("vectors", "interrupt vectors", 0, 0x3FF, 0), ("stack", "real-mode stack", 0x6000, 0x7BFF, 0),
             ("stage1", "stage 1", 0x7C00, 0x7DFF, 0), ("stage2", "stage 2", 0x8000, 0x8FFF, 0),
             ("tables", "page tables", 0x10000, 0x3FFFF, 0),
             ("loader-memory", "taken memory", 0x100000, 0xFFFFFF, 0),
             ("kernel", "the kernel", 0x200000, 0x2FFFFF, 10)]
    return {
        "format": "coldstart-recording", "version": 1,
        "image": {"name": f"sample.img{HOSTILE}", "bytes": 1 << 20, "sha256": "0" * 64, "builds": {}},
        "end": {"why": "nothing more comes", "total": 1, "serial": ""},
        "left_out": [{"name": "the clock", "first": 0, "last": 1, "reason": "it ticks"}],
        "machine": {"emulator": "none", "arguments": [], "memory_bytes": 1 << 24, "cpu": "max"},
        "steps": [step(1, "STAGE1", "real", "the first sector runs"),
                  step(2, "A20", "real", "the line is opened"),
                  step(3, "LONG_MODE", "real", "all modes in turn"),
                  step(4, "KERNEL_ENTRY", "long", "the kernel's first instruction")],
        "owners": [{"id": name, "name": text, "first": hex(first), "last": hex(last),
                    "from_point": point} for name, text, first, last, point in owner],
        "disk": {"sectors": 2048, "areas": [
            {"id": "mbr", "name": "boot sector", "first": 0, "last": 0},
            {"id": "stage2", "name": "stage 2 on disk", "first": 1, "last": 8}]},
        "sources": {"stage1/mbr.asm": ["; first", *[f"        nop ; line {n}" for n in range(2, 40)]],
                    "kernel/main.c": ["/* The kernel.", " * It says: findme */", "int main(void);",
                                      HOSTILE]},
        "points": recorder.points}
