# SPDX-License-Identifier: MIT
"""Makes vmlib and this folder's helpers importable for every test here."""
import pathlib
import sys

import pytest

FOLDER = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(FOLDER), str(FOLDER.parent / "vm")]
pytest.register_assert_rewrite("vmlib", "serving")
