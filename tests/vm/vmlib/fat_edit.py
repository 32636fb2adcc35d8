# SPDX-License-Identifier: MIT
"""Read and damage a FAT volume inside an image file: table entries, chains, directory entries.

Spec: Microsoft FAT32 File System Specification 1.03. Short names only; mtools does the rest.
"""
import os
import struct

SECTOR = 512
PARTITION_LBA = 2048
DIRENT_BYTES = 32


class Fat:
    def __init__(self, path, first_lba=PARTITION_LBA):
        self.path = path
        self.base = first_lba * SECTOR
        self.file = open(path, "r+b" if os.access(path, os.W_OK) else "rb")
        boot = self.read(0, SECTOR)
        self.cluster_sectors = boot[13]
        self.reserved, = struct.unpack_from("<H", boot, 14)
        self.tables = boot[16]
        self.root_entries, small, = struct.unpack_from("<HH", boot, 17)
        table_16, = struct.unpack_from("<H", boot, 22)
        large, table_32 = struct.unpack_from("<II", boot, 32)
        self.table_sectors = table_16 or table_32
        self.root_lba = self.reserved + self.tables * self.table_sectors
        self.data_lba = self.root_lba + (self.root_entries * DIRENT_BYTES + SECTOR - 1) // SECTOR
        self.clusters = ((small or large) - self.data_lba) // self.cluster_sectors
        self.bits = 12 if self.clusters < 4085 else 16 if self.clusters < 65525 else 32
        self.root_cluster = struct.unpack_from("<I", boot, 44)[0] if self.bits == 32 else 0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.file.close()

    def read(self, offset, count):
        self.file.seek(self.base + offset)
        return self.file.read(count)

    def write(self, offset, data):
        self.file.seek(self.base + offset)
        self.file.write(data)

    def cluster_bytes(self):
        return self.cluster_sectors * SECTOR

    def cluster_offset(self, cluster):
        return (self.data_lba + (cluster - 2) * self.cluster_sectors) * SECTOR

    def next(self, cluster):
        start = self.reserved * SECTOR
        if self.bits == 12:
            word, = struct.unpack("<H", self.read(start + cluster * 3 // 2, 2))
            return word >> 4 if cluster & 1 else word & 0xFFF
        form = "<H" if self.bits == 16 else "<I"
        width = self.bits // 8
        return struct.unpack(form, self.read(start + cluster * width, width))[0] & 0x0FFFFFFF

    def set_next(self, cluster, value):
        """In every copy of the table."""
        for table in range(self.tables):
            start = (self.reserved + table * self.table_sectors) * SECTOR
            if self.bits == 12:
                at = start + cluster * 3 // 2
                word, = struct.unpack("<H", self.read(at, 2))
                word = (word & 0x000F | value << 4) if cluster & 1 else (word & 0xF000 | value)
                self.write(at, struct.pack("<H", word))
            else:
                width = self.bits // 8
                self.write(start + cluster * width, value.to_bytes(width, "little"))

    def end_mark(self):
        return {12: 0xFFF, 16: 0xFFFF, 32: 0x0FFFFFFF}[self.bits]

    def chain(self, cluster):
        chain = []
        while 2 <= cluster < self.clusters + 2:
            chain.append(cluster)
            cluster = self.next(cluster)
        return chain

    def folder_offsets(self, cluster):
        """Where the 32-byte entries of a folder lie; cluster 0 is the fixed root."""
        if cluster == 0:
            start = self.root_lba * SECTOR
            return [start + index * DIRENT_BYTES for index in range(self.root_entries)]
        return [self.cluster_offset(part) + at for part in self.chain(cluster)
                for at in range(0, self.cluster_bytes(), DIRENT_BYTES)]

    def folder_offsets_once(self, cluster):
        """Of one cluster of a folder only, whatever its chain says."""
        start = self.cluster_offset(cluster)
        return range(start, start + self.cluster_bytes(), DIRENT_BYTES)

    def entry(self, path):
        """(offset of the directory entry, first cluster, bytes) of a short-named file."""
        cluster = self.root_cluster
        for part in path.strip("/").upper().split("/"):
            base, _, extension = part.partition(".")
            wanted = base.ljust(8).encode() + extension.ljust(3).encode()
            offset = next(at for at in self.folder_offsets(cluster)
                          if self.read(at, 11) == wanted and self.read(at + 11, 1) != b"\x0F")
            entry = self.read(offset, DIRENT_BYTES)
            high, = struct.unpack_from("<H", entry, 20)
            low, size = struct.unpack_from("<HI", entry, 26)
            cluster = low | (high << 16 if self.bits == 32 else 0)
        return offset, cluster, size

    def set_size(self, path, size):
        self.write(self.entry(path)[0] + 28, struct.pack("<I", size))

    def set_first_cluster(self, path, cluster):
        offset = self.entry(path)[0]
        self.write(offset + 26, struct.pack("<H", cluster & 0xFFFF))
        if self.bits == 32:
            self.write(offset + 20, struct.pack("<H", cluster >> 16))

    def reverse(self, path):
        """Store the file's clusters backwards on the disk: no two neighbours are left."""
        chain = self.chain(self.entry(path)[1])
        data = [self.read(self.cluster_offset(cluster), self.cluster_bytes()) for cluster in chain]
        backwards = chain[::-1]
        for cluster, content in zip(backwards, data):
            self.write(self.cluster_offset(cluster), content)
        for cluster, following in zip(backwards, backwards[1:] + [self.end_mark()]):
            self.set_next(cluster, following)
        self.set_first_cluster(path, backwards[0])
        return len(chain)
