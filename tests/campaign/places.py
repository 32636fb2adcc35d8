# SPDX-License-Identifier: MIT
"""What each byte of the corruption campaign's disk is for, and how a boot may end when one bit of it
is flipped.

An end is a word: "ready" (the boot is as if nothing had happened, its bytes compared), "copy B" (so
too, by the second stage 2, and the report says so), "Exx", "EC" (stage 1's letters), "no boot" (the
BIOS's own sentence), "other words" (coldstart.cfg says something else, and that was done) or
"destroyed" (stage 1's own code went wrong; nobody is there to say so).
"""
import dataclasses
import re

from vmlib.fat_edit import DIRENT_BYTES, PARTITION_LBA, SECTOR, Fat

CONFIG, KERNEL, MODULE = "/coldstart.cfg", "/boot/kernel.elf", "/boot/data.bin"
SHORT = {CONFIG: "/COLDST~1.CFG", KERNEL: KERNEL, MODULE: MODULE, "/boot": "/boot"}
COPY_A, COPY_B = 1, 1024
BPB, CODE, PARAMETERS, SIGNATURE, TABLE, MARK = 0x0B, 0x5A, 0x1B2, 0x1B8, 0x1BE, 0x1FE
ENTRY_BYTES = 4  # of a FAT32 table
CHAIN = {"E32", "E33"}
CASE_BIT = 5  # what tells "a" from "A", which FAT and hexadecimal numbers do not


@dataclasses.dataclass(frozen=True)
class Place:
    """One byte: which part of the disk it belongs to, the right ends, and what a coded line says."""
    part: str
    ends: frozenset
    says: str = ""
    dense: bool = False  # a small structure: each of its bits is worth a try


def place(part, *ends, says="", dense=False):
    return Place(part, frozenset(ends), says, dense)


def mbr(byte, bit):
    """Sector 0. Its code is summed by stage 2, if it still gets that far."""
    if byte >= MARK:
        return place("mbr mark", "no boot")
    if byte >= TABLE:
        entry, at = divmod(byte - TABLE, 16)
        return active_entry(at, bit) if entry == 0 else idle_entry(at, bit)
    if byte >= SIGNATURE or BPB <= byte < CODE:
        return place("mbr bpb and signature", "ready")
    if byte >= PARAMETERS:
        return place("stage 1 parameters", "E27", "EC", "ED", "destroyed", says="LBA 0, ")
    if 3 <= byte < BPB:
        return place("stage 1 name", "ready")
    if byte < 3:
        return place("stage 1 jump", "ready", "EB", "EC", "ED", "destroyed")
    return place("stage 1 code", "E27", "EB", "EC", "ED", "destroyed", says="LBA 0, ")


def active_entry(at, bit):
    part = "mbr table"
    if at == 0:
        return place(part, "E22" if bit == 7 else "E24", dense=True)
    if at == 4:
        return place(part, "ready", "E24", dense=True)
    if 8 <= at < 12:
        return place(part, "E20", "E24", "E30", dense=True)
    if at >= 12:
        return place(part, "ready", "E31", dense=True)
    return place(part, "ready")


def idle_entry(at, bit):
    if at == 0:
        return place("mbr table", "E23" if bit == 7 else "E24", dense=True)
    return place("mbr table", "ready")


def boot_sector(byte, _):
    """The partition's boot sector: what the loader does not use may be anything."""
    part = "fat boot sector"
    used = [(11, 13, "E26", "E30"), (13, 14, "E31"), (14, 16, "E31"), (16, 17, "E30", "E31"),
            (17, 19, "E31"), (19, 21, "ready", "E31"), (21, 22, "ready", "E30"), (22, 24, "E31"),
            (32, 36, "ready", "E31"), (36, 40, "ready", "E31"), (40, 42, "ready", "E31"),
            (42, 44, "E31"), (44, 48, "E31"), (510, 512, "E30")]
    for first, end, *ends in used:
        if first <= byte < end:
            return place(part, *ends, says=f"LBA {PARTITION_LBA}", dense=True)
    return place(part, "ready")


