// SPDX-License-Identifier: MIT
// Names of bits, modes, vectors and ports. Spec: Intel SDM, volume 3A, sections 2.2.1, 2.3 and 2.5.
"use strict";

const BITS = {
    cr0: [[0, "PE", "protected mode"], [1, "MP", "WAIT obeys TS"], [2, "EM", "no x87 unit"],
        [3, "TS", "task switched"], [4, "ET", "x87 is a 387"], [5, "NE", "x87 errors as exceptions"],
        [16, "WP", "read-only pages bind the kernel too"], [18, "AM", "alignment checks"],
        [29, "NW", "no write-through"], [30, "CD", "caches off"], [31, "PG", "paging"]],
    cr4: [[0, "VME", "virtual-8086 extensions"], [1, "PVI", "virtual interrupts"],
        [2, "TSD", "RDTSC only in ring 0"], [3, "DE", "debug extensions"], [4, "PSE", "4 MiB pages"],
        [5, "PAE", "64-bit table entries"], [6, "MCE", "machine checks"], [7, "PGE", "global pages"],
        [8, "PCE", "RDPMC for all"], [9, "OSFXSR", "SSE"], [10, "OSXMMEXCPT", "SSE exceptions"],
        [11, "UMIP", "SGDT and the like only in ring 0"], [12, "LA57", "5-level paging"],
        [13, "VMXE", "virtual machines"], [14, "SMXE", "safer mode"],
        [16, "FSGSBASE", "RDFSBASE and the like"], [17, "PCIDE", "process identifiers"],
        [18, "OSXSAVE", "XSAVE"], [20, "SMEP", "the kernel runs no user page"],
        [21, "SMAP", "the kernel reads no user page"], [22, "PKE", "protection keys"]],
    efer: [[0, "SCE", "SYSCALL"], [8, "LME", "long mode wanted"], [10, "LMA", "long mode active"],
        [11, "NXE", "no-execute pages"]],
    rflags: [[0, "CF", "carry"], [2, "PF", "parity"], [4, "AF", "half carry"], [6, "ZF", "zero"],
        [7, "SF", "sign"], [8, "TF", "single step"], [9, "IF", "interrupts on"],
        [10, "DF", "strings go down"], [11, "OF", "overflow"], [14, "NT", "nested task"],
        [16, "RF", "resume"], [17, "VM", "virtual-8086"], [18, "AC", "alignment check"],
        [21, "ID", "CPUID exists"]],
};

const MODES = {
    real: { name: "real mode", rung: 0, bits: 16 },
    protected16: { name: "protected mode, 16-bit", rung: 1, bits: 16 },
    protected32: { name: "protected mode, 32-bit", rung: 1, bits: 32 },
    "virtual-8086": { name: "virtual-8086 mode", rung: 1, bits: 16 },
    compatibility: { name: "compatibility mode", rung: 1, bits: 32 },
    long: { name: "long mode, 64-bit", rung: 2, bits: 64 },
};

const EXCEPTIONS = ["divide error", "debug", "NMI", "breakpoint", "overflow", "bound",
    "invalid opcode", "no x87 unit", "double fault", "", "invalid TSS", "segment not present",
    "stack fault", "general protection", "page fault", "", "x87 error", "alignment check",
    "machine check", "SIMD error", "virtualization", "control protection"];

// [first, last, name] of the ports a PC's boot touches.
const PORTS = [[0x20, 0x21, "first interrupt controller"], [0x40, 0x43, "timer"],
    [0x60, 0x60, "keyboard data"], [0x61, 0x61, "system control B"],
    [0x64, 0x64, "keyboard controller"], [0x70, 0x71, "CMOS and NMI mask"],
    [0x80, 0x80, "POST code"], [0x92, 0x92, "system control A: fast A20"],
    [0xa0, 0xa1, "second interrupt controller"], [0xe9, 0xe9, "debug console"],
    [0xf4, 0xf4, "exit from QEMU"], [0x3b4, 0x3b5, "VGA registers, mono"],
    [0x3c0, 0x3cf, "VGA"], [0x3d4, 0x3d5, "VGA registers"], [0x3f8, 0x3ff, "COM1"],
    [0x510, 0x511, "QEMU's settings"], [0xcf8, 0xcff, "PCI settings"]];

function bitIsSet(value, position) {
    return (BigInt(value) >> BigInt(position) & 1n) === 1n;
}

function modeOf(name) {
    return MODES[name] || { name: name || "unknown mode", rung: 0, bits: 16 };
}

function portName(port) {
    const found = PORTS.find(([first, last]) => port >= first && port <= last);
    return found ? found[2] : "";
}
