# SPDX-License-Identifier: MIT
"""An installed Coldstart in a folder of its own, the samples of it built once, and the machines."""
import pathlib
import shutil
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "vm"))
sys.path.insert(0, str(pathlib.Path(__file__).parent))
pytest.register_assert_rewrite("vmlib", "kit")

import kit  # noqa: E402


@pytest.fixture(scope="session")
def prefix(tmp_path_factory):
    """Installed, and then moved: nothing in it may know where it was."""
    before, after = (tmp_path_factory.mktemp("prefix") / name for name in ("before", "after"))
    kit.run("cmake", "--install", kit.BUILD, "--prefix", before)
    shutil.move(before, after)
    return after


@pytest.fixture(scope="session", params=kit.SAMPLES)
def sample(request, prefix, tmp_path_factory):
    """(name, image) of each sample, built from what is installed."""
    folder = tmp_path_factory.mktemp("sample") / request.param
    shutil.copytree(prefix / "share/coldstart/samples" / request.param, folder)
    return request.param, kit.build(request.param, folder, prefix)
