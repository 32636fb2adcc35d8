# SPDX-License-Identifier: MIT
"""What the debuggers, the recorder and the explainer know in common. Standard library only; runs
inside GDB too."""
