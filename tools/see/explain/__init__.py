# SPDX-License-Identifier: MIT
"""tools/explain: run an image that resets or hangs, and say in plain words why."""