class Volume:
    """The files of the volume, and which byte belongs to what."""

    def __init__(self, image):
        with Fat(image) as volume:
            assert volume.bits == 32 and volume.root_cluster
            self.table = PARTITION_LBA + volume.reserved
            self.table_sectors = volume.table_sectors
            self.files, self.chains, self.folders = {}, {}, {}
            for path, short in SHORT.items():
                offset, cluster, size = volume.entry(short)
                self.chains[path] = volume.chain(cluster)
                self.folders[volume.base + offset] = path
                if size:
                    data = b"".join(volume.read(volume.cluster_offset(part),
                                                volume.cluster_bytes())
                                    for part in self.chains[path])
                    self.files[path] = data[:size]
            self.chains["/"] = volume.chain(volume.root_cluster)
            self.data = {}  # sector: (path, number of the sector in it)
            for path, chain in self.chains.items():
                places = [(volume.base + volume.cluster_offset(cluster)) // SECTOR + part
                          for cluster in chain for part in range(volume.cluster_sectors)]
                self.data.update({lba: (path, at) for at, lba in enumerate(places)})
        self.owners = {cluster: path for path, chain in self.chains.items() for cluster in chain}

    def sectors(self, path):
        return sorted(lba for lba, (owner, _) in self.data.items() if owner == path)

    def place(self, lba, byte, bit):
        if self.table <= lba < self.table + self.table_sectors:
            return self.table_entry((lba - self.table) * SECTOR + byte, bit)
        path, sector = self.data[lba]
        if path not in self.files:
            return self.folder_entry(lba * SECTOR + byte, bit)
        at = sector * SECTOR + byte
        if at >= len(self.files[path]):
            return place(f"slack of {path}", "ready")
        if path == CONFIG:
            return self.config(at, bit)
        return place(f"{path} itself", "E60", says=f", {path} is ", dense=path == KERNEL and at < 64)

    def table_entry(self, at, bit):
        """An entry of the table; its top four bits are nobody's."""
        owner = self.owners.get(at // ENTRY_BYTES)
        if owner is None or at % ENTRY_BYTES == 3 and bit >= 4:
            return place("fat, not used", "ready")
        if owner in ("/", "/boot"):
            return place("fat, folders", "ready", "E34", *CHAIN, dense=True)
        if owner == CONFIG:
            return place("fat, config", "ready", "E40", *CHAIN, says=CONFIG, dense=True)
        return place("fat, files", "ready", "E60", *CHAIN, says=owner)

    def folder_entry(self, at, bit):
        """A directory entry. Long names stand before the short one they belong to."""
        start = at - at % DIRENT_BYTES
        path = self.folders.get(start)
        if path is None:
            owner = self.folders.get(start + DIRENT_BYTES)
            if owner == CONFIG:  # its long name
                return place("folder, names", "ready", "E34", says=CONFIG, dense=True)
            return place("folder, not used", "ready")
        return self.entry_field(at % DIRENT_BYTES, bit, path)

    @staticmethod
    def entry_field(at, bit, path):
        part = "folder, entries"
        says = KERNEL if path == "/boot" else path
        if at < 11:
            same = ("ready",) if bit == CASE_BIT else ()
            return place("folder, names", "E34", *same, says=says, dense=True)
        if at == 11:
            return place(part, "ready", "E34", "E35", says=says, dense=True)
        if at in (20, 21, 26, 27):
            ends = {"/boot": {"E34", *CHAIN}, CONFIG: {"E40", *CHAIN}}.get(path, {"E60", *CHAIN})
            return place(part, *ends, says=says, dense=True)
        if at >= 28 and path == CONFIG:
            # Cut short, the text may end in the middle of a path, or before its last line's end.
            return place(part, "ready", "E32", "E34", "E40", "E41", "E42", "E44", "E45", "other words",
                         says=r"\bcoldstart\.cfg", dense=True)
        if at >= 28 and path != "/boot":
            return place(part, "E32", "E60", says=says, dense=True)
        return place(part, "ready")

    def config(self, at, bit):
        """Text: most flips make it wrong in the line where they are, some make another text."""
        text = self.files[CONFIG]
        lines = text.split(b"\n")
        number = text[:at].count(b"\n")
        kind = lines[number].split(b" ")[0]
        blamed = {number + 1, number + 2} if text[at:at + 1] == b"\n" else {number + 1}
        if kind == b"crc32c":
            ends = ("E40", "E41", "E42", "E60", "other words")
            ends += ("ready",) if bit == CASE_BIT else ()
        elif not kind or kind.startswith(b"#"):
            ends = ("ready", "E40", "E41", "E43", "other words")
        else:
            # A crc32c line that has lost its file is the one to blame.
            ends = ("ready", "E34", "E40", "E41", "E42", "E44", "other words")
            blamed.update(at for at, line in enumerate(lines, 1) if line.startswith(b"crc32c"))
        says = rf"{CONFIG[1:]}( line ({'|'.join(map(str, sorted(blamed)))})\b|$)"
        return place("config", *ends, says=says, dense=not kind.startswith(b"#"))


def meaning(text):
    """What a coldstart.cfg asks for: [(key, value)], comments and blanks gone."""
    found = []
    for line in text.removeprefix(b"\xef\xbb\xbf").split(b"\n"):
        key, _, value = line.strip(b" \t\r").partition(b"=")
        key = key.strip(b" \t")
        if key and not key.startswith(b"#"):
            if key != b"cmdline":
                value = re.split(rb"(?:^|[ \t])#", value)[0]
            if key == b"crc32c":
                value = value.lower()
            found.append((key, value.strip(b" \t")))
    return found
