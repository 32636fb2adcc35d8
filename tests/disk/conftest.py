# SPDX-License-Identifier: MIT
"""Makes vmlib importable for every test here; loop devices that are gone after the test."""
import pathlib
import sys

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests/disk"), str(ROOT / "tests/vm")]
pytest.register_assert_rewrite("vmlib", "rig")


@pytest.fixture
def loops():
    """A rig.Loops; skips where this user cannot have loop devices."""
    import rig
    attached = rig.Loops()
    yield attached
    attached.detach_all()
