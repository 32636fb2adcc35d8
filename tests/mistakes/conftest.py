# SPDX-License-Identifier: MIT
"""Makes vmlib and this folder importable for every test here."""
import pathlib
import sys

import pytest

FOLDER = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(FOLDER), str(FOLDER.parents[1] / "tests/vm")]
pytest.register_assert_rewrite("vmlib")
