# SPDX-License-Identifier: MIT
"""Q15 to Q35: INT 13h."""
import re

from quirks_entry import BY_EDD, NO_EDD
from trial import Quirk, Trial, with_module

PROBE = "stage2/bios/disk_probe.c:"
READ = "stage2/plan/disk.c:"
RETRIES = r"reading +stage 2 copy A, (\d+) retries in stage 1; \d+ calls, (\d+) retries in stage 2"
ONE_DISK = (r", 131072 sectors",)


def retried(result):
    stage1, stage2 = map(int, re.search(RETRIES, result.serial).groups())
    assert stage1 > 0 and stage2 > 0, f"{stage1} and {stage2} retries"


def loader_fell_back(result):
    stage1, stage2 = map(int, re.search(RETRIES, result.serial).groups())
    assert stage1 == 0 and stage2 > 0, f"{stage1} and {stage2} retries"


def never_retried(result):
    assert re.search(RETRIES, result.serial).groups() == ("0", "0"), "something was tried again"


def stops_after(last_line):
    """A hang is only found when the last line tells where."""
    def check(result):
        lines = [line for line in result.serial.splitlines() if line.strip()]
        last = lines[-1] if lines else ""
        print(f"hangs after: {last!r}")
        assert re.match(last_line, last), f"the last line is {last!r}"
    return check


def hang(name, call, last_line):
    return Trial(name, f"Q32_CALL={call}", ends="hang", check=stops_after(last_line))


