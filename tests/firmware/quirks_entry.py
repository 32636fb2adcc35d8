# SPDX-License-Identifier: MIT
"""Q1 to Q14: how the boot sector is entered, and what a BIOS wants to see in it."""
import struct

from vmlib import images, paths

from trial import BOCHS, HOST, QEMU, Quirk, Trial, with_config

NO_EDD = (r"no EDD: read by cylinder, head and sector",)
BY_EDD = (r"drive +80h, EDD version",)
TABLE, ENTRY_BYTES = 0x1BE, 16


def sector():
    with open(paths.IMAGE, "rb") as file:
        return file.read(512)


def entries():
    """The partition table: (status, first CHS, type, last CHS, LBA, sectors), four times."""
    return [struct.unpack_from("<B3sB3sII", sector(), TABLE + number * ENTRY_BYTES)
            for number in range(4)]


def check_bpb():
    bytes_per_sector, = struct.unpack_from("<H", sector(), 0x0B)
    track, heads = struct.unpack_from("<HH", sector(), 0x18)
    assert (bytes_per_sector, track, heads) == (512, 63, 255), "no sane geometry in the BPB"


def check_table():
    used = [entry for entry in entries() if entry != (0, bytes(3), 0, bytes(3), 0, 0)]
    assert [entry[0] for entry in used] == [0x80], "not exactly one active entry"
    _, _, kind, _, lba, sectors = used[0]
    assert kind != 0 and lba >= 1, "no type, or the table's own sector"
    assert (lba + sectors) * 512 <= paths.IMAGE.stat().st_size, "leaves the disk"


def check_plain():
    assert all(entry[2] not in (0xEE, 0xEF) for entry in entries()), "a protective or EFI entry"
    with open(paths.IMAGE, "rb") as file:
        file.seek(512)
        assert file.read(8) != b"EFI PART", "a GPT"


def place(chs):
    head, sector_and_high, low = chs
    cylinder = low | (sector_and_high & 0xC0) << 2
    return (cylinder * 255 + head) * 63 + (sector_and_high & 63) - 1


def check_chs():
    _, first, _, last, lba, sectors = entries()[0]
    assert place(first) == lba and place(last) == lba + sectors - 1, "CHS is not where LBA is"


def without_bpb():
    return made("--no-bpb")


def with_nt_bytes():
    return made("--first-bytes", "nt")


def made(*options, images_made={}):
    if options not in images_made:
        images_made[options] = images.make("--kernel", paths.KERNEL, *options)
    return images_made[options]


def decoy():
    """The first of two disks: whoever reads it stops with E40."""
    return with_config("nonsense\n")


def second_qemu():
    return {"extra": ["-drive", f"file={paths.IMAGE},format=raw,if=none,id=second,snapshot=on",
                      "-device", "virtio-blk-pci,drive=second"]}


def second_bochs():
    journal = images.fresh(".redo")
    return {"extra": f'ata0-slave: type=disk, path="{paths.IMAGE}", mode=volatile, '
                     f'journal="{journal}"\n'}


QUIRKS = [
    Quirk(1, "entry at 07C0:0000", ("stage1/mbr.asm:stage1_entry",), (Trial("07c0", "Q1_07C0"),)),
    Quirk(2, "DL is not the hard disk's number", ("stage1/mbr.asm:stage1_entry",),
          tuple(Trial(f"dl-{dl.lower()}", f"Q2_DL_{dl}") for dl in ("00", "12", "FF"))),
    Quirk(3, "DL is 81h or more, and right", ("stage1/mbr.asm:stage1_entry",),
          (Trial("second-disk", "Q3_DL_81", image=decoy, qemu=second_qemu, bochs=second_bochs,
                 says=(r"drive +81h",)),)),
    Quirk(4, "DS, ES, SS are not 0", ("stage1/mbr.asm:stage1_entry",),
          (Trial("segments", "Q4_SEGMENTS"),)),
    Quirk(5, "DF set, IF clear, NT set, dirty upper halves of registers",
          ("stage1/mbr.asm:stage1_entry", "stage2/mode.asm:long_mode"),
          (Trial("dirty", "Q5_DIRTY"), Trial("all-at-once", "Q5_DIRTY Q1_07C0 Q2_DL_00 "
                                             "Q4_SEGMENTS Q7_SCRIBBLE"))),
    Quirk(6, "ES:DI and DS:SI point to something that only a chain loader needs", (),
          (Trial("pointers", "Q6_POINTERS"),)),
    Quirk(7, "the BIOS writes into the sector in memory where a BPB would be",
          ("stage1/mbr.asm:stage1_bpb", "stage2/bios/disk_probe.c:is_booted_sector"),
          (Trial("scribble", "Q7_SCRIBBLE"),)),
    Quirk(8, "a disk is not recognised unless its BPB has a sane geometry",
          ("stage1/mbr.asm:stage1_bpb",),
          (Trial("sane-bpb", "Q8_SANE_BPB"), Trial("bpb", check=check_bpb, emulators=(HOST,)),
           Trial("no-bpb-is-refused", "Q8_SANE_BPB", image=without_bpb, emulators=(QEMU,),
                 ends="no boot"))),
    Quirk(9, "a disk whose MBR holds a BPB is taken for a floppy disk",
          ("tools/image/stages.c:place_first_sector",),
          (Trial("floppy", "Q9_BPB_IS_FLOPPY", says=NO_EDD),
           Trial("no-bpb", "Q9_BPB_IS_FLOPPY", image=without_bpb, says=BY_EDD))),
    Quirk(10, "EDD works only for a sector that begins with 33 C0",
          ("tools/image/stages.c:place_first_sector",),
          (Trial("usual-bytes", "Q10_NT_MAGIC", says=NO_EDD),
           Trial("nt-bytes", "Q10_NT_MAGIC", image=with_nt_bytes, says=BY_EDD))),
    Quirk(11, "the partition table is judged before the sector is booted",
          ("tools/image/stages.c:place_table",),
          (Trial("table", "Q11_TABLE"), Trial("entry", check=check_table, emulators=(HOST,)))),
    Quirk(12, "GPT, or an active entry in a protective MBR, is refused",
          ("tools/image/stages.c:place_table",), (Trial("plain-mbr", check=check_plain,
                                                 emulators=(HOST,)),)),
    Quirk(13, "a stick is shown as a floppy disk: DL below 80h, no EDD, 18 sectors, 2 heads",
          ("stage1/mbr.asm:stage1_by_chs",),
          (Trial("no-edd", "Q13_NO_EDD", says=NO_EDD),
           Trial("no-edd-dl-00", "Q13_NO_EDD Q2_DL_00", says=NO_EDD),
           Trial("floppy", "Q13_FLOPPY", says=NO_EDD + (r"drive +00h",)),
           Trial("256-heads", "Q13_HEADS_256", says=NO_EDD),
           Trial("8-sectors", "Q13_TRACK_8", says=NO_EDD))),
    Quirk(14, "the geometry of a stick is worked out of the partition's CHS fields",
          ("tools/disk/entry.c:store_chs",),
          (Trial("from-table", "Q14_FROM_TABLE", says=NO_EDD),
           Trial("chs", check=check_chs, emulators=(HOST,)))),
]
