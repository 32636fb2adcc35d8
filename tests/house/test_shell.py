# SPDX-License-Identifier: MIT
"""The shell scripts are sound, and tools/run refuses what it does not understand."""

import pytest

import tree


def scripts():
    """Every shell program of the tree, known by its first line."""
    for path in tree.files():
        with path.open("rb") as stream:
            first = stream.readline()
        if first.startswith(b"#!") and first.rstrip().endswith((b"sh", b"bash")):
            yield tree.short(path)


def lint(paths):
    tree.need("shellcheck")
    return tree.run(["shellcheck", "-x", "-a", *paths], cwd=tree.ROOT)


def test_scripts_pass_shellcheck():
    paths = list(scripts())
    assert {"tools/run", "tools/build", "tools/test", ".ci/run"} <= set(paths)
    result = lint(paths)
    assert result.returncode == 0, result.stdout


def test_a_bad_script_is_found(tmp_path):
    script = tmp_path / "bad"
    script.write_text("#!/bin/sh\nrm -r $1\n")
    assert lint([script]).returncode != 0


@pytest.mark.parametrize("script", ["tools/run", "tools/build", "tools/test", "tools/debug"])
def test_help(script):
    result = tree.run([tree.ROOT / script, "--help"])
    assert result.returncode == 0 and result.stdout.startswith("Usage: ")


def test_help_names_every_option():
    text = tree.run([tree.ROOT / "tools/run", "--help"]).stdout
    for option in ("--bochs", "--kvm", "--display", "--memory", "--cpus", "--cmdline"):
        assert f"  {option} " in text


@pytest.mark.parametrize("arguments, complaint", [
    (["--fast"], "no such option: --fast"),
    (["image.img"], "no such option: image.img"),
    (["--memory"], "--memory needs a value"),
    (["--memory", "lots"], "--memory wants a size"),
    (["--cpus", "0"], "--cpus wants a number"),
    (["--bochs", "--kvm"], "--kvm is QEMU's"),
    (["--step"], "no such option: --step"),
    (["--cmdline", "two\nlines"], "--cmdline must be one line"),
])
def test_wrong_command_lines(arguments, complaint):
    result = tree.run([tree.ROOT / "tools/run", *arguments])
    assert result.returncode == 2
    assert complaint in result.stderr and "--help" in result.stderr


@pytest.mark.parametrize("arguments, complaint", [
    ([], "bochs or gdb?"),
    (["lldb"], "no such debugger: lldb"),
    (["bochs", "A21"], 'no boot step is called "A21": did you mean A20?'),
    (["bochs", "17"], 'no boot step is called "17": there are 1 to 16'),
    (["bochs", "--fast"], "no such option: --fast"),
    (["bochs", "A20", "--display"], "--display needs a value"),
    (["bochs", "--display", "paper"], "no such display: paper"),
    (["bochs", "--memory", "lots"], "--memory wants a size"),
    (["gdb", "memory"], 'no boot step is called "memory"'),
    (["gdb", "--bochs"], "no such option: --bochs"),
    (["gdb", "7", "--script"], "--script needs a value"),
    (["gdb", "7", "--script", "nowhere"], "nowhere cannot be read"),
    (["gdb", "--memory", "lots"], "--memory wants a size"),
])
def test_debug_refuses(arguments, complaint):
    result = tree.run([tree.ROOT / "tools/debug", *arguments])
    assert result.returncode == 2 and complaint in result.stderr


def test_debug_lists_the_steps():
    rows = tree.run([tree.ROOT / "tools/debug", "--list"]).stdout.splitlines()
    assert len(rows) == 16 and rows[3].split()[:4] == ["4", "real", "A20", "a20_enable"]
