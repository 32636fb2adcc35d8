#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Every quirk of the catalogue, in every way and every emulator that it can be tried in: tests/firmware.
"""
import pathlib
import sys

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parents[1] / folder)
                for folder in ("firmware", "vm")]

import campaign  # noqa: E402
import quirks  # noqa: E402
import trial  # noqa: E402

TITLE = "each quirk of real firmware"
TRIALS = {name: (one, emulator) for name, one, emulator in quirks.trials()}


def cases():
    return list(TRIALS)


def attempt(case):
    end, wrong = trial.attempt(*TRIALS[case])
    tally = end.split(":")[0] if not wrong else f"{end}, wrong"
    return campaign.Verdict(not wrong, tally, "\n".join(wrong))


if __name__ == "__main__":
    sys.exit(campaign.run(sys.modules[__name__]))
