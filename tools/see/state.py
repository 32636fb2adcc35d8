# SPDX-License-Identifier: MIT
"""The CPU's mode and the names of its control bits.

Spec: Intel SDM, volume 3A, sections 2.1.3 (modes), 2.5 (control registers), 2.3 (RFLAGS), 2.2.1
(EFER), 3.4.3 (hidden parts of segment registers).
"""
import dataclasses

BITS = {
    "cr0": {0: "PE", 1: "MP", 2: "EM", 3: "TS", 4: "ET", 5: "NE", 16: "WP", 18: "AM", 29: "NW",
            30: "CD", 31: "PG"},
    "cr4": {0: "VME", 1: "PVI", 2: "TSD", 3: "DE", 4: "PSE", 5: "PAE", 6: "MCE", 7: "PGE", 8: "PCE",
            9: "OSFXSR", 10: "OSXMMEXCPT", 11: "UMIP", 12: "LA57", 13: "VMXE", 14: "SMXE",
            16: "FSGSBASE", 17: "PCIDE", 18: "OSXSAVE", 20: "SMEP", 21: "SMAP", 22: "PKE"},
    "efer": {0: "SCE", 8: "LME", 10: "LMA", 11: "NXE"},
    "rflags": {0: "CF", 2: "PF", 4: "AF", 6: "ZF", 7: "SF", 8: "TF", 9: "IF", 10: "DF", 11: "OF",
               14: "NT", 16: "RF", 17: "VM", 18: "AC", 21: "ID"},
}
RFLAGS_FIXED = 1 << 1  # always 1, and without a name
MODES = ("real", "protected16", "protected32", "compatibility", "long")
CODE_BITS = {"real": 16, "protected16": 16, "protected32": 32, "long": 64}

CS_L, CS_D = 1 << 13, 1 << 14  # of a segment's attributes: bits 8 to 23 of the descriptor, in place 0


@dataclasses.dataclass
class Segment:
    """A segment register with its hidden part, as the CPU uses it."""
    selector: int
    base: int
    limit: int
    attributes: int  # bits 8 to 23 of the descriptor's upper half, shifted to bit 0


def bit(register, name):
    """The mask of a named bit: bit("cr0", "PE") is 1. KeyError when there is none of that name."""
    for position, known in BITS[register].items():
        if known == name:
            return 1 << position
    raise KeyError(f"{register} has no bit {name}")


def bits_set(register, value):
    """Names of the bits that are 1, lowest first; bits without a name by their number."""
    fixed = RFLAGS_FIXED if register == "rflags" else 0
    names = BITS[register]
    value &= ~fixed
    return [names.get(position, f"bit {position}") for position in range(64) if value >> position & 1]


def bits_text(register, value):
    """"PE ET PG", or "none"."""
    return " ".join(bits_set(register, value)) or "none"


def mode(cr0, efer, cs_attributes, rflags=0):
    """One of MODES, or "virtual-8086".

    cs_attributes  bits 8 to 23 of CS's descriptor, shifted to bit 0: L is bit 13, D bit 14
    """
    if not cr0 & bit("cr0", "PE"):
        return "real"
    if efer & bit("efer", "LMA"):
        return "long" if cs_attributes & CS_L else "compatibility"
    if rflags & bit("rflags", "VM"):
        return "virtual-8086"
    return "protected32" if cs_attributes & CS_D else "protected16"


def code_bits(mode_name, cs_attributes=0):
    """16, 32 or 64: how instructions are read in a mode."""
    if mode_name == "compatibility":
        return 32 if cs_attributes & CS_D else 16
    return CODE_BITS.get(mode_name, 16)
