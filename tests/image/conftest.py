# SPDX-License-Identifier: MIT
"""These tests use the machines of tests/vm, and some of its bad kernels and configurations."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "vm"))
