# SPDX-License-Identifier: MIT
"""The tests of this folder find their common parts, and the house tests' tree.py."""
import pathlib
import sys

import pytest

FOLDER = pathlib.Path(__file__).parent
sys.path[:0] = [str(FOLDER), str(FOLDER.parent / "house")]
pytest.register_assert_rewrite("proofs", "suites")
