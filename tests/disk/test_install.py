# SPDX-License-Identifier: MIT
"""The loader onto a disk with two partitions and data: installed, booted, taken away, compared."""
import pytest

import installing
import rig
from installing import DUMMY, boot, disk, done, head, install, loader, uninstall
from vmlib import bochs, images, outcome, paths

SHIPPED_PLACES = (1, 1024)
TURN = (DUMMY, installing.REAL, installing.DUMMIES[1])  # three loaders, one after the other


def data(path):
    """All that is the owner's: everything behind the gap."""
    with open(path, "rb") as file:
        file.seek(installing.HEAD)
        return file.read()


def letter(path, start=2048):
    return images.run("mtype", "-i", f"{path}@@{start * 512}", "::/letter.txt")


def test_shown_by(tmp_path):
    """The whole story, on three machines."""
    path, original = disk(tmp_path), installing.base()
    assert boot(path) == "old"
    length = loader(head(paths.IMAGE)).sectors
    places = f"sector 0, sectors 1 to {length} and 1024 to {1023 + length}"
    assert f"Coldstart is on {path}: {places}" in done(install(path))
    installed = path.read_bytes()
    assert boot(path, disk="ide") == "coldstart"
    assert boot(path, machine="q35") == "coldstart"
    if bochs.exists():
        assert outcome.of_bochs(path).kind == "ready"
    assert path.read_bytes() == installed, "a boot has written"
    assert data(path) == data(original) and letter(path) == "a letter\n" * 1000
    done(uninstall(path))
    assert path.read_bytes() == original.read_bytes(), "not bit for bit what it was"
    assert boot(path) == "old"


def test_the_layout_is_the_images(tmp_path):
    """On a fresh disk: the shipped image's stages, byte for byte, at the same places."""
    path = disk(tmp_path, boots="nothing")
    done(install(path))
    made, shipped = head(path), head(paths.IMAGE)
    assert loader(made).places == SHIPPED_PLACES
    assert made[:0x1B8] == shipped[:0x1B8]
    assert made[512:] == shipped[512:]
    assert made[0x1B8:512] == head(installing.base())[0x1B8:512]


def test_again_writes_nothing(tmp_path):
    path = disk(tmp_path)
    done(install(path))
    installed = path.read_bytes()
    assert "already" in done(install(path, tmp_path / "second.saved"))
    assert path.read_bytes() == installed and not (tmp_path / "second.saved").exists()


def test_a_bpb_is_kept(tmp_path):
    """One as DOS leaves it, with a serial number and a label behind it."""
    old = bytearray(installing.OLD_BOOT.read_bytes())
    bpb = bytes.fromhex("00020401000200020000f820003f00ff000008000000000000800029785634"
                        "12") + b"MY DISK    FAT16   "
    old[:0x0B] = b"\xEB\x58\x90MSDOS5.0"
    old[0x0B:0x0B + len(bpb)] = bpb
    path = disk(tmp_path, patch={0: old})
    before = head(path)
    done(install(path))
    made = head(path)
    assert made[0x0B:0x5A] == before[0x0B:0x5A] != head(paths.IMAGE)[0x0B:0x5A]
    assert made[:0x0B] == head(paths.IMAGE)[:0x0B]
    assert boot(path) == "coldstart"
    done(uninstall(path))
    assert head(path) == before


def test_mkimages_choices_outlive_an_upgrade(tmp_path):
    """A disk made for a BIOS that dislikes the usual first sector keeps its own."""
    path = images.make("--kernel", paths.KERNEL, "--size", "16M", "--cmdline", "exit",
                       "--first-bytes", "nt", "--no-bpb", out=tmp_path / "disk.img")
    before = head(path)
    done(install(path, pair=DUMMY))
    assert head(path)[:0x5A] == before[:0x5A]
    assert loader(head(path)).places[0] > loader(before).sectors
    assert boot(path)[0] == "dummy"
    done(uninstall(path))
    assert head(path) == before and boot(path) == "coldstart"


