#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""docs/your-kernel.md to the letter: every block of commands, in an empty home folder, by a shell on
a terminal, at which somebody types when a kernel asks.
"""
import re

import pytest

import kit
from vmlib import boots, errors, paths
from vmlib.line import Line
from vmlib.machine import Machine

PAGE = paths.SOURCE / "docs/your-kernel.md"
PATH = "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin"
TYPED = {"help": r"commands: help, mem, exit\n", "mem": r"memory: \d+ KiB free.*\n", "exit": r"bye\n"}


def blocks(kind):
    return re.findall(rf"(?ms)^```{kind}\n(.*?)^```", PAGE.read_text())


class Shell(Machine):
    """Bash on a terminal of our own, in `folder` as its home."""

    def __init__(self, script, folder):
        (folder.parent / "script").write_text(script)
        line = Line(folder.parent / "serial.log")
        super().__init__(
            ["env", "-i", f"PATH={PATH}", f"HOME={folder}", f"TMPDIR={folder.parent}", "bash", "-c",
             f'cd "$HOME" && exec bash -e ../script <{line.name} >{line.name} 2>&1'],
            folder.parent, line)

    @property
    def serial(self):
        """A terminal puts a CR in front of each LF, also of those that have one."""
        return super().serial.replace("\r", "")


@pytest.fixture(scope="module")
def followed(tmp_path_factory):
    """(all that the terminal showed, the home folder), when every block has succeeded."""
    if paths.BUILD != paths.SOURCE / "build":
        pytest.skip("the page is about the folder build/")
    home = tmp_path_factory.mktemp("page") / "home"
    (home / "src").mkdir(parents=True)
    (home / "src/coldstart").symlink_to(paths.SOURCE)
    with Shell("\n".join(blocks("sh")), home) as shell:
        for _ in kit.SAMPLES:
            so_far = len(shell.serial)
            for line, answer in TYPED.items():
                shell.wait_for(rf"(?s)\A.{{{so_far},}}\n> \Z")
                so_far = len(shell.serial)
                shell.type(line + "\r")
                shell.wait_for(rf"(?s)\A.{{{so_far}}}{line}\n{answer}")
        assert shell.wait_exit() == 0, shell.tail()
    return shell.serial, home


def test_every_block_succeeds(followed):
    said, home = followed
    print(said)
    assert len(blocks("sh")) == 6
    assert sorted(path.name for path in home.iterdir()) == [
        "coldstart", "in-clang", "in-gcc", "in-nasm", "smallest", "src"]


def test_each_sample_boots_in_both(followed):
    for name in kit.SAMPLES:
        assert followed[0].count(kit.GREETING[name] + "\n") == 2, name
    assert followed[0].count("command line: hello=world\n") == len(kit.SAMPLES)
    assert followed[0].count("command line: exit\n") == len(kit.SAMPLES)


def test_the_smallest_kernel_speaks(followed):
    line, = re.findall(r"(?m)^    coldstart: (loading .*)\n    I am a kernel\.$", PAGE.read_text())
    assert f"coldstart: {line}\nI am a kernel.\n" in followed[0]


def test_the_refusal_is_the_loaders(followed):
    said, _ = followed
    line = next(text for text in blocks("text")[1].splitlines() if "E62" in text)
    assert said.count(line.removeprefix("coldstart: ")) == 2 and said.count("As expected.\n") == 2


def test_the_lines_shown_are_those_that_come():
    """The refusals as the loader writes them, but for the numbers of a machine."""
    shown = blocks("text")[1].splitlines()
    assert len(shown) == 4
    for line in shown:
        assert any(re.fullmatch(errors.pattern(name), line) for name in errors.STATUS), line
    assert all(re.search(boots.ERROR, line + "\n") for line in shown)


def test_the_cmake_lines_are_the_samples():
    lists = (paths.SOURCE / "samples/c-clang/CMakeLists.txt").read_text()
    assert all(line in lists for line in blocks("cmake")[0].splitlines())
