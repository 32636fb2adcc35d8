# SPDX-License-Identifier: MIT
"""Makes vmlib importable for every test here, and keeps assertion messages of the helpers."""
import pathlib
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
pytest.register_assert_rewrite("vmlib")
