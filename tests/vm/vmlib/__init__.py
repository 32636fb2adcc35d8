# SPDX-License-Identifier: MIT
"""Helpers for tests that drive virtual machines. Standard library only."""
