# SPDX-License-Identifier: MIT
"""Makes vmlib and the helpers importable for every test here."""
import pathlib
import sys

import pytest

HERE = pathlib.Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent / "vm")]
pytest.register_assert_rewrite("vmlib", "guest")
