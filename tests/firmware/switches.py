# SPDX-License-Identifier: MIT
"""The switches of the hostile firmware: what each does, and which exclude one another.

A switch is the name that rom.asm is assembled with, -DQ17_MUTE; the number is the quirk's. Switches of
one group cannot be given together; all others can. What a switch needs beside it, or does to the end
of a boot, is in quirks.py.
"""
# name: what this BIOS does
SWITCHES = {
    "Q1_07C0": "enters the sector as 07C0:0000",
    "Q2_DL_00": "DL = 00h for a hard disk",
    "Q2_DL_12": "DL = 12h for a hard disk",
    "Q2_DL_FF": "DL = FFh for a hard disk",
    "Q3_DL_81": "boots the second disk, and says so",
    "Q4_SEGMENTS": "DS, ES, FS, GS, SS hold anything, SP is odd",
    "Q5_DIRTY": "DF, NT set, IF clear, every register full to its upper half",
    "Q6_POINTERS": "ES:DI points to a $PnP header, DS:SI to the partition's entry",
    "Q7_SCRIBBLE": "overwrites the sector in memory where a BPB would be",
    "Q8_SANE_BPB": "boots no sector whose BPB has no sane geometry",
    "Q9_BPB_IS_FLOPPY": "takes a disk with a BPB for a floppy disk: DL = 0, no EDD",
    "Q10_NT_MAGIC": "has EDD only for a sector that begins with 33 C0",
    "Q11_TABLE": "boots no disk whose partition table is not right in every field",
    "Q13_NO_EDD": "refuses EDD",
    "Q13_FLOPPY": "shows a stick as floppy disk 00h, 18 sectors, 2 heads; no EDD, no drive 80h",
    "Q13_HEADS_256": "no EDD; 63 sectors, 256 heads",
    "Q13_TRACK_8": "no EDD; 8 sectors, one head: the most cylinders there can be",
    "Q14_FROM_TABLE": "no EDD; works the geometry out of the partition's CHS fields",
    "Q15_TRASHES_DL": "AH=41h changes DL",
    "Q16_WRITES": "AH=41h writes to DS:0041h",
    "Q17_MUTE": "AH=41h returns with everything as it was",
    "Q17_KEEPS_CF": "AH=41h says yes in BX and CX, and leaves CF as it was",
    "Q17_NO_PACKET": "AH=41h: CX bit 0 is clear",
    "Q17_NO_MAGIC": "AH=41h: BX stays 55AAh",
    "Q17_MUTE_LATER": "as Q17_MUTE, but not for the first who asks",
    "Q17_KEEPS_CF_LATER": "as Q17_KEEPS_CF, but not for the first who asks",
    "Q17_NO_PACKET_LATER": "as Q17_NO_PACKET, but not for the first who asks",
    "Q17_NO_MAGIC_LATER": "as Q17_NO_MAGIC, but not for the first who asks",
    "Q18_LIES": "AH=41h says yes, AH=42h is a bad command",
    "Q18_LIES_LATER": "AH=42h is a bad command from the loader on",
    "Q19_MOST_127": "more than 127 sectors in a call: AH=09h",
    "Q19_MOST_63": "more than 63 sectors in a call: AH=09h",
    "Q19_MOST_18": "more than 18 sectors in a call: AH=09h",
    "Q19_MOST_1": "more than one sector in a call: AH=09h",
    "Q20_REFUSES": "a buffer across 64 KiB: AH=09h",
    "Q21_REGISTERS": "INT 13h destroys all registers but the answers, and all upper halves",
    "Q22_IF_OFF": "interrupts are off and DF is set when an interrupt returns",
    "Q23_STUCK": "every second read fails, and all after it until a reset",
    "Q24_ANSWER_WITH_CF": "AH=08h and 48h answer well, with AH = 0, but CF = 1",
    "Q24_CF_WITHOUT_AH": "every second read fails with CF = 1, AH = 0",
    "Q24_AH_WITHOUT_CF": "good reads return CF = 0, AH = 55h",
    "Q25_SHORT": "reads 8 sectors at most, sets the count, and calls that a success",
    "Q25_SHORT_LATER": "as Q25_SHORT, from the loader on",
    "Q25_PARTIAL": "reads 8 sectors at most, and says so with CF = 1",
    "Q25_SILENT": "reads 64 sectors at most, and says it was all",
    "Q25_AL": "AH=02h returns anything in AL",
    "Q26_CLEARS_PACKET": "the packet is zeros after a read",
    "Q27_NO_SECTORS": "AH=48h: the disk has 0 sectors",
    "Q27_FEW_SECTORS": "AH=48h: the disk has 1000 sectors",
    "Q28_OVERRUNS": "AH=48h writes 16 bytes more than there is room for",
    "Q28_WANTS_SIZE": "AH=48h fails unless the buffer's size goes in",
    "Q29_HANGS": "AH=08h and 48h never return for other drives",
    "Q30_NO_SECTORS": "no EDD, and no sectors on a track",
    "Q30_GEOMETRY_FAILS": "no EDD, and AH=08h fails with status 07h",
    "Q31_NO_HIGH_HALF": "an LBA of more than 32 bits is a bad command",
    "Q32_CALL": "the INT 13h call of that number never returns (Q32_CALL=n)",
    "Q33_PHANTOMS": "every drive number is a disk",
    "Q34_PROBE_HANGS": "no call for another drive ever returns",
    "Q35_TRACK_9": "AH=02h of several sectors fails beyond the ninth of a track",
    "Q36_BP": "the teletype destroys BP",
    "Q37_AX": "the teletype destroys AX",
    "Q37_OTHERS": "the teletype destroys BX, CX, DX, SI, DI",
    "Q38_PAGE_1": "page 1 is shown",
    "Q39_NO_VBE": "no VBE",
    "Q39_NO_MODES": "VBE with an empty list of modes",
    "Q39_NO_LINEAR": "VBE, and no mode has a linear framebuffer",
    "Q39_SET_FAILS": "VBE, and no mode can be set",
    "Q40_NO_KEY": "INT 16h never has a key",
    "Q41_GARBAGE": "E820 returns 20 bytes and writes attributes all the same",
    "Q41_DISABLED": "E820 returns 24 bytes; one range of RAM is not enabled",
    "Q42_CHOKES": "E820 fails when more than 20 bytes are asked for",
    "Q42_NO_SIGNATURE": "E820 answers without 'SMAP' when more than 20 bytes are asked for",
    "Q43_CARRY": "E820: carry ends the list",
    "Q44_SIGNATURE_LOST": "E820: 'SMAP' is missing from the third answer",
    "Q45_CHANGES_ONLY": "E820 writes only what differs from the answer before",
    "Q46_CIRCLE": "E820 begins again after the last",
    "Q46_SAME": "E820 gives the fourth answer for ever",
    "Q46_ENDLESS": "E820 never ends",
    "Q47_OPAQUE": "E820: EBX is no small number; ESI, EDI, EDX, EBP are destroyed",
    "Q48_ODD_RANGES": "E820: empty, wrapping, overlapping, unsorted ranges",
    "Q48_PIECES": "E820: a reserved page at each even MiB, up to 64",
    "Q49_TYPES": "E820: types 13, 2954887168 and 0 in the middle of RAM",
    "Q50_MANY_FIRST": "E820: 312 more ranges, before all others",
    "Q50_MANY_LAST": "E820: 312 more ranges, behind all others",
    "Q51_LOW_LIE": "E820: RAM up to 960 KiB",
    "Q52_GARBAGE_FIRST": "E820: the first answer is noise",
    "Q52_NO_RAM_FIRST": "E820: nothing is said of address 0",
    "Q53_HIDES": "E820: nothing is said of the RAM at 1 MiB",
    "Q54_NO_E820": "no E820",
    "Q54_E801_CX_DX": "E801 answers in CX and DX only",
    "Q54_E801_4_GIB": "E801: RAM up to 4 GiB",
    "Q54_E801_HOLE": "E801: nothing from 15 to 16 MiB",
    "Q54_NO_E801": "no E801",
    "Q54_NO_88": "no E801, no AH=88h",
    "Q54_88_WITH_CF": "no E801, and AH=88h is right, but with carry",
    "Q54_INT12_0": "INT 12h: 0 KiB",
    "Q54_INT12_FFFF": "INT 12h: 65535 KiB",
    "Q55_LIES": "A20 is closed; AX=2401h says that it opened it",
    "Q55_REFUSES": "A20 is closed; AX=2401h is refused",
    "Q55_LATE": "A20 is closed; AX=2401h opens it a tick later",
    "Q55_FLAGS": "A20 is closed; AX=2401h opens it, clears IF and sets DF",
    "Q58_KEYBOARD_ONLY": "A20 is closed by the keyboard controller, and port 92h reads open",
    "Q60_SETTLES": "A20 is closed; AX=2401h opens it two ticks later",
    "Q61_BYTE_LEFT": "as Q58_KEYBOARD_ONLY, and a byte waits in the controller",
    "Q62_TABLES": "INT 10h and 13h load GDTR and IDTR",
    "Q64_PROTECTED_MODE": "INT 13h goes to protected mode and back",
    "Q66_FAST_CLOCK": "the clock ticks ten thousand times a second",
    "Q67_SLOW": "every INT 13h call takes a tick of the clock",
    "POISON_CC": "memory holds CCh before the boot sector is entered",
    "POISON_FF": "memory holds FFh before the boot sector is entered",
    "POISON_RANDOM": "memory holds noise before the boot sector is entered",
    "DISK_DEAD": "no read ever succeeds: status 20h",
    "DISK_OTHER_SIGNATURE": "changes the disk's signature in the sector that it enters",
}


