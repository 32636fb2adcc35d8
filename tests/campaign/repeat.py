#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The image as it is built, booted again and again, its self-tests run each time: what fails once in
a thousand boots fails in somebody's class.
"""
import sys

import campaign
from vmlib import outcome, paths

TITLE = "1,000 boots in a row"
BOOTS = 1000
DISKS = ["ahci", "ide", "virtio", "nvme"]


def cases():
    return [f"{number:04}-{DISKS[number % len(DISKS)]}" for number in range(BOOTS)]


def attempt(case):
    found = outcome.of(paths.IMAGE, selftest=True, disk=case.split("-")[1])
    return campaign.Verdict(found.kind == "ready", str(found), found.serial)


if __name__ == "__main__":
    sys.exit(campaign.run(sys.modules[__name__]))
