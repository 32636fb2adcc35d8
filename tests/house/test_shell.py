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


@pytest.mark.parametrize("script", ["tools/run", "tools/build", "tools/test"])
def test_help(script):
    result = tree.run([tree.ROOT / script, "--help"])
    assert result.returncode == 0 and result.stdout.startswith("Usage: ")


def test_help_names_every_option():
    text = tree.run([tree.ROOT / "tools/run", "--help"]).stdout
    for option in ("--bochs", "--gdb", "--kvm", "--display", "--memory", "--cpus", "--cmdline"):
        assert f"  {option} " in text


@pytest.mark.parametrize("arguments, complaint", [
    (["--fast"], "no such option: --fast"),
    (["image.img"], "no such option: image.img"),
    (["--memory"], "--memory needs a value"),
    (["--memory", "lots"], "--memory wants a size"),
    (["--cpus", "0"], "--cpus wants a number"),
    (["--bochs", "--gdb"], "--gdb is QEMU's"),
    (["--bochs", "--kvm"], "--kvm is QEMU's"),
    (["--step"], "--step goes with --bochs"),
    (["--cmdline", "two\nlines"], "--cmdline must be one line"),
])
def test_wrong_command_lines(arguments, complaint):
    result = tree.run([tree.ROOT / "tools/run", *arguments])
    assert result.returncode == 2
    assert complaint in result.stderr and "--help" in result.stderr
