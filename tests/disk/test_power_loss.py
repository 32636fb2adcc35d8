# SPDX-License-Identifier: MIT
"""The power fails while the loader is installed, upgraded, or taken away: whatever reached the disk
until then, it boots the old way or the new way."""
import random

import pytest

import installing
import powerloss
from installing import DUMMY, REAL, SECTOR, boot, disk, done, head, install, uninstall
from vmlib import boots

BOOTS = 6  # of each sweep, besides one of each class


def recorded(path, tmp_path, action, *words, **options):
    """(head before, head after, epochs) of one run."""
    journal, before = tmp_path / f"{path.name}.journal", head(path)
    with open(path, "rb") as file:
        rest = file.read()[installing.HEAD:]
    done(action(path, *words, journal=journal, on=path, **options))
    with open(path, "rb") as file:
        assert file.read()[installing.HEAD:] == rest, "something behind the gap has changed"
    return before, head(path), powerloss.read_journal(journal)


def expected(name, whole, _, ends):
    """What a state of this class boots."""
    kind = ends[name]
    return (kind, whole[0]) if kind == "dummy" else kind


def boot_some(path, classes, ends, tmp_path):
    """Boot one state of each class, and a number of others; how many."""
    picked = [(key, found[-1]) for key, found in classes.items()]
    others = [(key, state) for key, found in classes.items() for state in found[:-1]]
    picked += random.Random(1).sample(others, min(BOOTS, len(others)))
    for key, state in picked:
        name = tmp_path / "state.img"
        installing.images.copy(path, name)
        installing.images.poke(name, {0: state})
        assert boot(name) == expected(*key, ends), key
    return len(picked)


def swept(path, run, ends, tmp_path, what):
    before, after, epochs = run
    classes, bad = powerloss.sweep(before, after, epochs)
    total = sum(len(found) for found in classes.values())
    assert not bad, f"{len(bad)} of {total} states boot neither way"
    assert {name for name, *_ in classes} == {"before", "after"}
    booted = boot_some(path, classes, ends, tmp_path)
    kinds = "; ".join(f"sector 0 {name}, its whole copies {list(own)}, the other's {list(others)}: "
                      f"{len(found)}" for (name, own, others), found in sorted(classes.items()))
    print(f"{what}: {sum(len(epoch) for epoch in epochs)} writes in {len(epochs)} epochs, "
          f"{total} states, {booted} booted ({kinds})")
    return before, after, epochs


def test_install_and_uninstall(tmp_path):
    path = disk(tmp_path)
    ends = {"before": "old", "after": "dummy"}
    swept(path, recorded(path, tmp_path, install, pair=DUMMY), ends, tmp_path, "install")
    (tmp_path / "disk.img.journal").unlink()
    ends = {"before": "dummy", "after": "old"}
    _, after, _ = swept(path, recorded(path, tmp_path, uninstall), ends, tmp_path, "uninstall")
    assert after == head(installing.base())


def test_upgrade_and_back(tmp_path):
    path = disk(tmp_path)
    done(install(path, tmp_path / "first.saved"))
    first = head(path)
    second = tmp_path / "second.saved"
    ends = {"before": "coldstart", "after": "dummy"}
    swept(path, recorded(path, tmp_path, install, second, pair=DUMMY), ends, tmp_path, "upgrade")
    (tmp_path / "disk.img.journal").unlink()
    ends = {"before": "dummy", "after": "coldstart"}
    _, after, _ = swept(path, recorded(path, tmp_path, uninstall, second), ends, tmp_path,
                        "upgrade taken back")
    assert after == first


@pytest.mark.parametrize("mistake", ["sector 0 first", "no flush between", "over the copies in use"])
def test_a_wrong_order_is_found(tmp_path, mistake):
    """The sweep must see what an installer with that mistake would do to a disk."""
    path = disk(tmp_path)
    done(install(path, tmp_path / "first.saved", pair=REAL))
    before = head(path)
    _, after, epochs = recorded(path, tmp_path, install, tmp_path / "second.saved", pair=DUMMY)
    assert len(epochs) == 2
    if mistake == "sector 0 first":
        epochs.reverse()
    elif mistake == "no flush between":
        epochs = [epochs[0] + epochs[1]]
    else:
        used = installing.loader(before).places
        epochs[0] = [(used[i], data) for i, (_, data) in enumerate(epochs[0])]
    bad = powerloss.sweep(before, after, epochs)[1]
    assert bad
    print(f"{mistake}: {len(bad)} states boot neither way")
    name = tmp_path / "state.img"
    installing.images.copy(path, name)
    installing.images.poke(name, {0: max(bad, key=lambda state: state[:SECTOR] == after[:SECTOR])})
    boots.stage1(name, "EC00", memory=64)