QUIRKS = [
    Quirk(15, "AH=41h changes DL", ("stage1/mbr.asm:stage1_by_edd",),
          (Trial("trashes-dl", "Q15_TRASHES_DL", says=BY_EDD),)),
    Quirk(16, "AH=41h writes through the caller's DS",
          ("stage1/mbr.asm:stage1_by_edd", PROBE + "probe_edd"),
          (Trial("writes", "Q16_WRITES"), Trial("writes-and-refuses", "Q16_WRITES Q17_NO_PACKET",
                                                says=NO_EDD))),
    Quirk(17, "AH=41h changes nothing, or only part of what says yes",
          ("stage1/mbr.asm:stage1_by_edd", PROBE + "probe_edd"),
          tuple(Trial(name, f"Q17_{switch}", says=NO_EDD) for name, switch in (
              ("mute", "MUTE"), ("keeps-cf", "KEEPS_CF"), ("no-packet", "NO_PACKET"),
              ("no-magic", "NO_MAGIC"), ("mute-later", "MUTE_LATER"),
              ("keeps-cf-later", "KEEPS_CF_LATER"), ("no-packet-later", "NO_PACKET_LATER"),
              ("no-magic-later", "NO_MAGIC_LATER")))),
    Quirk(18, "EDD is promised, and AH=42h is a bad command",
          ("stage1/mbr.asm:stage1_by_edd", READ + "recover"),
          (Trial("lies", "Q18_LIES", says=NO_EDD),
           Trial("lies-later", "Q18_LIES_LATER", check=loader_fell_back))),
    Quirk(19, "a call of more than so many sectors fails",
          ("stage1/mbr.asm:try_copy", "include/hw/edd.h:EDD_MAX_SECTORS"),
          (Trial("most-127", "Q19_MOST_127", image=with_module, check=never_retried),
           *(Trial(f"most-{most}", f"Q19_MOST_{most}", check=retried) for most in (63, 18, 1)),
           Trial("most-18-long", "Q19_MOST_18", image=with_module, check=retried))),
    Quirk(20, "a buffer across a 64 KiB line fails",
          ("stage1/mbr.asm:try_copy", READ + "batch_make"),
          (Trial("refuses", "Q20_REFUSES", image=with_module, check=never_retried),
           Trial("refuses-chs", "Q20_REFUSES Q13_NO_EDD", image=with_module, says=NO_EDD),
           Trial("refuses-halves", "Q20_REFUSES Q19_MOST_63", image=with_module, check=retried))),
    Quirk(21, "INT 13h destroys registers and upper halves",
          ("stage1/mbr.asm:read_sectors", "stage2/real/service.asm:one_disk_call"),
          (Trial("registers", "Q21_REGISTERS"),
           Trial("registers-chs", "Q21_REGISTERS Q13_NO_EDD", says=NO_EDD))),
    Quirk(22, "an interrupt returns with IF or DF changed",
          ("stage1/mbr.asm:read_sectors", "stage2/mode.asm:real_mode",
           "stage2/real/memory.asm:real_ask_system", "stage2/real/service.asm:one_disk_call"),
          (Trial("if-off", "Q22_IF_OFF"), Trial("if-off-chs", "Q22_IF_OFF Q13_NO_EDD"))),
    Quirk(23, "an error stays until the drive is reset",
          ("stage1/mbr.asm:try_copy", READ + "reset"),
          (Trial("stuck", "Q23_STUCK", check=retried),
           Trial("stuck-chs", "Q23_STUCK Q13_NO_EDD", check=retried, says=NO_EDD))),
    Quirk(24, "carry set though it worked, or AH = 0 though it did not",
          (PROBE + "probe_size", READ + "request_moved"),
          (Trial("answer-with-cf", "Q24_ANSWER_WITH_CF"),
           Trial("answer-with-cf-chs", "Q24_ANSWER_WITH_CF Q13_NO_EDD", says=NO_EDD),
           Trial("answer-with-cf-later", "Q24_ANSWER_WITH_CF Q18_LIES_LATER", says=NO_EDD),
           Trial("cf-without-ah", "Q24_CF_WITHOUT_AH", check=retried),
           Trial("ah-without-cf", "Q24_AH_WITHOUT_CF", check=never_retried))),
    Quirk(25, "fewer sectors are read than asked, with or without an error",
          (READ + "request_moved", "stage2/real/service.asm:one_disk_call"),
          (Trial("partial", "Q25_PARTIAL", check=retried), Trial("short", "Q25_SHORT", says=NO_EDD),
           Trial("short-later", "Q25_SHORT_LATER", check=loader_fell_back),
           Trial("short-chs", "Q25_AL Q13_NO_EDD", says=NO_EDD),
           Trial("silent", "Q25_SILENT", ends="error E60"))),
    Quirk(26, "the packet is changed by the call",
          ("stage1/mbr.asm:read_sectors", READ + "request_moved",
           "stage2/real/service.asm:one_disk_call"),
          (Trial("clears-packet", "Q26_CLEARS_PACKET", check=never_retried),)),
    Quirk(27, "AH=48h gives no sectors, or too few", (READ + "disk_read",
                                                      "stage2/volume_find.c:volume_find"),
          (Trial("no-sectors", "Q27_NO_SECTORS"),
           Trial("few-sectors", "Q27_FEW_SECTORS", says=(r", 1000 sectors",)))),
    Quirk(28, "AH=48h writes past the buffer, or wants its size", (PROBE + "probe_size",),
          (Trial("overruns", "Q28_OVERRUNS", says=ONE_DISK),
           Trial("wants-size", "Q28_WANTS_SIZE", says=ONE_DISK))),
    Quirk(29, "AH=08h and 48h hang for a drive that is no hard disk", (PROBE + "disk_confirm",),
          (Trial("hangs", "Q29_HANGS"), Trial("hangs-chs", "Q29_HANGS Q13_NO_EDD", says=NO_EDD))),
    Quirk(30, "AH=08h wants ES:DI = 0, or gives no sectors on a track",
          ("stage1/mbr.asm:try_chs", PROBE + "disk_probe_geometry"),
          (Trial("no-sectors", "Q30_NO_SECTORS", ends="stage1 EB00"),
           Trial("fails", "Q30_GEOMETRY_FAILS", ends="stage1 EB07"))),
    Quirk(31, "an LBA of more than 32 bits fails", ("stage1/mbr.asm:read_sectors",
                                                   "include/hw/edd.h:edd_packet"),
          (Trial("no-high-half", "Q31_NO_HIGH_HALF", check=never_retried),)),
    Quirk(32, "an INT 13h call never returns", ("stage2/real/step.inc:begin_step",),
          (hang("first-call", 1, r"$"), hang("second-read", 3, r"$"),
           hang("edd-check", 4, r"coldstart: build .* KiB of memory$"),
           hang("first-sector", 6, r"coldstart: build .* KiB of memory$"),
           hang("config", 11, r"coldstart: disk 80h \(EDD\), partition 1, FAT\d+$"),
           hang("kernel", 16, r"coldstart: loading /boot/kernel\.elf, \d+ KiB$"))),
    Quirk(33, "drives that are not there answer", (PROBE + "disk_confirm",),
          (Trial("phantoms", "Q33_PHANTOMS"), Trial("phantoms-chs", "Q33_PHANTOMS Q13_NO_EDD"))),
    Quirk(34, "asking for another drive hangs", (PROBE + "disk_confirm",),
          (Trial("probe-hangs", "Q34_PROBE_HANGS"),
           Trial("probe-hangs-dl-00", "Q34_PROBE_HANGS Q2_DL_00"))),
    Quirk(35, "reads of several sectors fail beyond a low end of the track",
          ("include/boot/stage1.h:STAGE1_CHS_SECTORS",),
          (Trial("track-9", "Q35_TRACK_9 Q13_NO_EDD", says=NO_EDD),)),
]
