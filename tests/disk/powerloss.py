# SPDX-License-Identifier: MIT
"""What a disk may hold after its power failed: every state that a journal of writes and flushes
allows, and what each boots, told from its bytes alone.

Between two flushes a disk may have done any of the writes, in any order, and of each write any of
its sectors. A sector is written whole or not at all: that is what everything here rests on.
"""
import collections
import itertools
import random
import struct

from installing import GAP, SECTOR, loader, piece

EXHAUSTIVE_SECTORS = 10  # all subsets of that many
SAMPLES = 400  # of an epoch with more sectors, besides those that are tried always


def read_journal(path):
    """[[(first sector, bytes)] of each time between flushes]; the last one ended without a flush."""
    data, at, epochs = path.read_bytes(), 0, [[]]
    while at < len(data):
        kind = data[at:at + 1]
        at += 1
        if kind == b"F":
            epochs.append([])
            continue
        offset, count = struct.unpack_from("<QQ", data, at)
        at += 16
        assert offset % SECTOR == 0 and count % SECTOR == 0, "a write of less than sectors"
        assert offset + count <= GAP * SECTOR, "a write beyond the gap"
        epochs[-1].append((offset // SECTOR, data[at:at + count]))
        at += count
    assert not epochs[-1], "the last write was never flushed"
    return [epoch for epoch in epochs if epoch]


def sectors_of(writes):
    """[(sector, bytes)] in the order they were written."""
    return [(first + i, data[i * SECTOR:(i + 1) * SECTOR])
            for first, data in writes for i in range(len(data) // SECTOR)]


def applied(image_head, sectors):
    changed = bytearray(image_head)
    for lba, data in sectors:
        changed[lba * SECTOR:(lba + 1) * SECTOR] = data
    return bytes(changed)


def subsets(things):
    return itertools.chain.from_iterable(itertools.combinations(things, count)
                                         for count in range(len(things) + 1))


def torn(sectors, seed):
    """Subsets of sectors: all of a few, else all beginnings and ends, each one alone, each one
    missing, and samples of all sizes."""
    if len(sectors) <= EXHAUSTIVE_SECTORS:
        yield from subsets(sectors)
        return
    for cut in range(len(sectors) + 1):
        yield sectors[:cut]
        yield sectors[cut:]
    for lost in range(len(sectors)):
        yield sectors[lost:lost + 1]
        yield sectors[:lost] + sectors[lost + 1:]
    chance = random.Random(seed)
    for _ in range(SAMPLES):
        share = chance.random()
        yield [one for one in sectors if chance.random() < share]


def states(start, epochs, seed=1):
    """Every head that the disk may have, each once, from before the first write to behind the last."""
    seen, whole = set(), start
    for epoch in epochs:
        by_write = (sectors_of(writes) for writes in subsets(epoch))
        for some in itertools.chain(by_write, torn(sectors_of(epoch), seed)):
            state = applied(whole, some)
            if hash(state) not in seen:
                seen.add(hash(state))
                yield state
        whole = applied(whole, sectors_of(epoch))


class Judge:
    """Tells from bytes what a state boots. `before` and `after` are the heads at both ends.

    A class is (whose sector 0, whole copies of the one it reads, whole copies of the other one); an
    old boot sector reads none.
    """

    def __init__(self, before, after):
        self.ends = {"before": before, "after": after}
        self.reads = {name: self.copies(end) for name, end in self.ends.items()}

    @staticmethod
    def copies(end):
        """[(place, bytes)] that this end's sector 0 reads."""
        if end[4:11] != b"OLDSTRT":
            return []
        own = loader(end)
        return [(lba, piece(end, lba, own.sectors)) for lba in own.places]

    def whole(self, state, name):
        """Places of the copies of this end that the state has whole."""
        return tuple(lba for lba, data in self.reads[name]
                     if piece(state, lba, len(data) // SECTOR) == data)

    def judge(self, state):
        """(class, whether it boots)."""
        for name, other in (("before", "after"), ("after", "before")):
            if state[:SECTOR] == self.ends[name][:SECTOR]:
                own = self.whole(state, name)
                return (name, own, self.whole(state, other)), bool(own) or not self.reads[name]
        return ("neither", (), ()), False


def sweep(start, after, epochs):
    """{class: [states]} and those that boot neither way."""
    judge = Judge(start, after)
    classes, bad = collections.defaultdict(list), []
    for state in states(start, epochs):
        kind, boots = judge.judge(state)
        classes[kind].append(state)
        if not boots:
            bad.append(state)
    return classes, bad
