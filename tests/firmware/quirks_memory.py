# SPDX-License-Identifier: MIT
"""Q36 to Q54: the screen, the keyboard, and the memory map."""
from vmlib import boots, images
from vmlib.qemu import Qemu

from trial import QEMU, Quirk, Trial, all_usable, with_config

CONSOLE = "stage2/real/console.asm:screen_byte"
ERROR = "stage1/mbr.asm:stage1_error"
E820 = "stage2/real/e820.asm:"
CLAIMS = "stage2/plan/memory_claims.c:"
JUDGE = "stage2/plan/memory_judge.c:"
MIB = 1024 * 1024
BIOS_ROM = 0xFFFFF000
TEXT_STAYS = (r"coldstart: (no video mode like .*|the BIOS refused the mode), text stays",)
ENDED_BY = r"Memory as reported \(INT 15h E820; {}\)"
THE_HOLE = 15 * MIB
BELOW_16_MIB_KIB = (15 * 1024, 16 * 1024)
EBDA_AND_VGA = (0x9FC00, 0xA0000, 0xEF000)
PIECES = 0xE0000000  # as in e820.inc
SHORT_HALF_MINUTE = ["-icount", "shift=10,sleep=off"]


def graphics():
    return with_config(images.config("", video="1024x768x32"))


def nonsense():
    return with_config("nonsense\n")


def moves_on(result):
    """Nobody at the keyboard: the error path must not wait for ever."""
    del result
    from vmlib import rom  # pylint: disable=import-outside-toplevel
    with Qemu(nonsense(), memory=64, rom=rom.make("Q40_NO_KEY"), extra=SHORT_HALF_MINUTE) as vm:
        vm.wait_for(boots.LEAVE)
        boots.until(lambda: vm.process.poll() is not None or "No bootable" in vm.screen_text(),
                    "the next boot device's turn", guard=60)
        assert not rom.offences(vm.e9), "it waits for a key"


def from_e820(result):
    """The map is E820's: only that tells of the BIOS's own ROM below 4 GiB."""
    assert result.at(BIOS_ROM) == "reserved", "E820 was not believed"
    all_usable(result)


def unchanged_is_kept(result):
    assert result.at(0xE0110000) == "ACPI NVS", "what did not change was forgotten"
    from_e820(result)


def no_low_lie(result):
    for phys in EBDA_AND_VGA:
        assert result.at(phys) != "usable", f"{phys:#x} is usable"
    from_e820(result)


def pieces_reserved(result):
    """What was told of made-up pages is kept, or unknown; never RAM."""
    for number in (0, 1, 100, 311):
        phys = PIECES + number * 0x2000
        assert result.at(phys & 0xFFFFFFFF) in ("reserved", "unknown"), f"{phys:#x} is RAM"
    all_usable(result)


def odd_ranges(result):
    assert result.at(0xC01000) == "reserved" and result.at(0xC02000) == "ACPI tables"
    assert result.at(0xD00000) == "reserved" and result.at(0xD01000) == "usable"
    assert result.at(0x300000) == "usable" and result.at(0xFFFFFFFFFFFF0000) == "unknown"
    from_e820(result)


def odd_types(result):
    for phys in (0x1000000, 0x1010000, 0x1020000):
        assert result.at(phys) == "reserved", f"{phys:#x} is {result.at(phys)}"
    from_e820(result)


def nothing_disabled(result):
    assert result.at(0x40000000) == "unknown", "a disabled range is in the map"
    from_e820(result)


def only_below_16_mib(result):
    least, most = BELOW_16_MIB_KIB
    assert least <= result.ram_kib() <= most, f"{result.ram_kib()} KiB"


def hole_below_16_mib(result):
    assert result.at(THE_HOLE) == "unknown" and result.at(16 * MIB) == "usable"


def without_e820(*more):
    return " ".join(("Q54_NO_E820", *more))


# MiB: AH=88h cannot tell of so much, E801 must.
BEYOND_88H = {"memory": 128}


def memory(name, switches, check=all_usable, **more):
    return Trial(name, switches, check=check, **more)


FULL = (ENDED_BY.format("more answers than there is room for"),)
NO_LIST = (ENDED_BY.format("not supported"),)

