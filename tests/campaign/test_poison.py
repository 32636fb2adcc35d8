#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""A sample of the poisoned memories; and that memory which is not poisoned does not pass for it."""
import campaign
import poison


def test_poisoned_memory():
    campaign.assert_good(poison, sample=24)


def test_what_is_not_poison_is_told_apart(monkeypatch):
    memory = bytes(poison.MIB)
    assert poison.share(memory, "cc", *poison.LOW) == 0
    assert poison.share(memory, "noise-1", *poison.LOW) == 0
    assert poison.share(b"\xCC" * poison.MIB, "cc", *poison.LOW) == 1
    monkeypatch.setattr(poison, "fill_file", lambda path, fill, mib: open(path, "wb").truncate(
        mib * poison.MIB))
    verdict = poison.attempt(poison.Case("power-on", "cc", "qemu", "ahci", 16, "shipped"))
    assert verdict.tally == "not poisoned"
