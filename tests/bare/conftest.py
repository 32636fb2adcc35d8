# SPDX-License-Identifier: MIT
"""The tests of this folder find their common parts."""
import pathlib
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
pytest.register_assert_rewrite("proofs", "suites")
