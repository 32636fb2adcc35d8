# SPDX-License-Identifier: MIT
"""Many cases of one kind, tried one by one: all of them on command, a seeded sample in CTest.

A campaign is a module of this folder with

    TITLE            one line
    cases()          a list; str(case) names it, the same in every run
    attempt(case)    a Verdict

and becomes a command by `run(module)`: tools/campaign NAME. Attempts are independent, and several
run at once. The order and the sample come from the seed alone.
"""
import argparse
import collections
import concurrent.futures
import dataclasses
import os
import pathlib
import random
import re
import sys
import time
import traceback

SEED = 1
SHOW_EVERY_S = 2


@dataclasses.dataclass
class Verdict:
    good: bool
    tally: str  # what is counted: "boots", "E60", "copy B" ...
    text: str = ""  # what a person needs to see when it is not good


class Progress:
    """One line that says how far it is; on a terminal in place, else from time to time."""

    def __init__(self, total):
        self.total, self.done, self.bad = total, 0, 0
        self.shown = 0.0
        self.terminal = sys.stderr.isatty()

    def step(self, verdict):
        self.done += 1
        self.bad += not verdict.good
        now = time.monotonic()
        pause = SHOW_EVERY_S if self.terminal else 15 * SHOW_EVERY_S
        if self.done == self.total or now - self.shown >= pause:
            self.shown = now
            print(f"{self.done} of {self.total}, {self.bad} wrong", file=sys.stderr, flush=True,
                  end="\r" if self.terminal and self.done < self.total else "\n")


def chosen(module, seed=SEED, sample=None, only=None):
    """The cases to try: all that match, or `sample` of them, drawn by the seed."""
    cases = [case for case in module.cases() if not only or re.search(only, str(case))]
    if sample is not None and sample < len(cases):
        places = sorted(random.Random(seed).sample(range(len(cases)), sample))
        cases = [cases[place] for place in places]
    return cases


def guarded(module, case):
    """An attempt that fails in our own code is a bad verdict, not the campaign's end."""
    try:
        return module.attempt(case)
    except Exception:  # pylint: disable=broad-except
        return Verdict(False, "broken attempt", traceback.format_exc())


def attempts(module, cases, jobs):
    """Try all cases: [(case, verdict)] in the order of the cases."""
    progress = Progress(len(cases))
    verdicts = {}
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        futures = {pool.submit(guarded, module, case): place for place, case in enumerate(cases)}
        for future in concurrent.futures.as_completed(futures):
            verdict = future.result()
            verdicts[futures[future]] = verdict
            progress.step(verdict)
            if not verdict.good:
                print(f"WRONG {cases[futures[future]]}: {verdict.tally}\n{verdict.text}", flush=True)
    return [(case, verdicts[place]) for place, case in enumerate(cases)]


def summary(results):
    """Lines: how often each tally, and how many were wrong."""
    counts = collections.Counter(verdict.tally for _, verdict in results)
    yield from (f"{count:8}  {tally}" for tally, count in sorted(counts.items()))
    wrong = sum(not verdict.good for _, verdict in results)
    yield f"{len(results):8}  cases, {wrong} wrong"


def run(module, use=None):
    """The command: everything, or what the options choose. The status is 1 when any was wrong.

    use  called with the results: [(case, verdict)]
    """
    parser = argparse.ArgumentParser(prog=f"campaign {pathlib.Path(module.__file__).stem}",
                                     description=module.TITLE)
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="attempts at once")
    parser.add_argument("--seed", type=int, default=SEED, help="of the sample")
    parser.add_argument("--sample", type=int, metavar="N", help="try N cases, drawn by the seed")
    parser.add_argument("--only", metavar="PATTERN", help="cases whose name matches")
    parser.add_argument("--list", action="store_true", help="name the cases, try none")
    options = parser.parse_args()
    cases = chosen(module, options.seed, options.sample, options.only)
    if options.list:
        print("\n".join(map(str, cases)))
        return 0
    results = attempts(module, cases, options.jobs)
    print("\n".join(summary(results)))
    if use:
        use(results)
    return 0 if cases and all(verdict.good for _, verdict in results) else 1


def assert_good(module, sample=None, seed=SEED, only=None):
    """For a CTest test: the sample, one attempt at a time, for CTest itself runs two tests at once."""
    results = attempts(module, chosen(module, seed, sample, only), 1)
    print("\n".join(summary(results)))
    wrong = [f"{case}: {verdict.tally}" for case, verdict in results if not verdict.good]
    assert results and not wrong, "\n".join(wrong)
    return results
