#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""tools/run without a person in front of it; and what it says when a tool or a privilege is missing.

Works on build/, the folder tools/run itself uses; elsewhere there is nothing to try.
"""
import os
import shutil
import signal
import stat
import subprocess

import pytest

from vmlib import images, paths

RUN = paths.SOURCE / "tools/run"
GUARD_S = 300
pytestmark = pytest.mark.skipif(paths.BUILD != paths.SOURCE / "build",
                                reason="tools/run builds in build/ only")


def script_result(command, **options):
    """Run a script and, should it hang, end it with everything it started."""
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, text=True, errors="replace",
                               start_new_session=True, **options)
    try:
        out, errors = process.communicate(timeout=GUARD_S)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        out, errors = process.communicate()
        pytest.fail(f"{command} does not end:\n{out[-2000:]}{errors[-2000:]}")
    return subprocess.CompletedProcess(command, process.returncode, out, errors)


def run(*arguments):
    return script_result([str(RUN), *arguments])


@pytest.mark.parametrize("options", [[], ["--memory", "64M"], ["--cpus", "2"], ["--bochs"]],
                         ids=lambda options: " ".join(options) or "plain")
def test_boots_and_leaves(options):
    result = run(*options, "--cmdline", "exit")
    assert result.returncode == 0, result.stdout[-2000:] + result.stderr[-2000:]
    assert "coldstart: kernel ready" in result.stdout


def test_failure_of_the_kernel_is_the_status():
    assert run("--cmdline", "provoke=panic panic=exit").returncode == 1


def test_further_arguments_go_to_qemu():
    result = run("--", "-version")
    assert result.returncode == 0 and "QEMU emulator version" in result.stdout


@pytest.mark.parametrize("options", [["--no-such"], ["--memory"], ["--memory", "lots"],
                                     ["--cpus", "0"], ["--bochs", "--kvm"]])
def test_misuse_is_explained(options):
    result = run(*options)
    assert result.returncode == 2 and "--help" in result.stderr


def test_help():
    result = run("--help")
    assert result.returncode == 0 and "--cmdline" in result.stdout


def tools_without(*missing):
    """A PATH on which everything is found but these."""
    folder = images.fresh("")
    folder.mkdir()
    for place in ("/usr/sbin", "/usr/bin", "/bin"):
        for tool in os.scandir(place):
            link = folder / tool.name
            if tool.name not in missing and not link.exists():
                link.symlink_to(tool.path)
    return folder


def script(folder, name, text):
    path = folder / name
    path.unlink(missing_ok=True)
    path.write_text(text)
    path.chmod(path.stat().st_mode | stat.S_IXUSR)


def restricted(folder):
    """tools/run adds the system's folders to PATH; a private copy of the script must not."""
    tree = images.fresh("")
    shutil.copytree(paths.SOURCE / "tools", tree / "tools", symlinks=True)
    common = tree / "tools/lib/common.sh"
    common.write_text(common.read_text().replace("PATH=$PATH:", "PATH=$PATH #"))
    return script_result([str(tree / "tools/run")], env={"PATH": str(folder)})


def test_no_privilege_says_what_to_install():
    folder = tools_without("qemu-system-x86_64", "sudo")
    script(folder, "id", "#!/bin/sh\necho 1000\n")
    result = restricted(folder)
    said = result.stdout + result.stderr
    print(said)
    assert result.returncode != 0
    assert "qemu-system-x86_64" in said and "qemu-system-x86" in said
    assert "root" in said


@pytest.mark.parametrize("manager, command", [("dnf", "dnf install"), ("pacman", "pacman -S"),
                                              ("zypper", "zypper install"),
                                              ("brew", "brew install")])
def test_other_distributions_are_told_the_packages(manager, command):
    folder = tools_without("qemu-system-x86_64", "nasm", "apt-get")
    script(folder, manager, "#!/bin/sh\nexit 99\n")
    result = restricted(folder)
    said = result.stdout + result.stderr
    print(said)
    assert result.returncode != 0 and command in said and "nasm" in said


def test_unknown_system_is_told_to_install_by_hand():
    result = restricted(tools_without("nasm", "apt-get"))
    assert result.returncode != 0
    assert "nasm" in result.stdout and "install" in result.stderr