QUIRKS = [
    Quirk(36, "the teletype destroys BP", (ERROR, CONSOLE), (Trial("bp", "Q36_BP"),)),
    Quirk(37, "the teletype destroys AX", (ERROR, CONSOLE),
          (Trial("ax", "Q37_AX"), Trial("others", "Q37_OTHERS"),
           Trial("dead-disk", "Q37_AX Q37_OTHERS Q36_BP DISK_DEAD", ends="stage1 ED20"))),
    Quirk(38, "another page than 0 is shown", (ERROR, CONSOLE), (Trial("page-1", "Q38_PAGE_1"),)),
    Quirk(39, "no VBE, no mode, no linear mode, or a mode that cannot be set",
          ("stage2/bios/vbe.c:vbe_find", "stage2/bios/vbe.c:vbe_enter_graphics"),
          (*(Trial(name, f"Q39_{switch}", image=graphics, says=TEXT_STAYS) for name, switch in (
              ("no-vbe", "NO_VBE"), ("no-modes", "NO_MODES"), ("no-linear", "NO_LINEAR"),
              ("set-fails", "SET_FAILS"))),
           Trial("no-vga", image=graphics, emulators=(QEMU,), says=TEXT_STAYS,
                 options={"vga": "none"}),
           Trial("all-well", image=graphics, emulators=(QEMU,),
                 says=(r"video mode \w+h, 1024x768x32",)))),
    Quirk(40, "the firmware drives no keyboard: there is never a key",
          ("stage2/real/stop.asm:wait_for_key",),
          (Trial("no-key", "Q40_NO_KEY"),
           Trial("error-moves-on", "Q40_NO_KEY", image=nonsense, ends="error E40",
                 emulators=(QEMU,), check=moves_on))),
    Quirk(41, "E820 returns 20 bytes when 24 are asked, or attributes that mean something",
          (E820 + "ask", CLAIMS + "answer_type"),
          (memory("garbage", "Q41_GARBAGE", from_e820),
           memory("disabled", "Q41_DISABLED", nothing_disabled))),
    Quirk(42, "E820 fails when more than 20 bytes are asked", (E820 + "real_e820_ask",),
          (memory("chokes", "Q42_CHOKES", from_e820), memory("no-signature", "Q42_NO_SIGNATURE", from_e820))),
    Quirk(43, "E820: carry ends the list", (E820 + "walk",),
          (memory("carry", "Q43_CARRY", from_e820, says=(ENDED_BY.format("the carry flag ended it"),)),)),
    Quirk(44, "E820: 'SMAP' vanishes in the middle of the list",
          (E820 + "walk", CLAIMS + "claim_e820"),
          (memory("signature-lost", "Q44_SIGNATURE_LOST",
                  says=(ENDED_BY.format("'SMAP' went missing"),)),)),
    Quirk(45, "E820 writes only what changed", (E820 + "walk",),
          (memory("changes-only", "Q45_CHANGES_ONLY", unchanged_is_kept),)),
    Quirk(46, "E820: the list never ends", (E820 + "walk", E820 + "is_repeated"),
          (memory("circle", "Q46_CIRCLE", from_e820, says=(ENDED_BY.format("the BIOS repeated itself"),)),
           memory("same", "Q46_SAME", says=(ENDED_BY.format("the BIOS repeated itself"),)),
           memory("endless", "Q46_ENDLESS", from_e820,
                  says=FULL))),
    Quirk(47, "E820: the continuation has all its 32 bits; ESI, EDI, EDX, EBP are destroyed",
          (E820 + "walk", "stage2/real/memory.asm:real_ask_system"),
          (memory("opaque", "Q47_OPAQUE", from_e820),)),
    Quirk(48, "E820: empty, wrapping, overlapping, unsorted ranges",
          (CLAIMS + "claim_answer", JUDGE + "find_piece"),
          (memory("odd-ranges", "Q48_ODD_RANGES", odd_ranges), memory("pieces", "Q48_PIECES"))),
    Quirk(49, "E820: types that nobody defined", (CLAIMS + "answer_type",),
          (memory("types", "Q49_TYPES", odd_types),)),
    Quirk(50, "E820: more entries than a table holds", (E820 + "walk", JUDGE + "replace_least"),
          (memory("many-first", "Q50_MANY_FIRST", pieces_reserved, says=FULL),
           memory("many-last", "Q50_MANY_LAST", pieces_reserved, says=FULL))),
    Quirk(51, "E820 calls the EBDA and the VGA RAM", (CLAIMS + "low_memory_end",),
          (memory("low-lie", "Q51_LOW_LIE", no_low_lie),)),
    Quirk(52, "E820: the first entry is not RAM, or noise", (CLAIMS + "memory_claims_collect",),
          (memory("garbage-first", "Q52_GARBAGE_FIRST", from_e820),
           memory("no-ram-first", "Q52_NO_RAM_FIRST", from_e820))),
    Quirk(53, "E820 hides extended memory", (CLAIMS + "memory_claims_collect",),
          (memory("hides", "Q53_HIDES"),)),
    Quirk(54, "E801, AH=88h and INT 12h lie", (CLAIMS + "read_e801", CLAIMS + "read_int88",
                                               "stage2/real/memory.asm:ask_e801"),
          (memory("no-e820", without_e820(), says=NO_LIST),
           memory("e801-cx-dx", without_e820("Q54_E801_CX_DX"), says=NO_LIST,
                  options=BEYOND_88H),
           memory("e801-4-gib", without_e820("Q54_E801_4_GIB"), only_below_16_mib),
           memory("e801-hole", without_e820("Q54_E801_HOLE"), hole_below_16_mib),
           memory("no-e801", without_e820("Q54_NO_E801"), emulators=(QEMU,)),
           memory("88-with-cf", without_e820("Q54_88_WITH_CF")),
           Trial("nothing", without_e820("Q54_NO_88"), ends="error E12"),
           memory("e820-alone", "Q54_NO_88"),
           memory("int12-0", "Q54_INT12_0"), memory("int12-ffff", "Q54_INT12_FFFF"),
           memory("int12-0-alone", without_e820("Q54_INT12_0")),
           Trial("hidden-and-lied", "Q53_HIDES Q54_E801_CX_DX Q54_INT12_FFFF", check=all_usable),
           )),
]