def starting(*starts):
    return {name for name in SWITCHES if name.startswith(starts)}


# Of each group, one at most.
GROUPS = {
    "drive number": starting("Q2_", "Q3_", "Q9_", "Q13_FLOPPY"),
    "registers on entry": starting("Q4_", "Q6_"),
    "EDD": starting("Q9_", "Q10_", "Q13_", "Q14_", "Q17_", "Q30_N", "Q30_G"),
    "AH=42h": starting("Q18_"),
    "drives": starting("Q13_FLOPPY", "Q29_", "Q33_", "Q34_"),
    "most sectors": starting("Q19_"),
    "how much": starting("Q25_S", "Q25_P"),
    "packet or count": starting("Q25_S", "Q25_P", "Q26_"),
    "failing reads": starting("Q23_", "Q24_CF", "Q32_", "DISK_"),
    "AH=48h": starting("Q27_"),
    "VBE": starting("Q39_"),
    "E820 bytes": starting("Q41_", "Q42_"),
    "E820 head": starting("Q50_MANY_FIRST", "Q48_"),
    "E820 head, noise": starting("Q50_MANY_FIRST", "Q49_"),
    "E820 head, disabled": starting("Q50_MANY_FIRST", "Q41_DISABLED"),
    "E820 head, first": starting("Q50_MANY_FIRST", "Q52_"),
    "E820 tail": starting("Q43_", "Q46_", "Q50_"),
    "E801": starting("Q54_E801", "Q54_NO_E801", "Q54_88", "Q54_NO_88"),
    "INT 12h": starting("Q54_INT12"),
    "A20": starting("Q55_", "Q58_", "Q60_", "Q61_"),
    "poison": starting("POISON_"),
}


def plain(switch):
    """`Q32_CALL=5` is Q32_CALL."""
    return switch.split("=")[0]


def conflict(switches):
    """The first group of which more than one is given, or None."""
    names = [plain(switch) for switch in switches]
    for group, members in GROUPS.items():
        if sum(name in members for name in names) > 1:
            return group
    return None
