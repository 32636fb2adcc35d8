#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Every quirk in QEMU, some in Bochs, some together."""
import campaign
import combinations
import firmware

BOCHS_TRIALS = 8  # each takes some two seconds
TOGETHER = 30


def test_every_quirk():
    campaign.assert_good(firmware, only="-(qemu|host)$")


def test_some_quirks_in_bochs():
    campaign.assert_good(firmware, sample=BOCHS_TRIALS, only="-bochs$")


def test_some_quirks_together():
    campaign.assert_good(combinations, sample=TOGETHER)