def test_a_gap_that_is_just_large_enough(tmp_path):
    """Two pieces and nothing more; one sector less is refused, with the numbers."""
    start = 1 + 2 * installing.DUMMY_SECTORS
    path = disk(tmp_path, start=start)
    done(install(path, pair=DUMMY))
    assert loader(head(path)).places == (1, 1 + installing.DUMMY_SECTORS)
    assert boot(path) == ("dummy", 1)
    patch = {(1 + 30) * 512: b"x"}
    images.poke(path, patch)
    assert boot(path) == ("dummy", 1 + installing.DUMMY_SECTORS)


def test_upgrades_are_taken_away_in_turn(tmp_path):
    """Three loaders one after the other; each file gives back what was before it, and no other
    order is accepted."""
    path = disk(tmp_path)
    saved = [tmp_path / f"{number}.saved" for number in range(3)]
    heads = [head(path)]
    for name, pair in zip(saved, TURN):
        done(install(path, name, pair=pair))
        heads.append(head(path))
    places = [loader(one).places for one in heads[1:]]
    assert places[0] == places[2] == SHIPPED_PLACES and loader(heads[3]).sectors == 1
    assert heads[3][2 * 512:66 * 512] == bytes(64 * 512), "a part of the first loader was left"
    assert not set(places[0]) & set(places[1])
    for wrong in saved[:2]:
        refused = uninstall(path, wrong)
        assert refused.status == 1 and "beginning with the newest file" in refused.err
        assert head(path) == heads[3]
    for name, expected in zip(reversed(saved), reversed(heads[:-1])):
        done(uninstall(path, name))
        assert head(path) == expected
    assert path.read_bytes() == installing.base().read_bytes()


def test_an_old_loader_must_be_whole_when_it_is_back(tmp_path):
    """The newest uninstall was cut off between sector 0 and the gap: the file before it waits."""
    path = disk(tmp_path)
    saved = [tmp_path / f"{number}.saved" for number in range(3)]
    for name, pair in zip(saved, TURN):
        done(install(path, name, pair=pair))
    done_before = head(path)
    cut = uninstall(path, saved[2], fault="write 2 die", on=path)
    assert cut.status == 77 and head(path) != done_before
    refused = uninstall(path, saved[1])
    assert refused.status == 1 and "would not be whole" in refused.err
    for name in reversed(saved):
        done(uninstall(path, name))
    assert path.read_bytes() == installing.base().read_bytes()


def test_a_real_disk(tmp_path, loops):
    """A block device: the same, and the name in the question."""
    path = disk(tmp_path)
    device = loops.attach(path)
    saved = tmp_path / "old.saved"
    name = device.rsplit("/", 1)[1]
    result = rig.run("--install", device, "--saved", saved, "--yes", name)
    done(result)
    assert boot(path) == "coldstart"
    done(rig.run("--uninstall", device, "--saved", saved, "--yes", name))
    assert path.read_bytes() == installing.base().read_bytes()


@pytest.mark.parametrize("option", ["--dry-run", "no answer"])
def test_nothing_is_written(tmp_path, option):
    path = disk(tmp_path)
    before = path.read_bytes()
    if option == "--dry-run":
        assert "Nothing was written" in done(install(path, more=["--dry-run"]))
    else:
        assert rig.typed("disk", "--install", path, "--file", "--saved",
                         tmp_path / "x.saved").status == 1
    assert path.read_bytes() == before and not list(tmp_path.glob("*.saved"))


def test_the_files_name_of_itself(tmp_path, monkeypatch):
    """Without --saved: the disk's signature, then numbers; never over a file."""
    monkeypatch.chdir(tmp_path)
    path = disk(tmp_path)
    (tmp_path / "coldstart-5eed0001.saved").write_text("something of the user's")
    done(rig.run("--install", path, "--file", "--yes", path.name))
    assert (tmp_path / "coldstart-5eed0001.saved").read_text() == "something of the user's"
    done(uninstall(path, tmp_path / "coldstart-5eed0001-2.saved"))
    images.poke(path, {installing.SIGNATURE: bytes(4)})
    done(rig.run("--install", path, "--file", "--yes", path.name))
    assert (tmp_path / "coldstart-disk.img.saved").exists()
