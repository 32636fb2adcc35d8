#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""A few boots in a row; and the campaign's own machinery."""
import types

import campaign
import repeat


def test_boots_in_a_row():
    campaign.assert_good(repeat, sample=20)


def numbers(bad=()):
    return types.SimpleNamespace(
        TITLE="numbers", cases=lambda: list(range(100)),
        attempt=lambda case: campaign.Verdict(case not in bad, "bad" if case in bad else "good"))


def test_a_sample_depends_on_the_seed_alone():
    first = campaign.chosen(numbers(), seed=7, sample=10)
    assert len(first) == 10 and first == campaign.chosen(numbers(), seed=7, sample=10)
    assert first != campaign.chosen(numbers(), seed=8, sample=10)
    assert campaign.chosen(numbers(), only="^9") == [9, *range(90, 100)]


def test_a_wrong_case_is_counted():
    results = campaign.attempts(numbers(bad={3, 50}), list(range(100)), jobs=2)
    assert [case for case, verdict in results if not verdict.good] == [3, 50]
    assert list(campaign.summary(results))[-1].split() == ["100", "cases,", "2", "wrong"]


def test_an_attempt_that_breaks_is_wrong():
    def attempt(case):
        raise ValueError(case)
    module = types.SimpleNamespace(cases=lambda: [1], attempt=attempt)
    (_, verdict), = campaign.attempts(module, [1], jobs=1)
    assert not verdict.good and "ValueError" in verdict.text
