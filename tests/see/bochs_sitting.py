# SPDX-License-Identifier: MIT
"""The machine of tools/debug bochs: tools/lib/bochs.sh writes its configuration."""
import contextlib
import os
import shutil
import subprocess
import threading

from see import bochs_debugger
from see.steps import ROOT
from vmlib import paths
from vmlib.machine import HANG_GUARD_S

CONFIGURE = """. "$ROOT/tools/lib/common.sh"; . "$ROOT/tools/lib/bochs.sh"
build=$1 image=$1/coldstart.img memory=256M cpus=1 display=$2; write_bochsrc "$1"
"""


def arguments(folder, display="none"):
    """Bochs's, after all that it needs was put into `folder`: a copy of the image, the serial port."""
    shutil.copy(paths.BUILD / "coldstart.img", folder)
    (folder / "serial").touch()
    subprocess.run(["bash", "-c", CONFIGURE, "debug", folder, display], check=True,
                   env=os.environ | {"ROOT": str(ROOT)})
    return ["-f", str(folder / "bochsrc"), "port_e9_hack: enabled=0"]


@contextlib.contextmanager
def debugger(folder):
    """A Bochs at its first prompt; one that hangs is ended."""
    bochs = bochs_debugger.BochsDebugger(arguments(folder))
    guard = threading.Timer(HANG_GUARD_S, bochs.process.kill)
    guard.start()
    try:
        bochs.until_prompt()
        yield bochs
    finally:
        guard.cancel()
        bochs.close()
