# SPDX-License-Identifier: MIT
"""A disk that fails while it is installed on, or taken back: the run ends in an error, and what it
says of the disk is what is on the disk."""
import pytest

import installing
import powerloss
from installing import DUMMY, disk, done, head, install, uninstall

# What it says: of the heads at both ends, which may it be? "old0", "new0": by sector 0 alone.
STATEMENTS = {
    "install": [
        ("nothing was written", {"before"}),
        ("The disk is as it was, and boots as before", {"before"}),
        ("boots as before: sector 0 is as it was. Parts of the loader lie in the gap", {"old0"}),
        ("The loader is on the disk, as the disk itself says now", {"after"}),
        ("not all of the loader is on the disk", {"new0"}),
        ("cannot be read, or is neither", {"neither", "unreadable"}),
    ],
    "uninstall": [
        ("nothing was written", {"before"}),
        ("The disk is as it was, with the loader on it", {"before"}),
        ("Sector 0 is still the loader's", {"old0"}),
        ("Everything is as it was before the install", {"after"}),
        ("Sector 0 is as it was before the install, and boots what it booted then", {"new0"}),
        ("cannot be read, or is neither", {"neither", "unreadable"}),
    ],
}
WRITE_FAULTS = ["EIO", "ENOSPC", "stuck"]


def state_of(now, before, after):
    if now in (before, after):
        return "before" if now == before else "after"
    if now[:512] == before[:512]:
        return "old0"
    return "new0" if now[:512] == after[:512] else "neither"


def check_statement(result, kind, now, before, after, fault):
    """Exactly one statement on the disk's state, and a true one."""
    assert result.status == 1, (fault, result)
    assert "written to" not in result.out
    made = [allowed for text, allowed in STATEMENTS[kind] if text in result.err]
    if not made:  # a refusal before anything: the disk could not even be judged
        made = [{"before"}]
    assert len(made) == 1, (fault, result.err)
    state = state_of(now, before, after)
    unreadable = "unreadable" in made[0] and fault.startswith("read")
    assert state in made[0] or unreadable, (fault, state, result.err)
    return state


def both_ends(tmp_path):
    """(an untouched disk, an installed one, its file)"""
    path = disk(tmp_path, name="ends.img")
    done(install(path, pair=DUMMY))
    return installing.base(), path, path.with_suffix(".saved")


def count_calls(tmp_path, action, source, **options):
    """How many writes and flushes an undisturbed run makes."""
    path, journal = tmp_path / "count.img", tmp_path / "count.journal"
    installing.images.copy(source, path)
    done(action(path, journal=journal, on=path, **options))
    epochs = powerloss.read_journal(journal)
    return {"write": sum(len(epoch) for epoch in epochs), "flush": len(epochs)}


def faulted(tmp_path, kind, source, saved, fault):
    """One run with one fault, on a fresh copy: (Result, head then, path)."""
    path = tmp_path / f"{kind}.img"
    installing.images.copy(source, path)
    if kind == "install":
        path.with_suffix(".saved").unlink(missing_ok=True)
        result = install(path, pair=DUMMY, fault=fault, on=path)
    else:
        result = uninstall(path, saved, fault=fault, on=path)
    return result, head(path), path


@pytest.mark.parametrize("kind", ["install", "uninstall"])
def test_every_write_and_flush(tmp_path, kind):
    untouched, installed, saved = both_ends(tmp_path)
    source, target = (untouched, installed) if kind == "install" else (installed, untouched)
    before, after = head(source), head(target)
    if kind == "install":
        calls = count_calls(tmp_path, install, source, pair=DUMMY)
    else:
        calls = count_calls(tmp_path, lambda path, **rest: uninstall(path, saved, **rest), source)
    states = {}
    for call, number in calls.items():
        for what in WRITE_FAULTS if call == "write" else ["EIO", "ENOSPC"]:
            for which in range(number + 1):  # 0: each of them
                fault = f"{call} {which} {what}"
                result, now, path = faulted(tmp_path, kind, source, saved, fault)
                state = check_statement(result, kind, now, before, after, fault)
                states[state] = states.get(state, 0) + 1
                repaired(kind, path, saved, untouched)
    print(f"{kind}: {calls}, {sum(states.values())} faults, the disk then: {states}")
    assert {"before", "old0" if kind == "install" else "new0"} <= set(states)


def repaired(kind, path, saved, untouched):
    """What the message advises works: taken back, everything is as it was."""
    if kind == "install":
        saved = path.with_suffix(".saved")
    done(uninstall(path, saved))
    assert head(path) == head(untouched)


@pytest.mark.parametrize("kind", ["install", "uninstall"])
def test_short_writes_are_gone_on_with(tmp_path, kind):
    untouched, installed, saved = both_ends(tmp_path)
    source, target = (untouched, installed) if kind == "install" else (installed, untouched)
    result, now, _ = faulted(tmp_path, kind, source, saved, "write 0 short")
    done(result)
    assert now == head(target)


@pytest.mark.parametrize("kind", ["install", "uninstall"])
@pytest.mark.parametrize("what", ["EIO", "flip"])
def test_every_read(tmp_path, kind, what):
    """What the loader would read again is read again; and a wrong bit in a file without a checksum
    goes unseen. Then all goes well."""
    untouched, installed, saved = both_ends(tmp_path)
    source, target = (untouched, installed) if kind == "install" else (installed, untouched)
    before, after = head(source), head(target)
    number, states = 0, {}
    while faulted(tmp_path, kind, source, saved, f"read {number + 1} die")[0].status == 77:
        number += 1
        fault = f"read {number} {what}"
        result, now, _ = faulted(tmp_path, kind, source, saved, fault)
        if result.status == 0:
            assert now == after, fault
        else:
            state = check_statement(result, kind, now, before, after, fault)
            states[state] = states.get(state, 0) + 1
    print(f"{kind}, {what}: {number} reads, the disk after those that failed: {states}")
    assert {"before", "after", "old0" if kind == "install" else "new0"} <= set(states)


@pytest.mark.parametrize("kind", ["install", "uninstall"])
def test_it_dies_and_is_run_again(tmp_path, kind):
    """Killed before any of its writes and flushes; the next run does what this one was to do."""
    untouched, installed, saved = both_ends(tmp_path)
    source, target = (untouched, installed) if kind == "install" else (installed, untouched)
    for call, number in (("write", 3), ("flush", 2)):
        for which in range(1, number + 1):
            result, _, path = faulted(tmp_path, kind, source, saved, f"{call} {which} die")
            assert result.status == 77
            if kind == "uninstall":
                done(uninstall(path, saved))
                assert head(path) == head(untouched)
                continue
            again = path.with_suffix(".again")
            again.unlink(missing_ok=True)
            done(install(path, again, pair=DUMMY))
            assert head(path) == head(target)
            if again.exists():
                done(uninstall(path, again))
            done(uninstall(path, path.with_suffix(".saved")))
            assert head(path) == head(untouched)
