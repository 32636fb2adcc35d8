# SPDX-License-Identifier: MIT
"""Makes tools/see and vmlib importable for every test here."""
import pathlib
import sys

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests/see"), str(ROOT / "tools"), str(ROOT / "tests/vm")]
pytest.register_assert_rewrite("vmlib")
