# SPDX-License-Identifier: MIT
"""What tools/lib/setup.sh does on other machines: each is a PATH with nothing but a few programs
and pretended package managers. Nothing is installed."""

import os
import pathlib
import re
import shutil

import pytest

import tree

# What the scripts themselves use; everything else is missing on the pretended machine.
BASICS = ["bash", "env", "dirname", "basename", "grep", "awk", "tr", "cat", "uname", "id", "touch",
          "chmod"]

# A pretended apt-get: writes down how it was called, and "installs" by filling the PATH.
APT_GET = """#!/bin/bash
echo "apt-get $*" >>"$MACHINE/log"
[ "$DEBIAN_FRONTEND" = noninteractive ] || echo "asks questions" >>"$MACHINE/log"
case " $* " in
*" update "*) touch "$MACHINE/updated" ;;
*" install "*) [ -z "$BROKEN" ] || exit 100
    for program in cmake ninja clang ld.lld llvm-objdump nasm mcopy mkfs.fat; do
        echo '#!/bin/bash' >"$MACHINE/bin/$program" && chmod +x "$MACHINE/bin/$program"
    done ;;
esac
"""
APT_CACHE = """#!/bin/bash
[ -e "$MACHINE/updated" ] || [ -z "$NO_LISTS" ]
"""
FONT = pathlib.Path("/usr/share/consolefonts/Unifont-APL8x16.psf.gz")


def pretend(folder, **programs):
    """A folder of programs: the basics, and the given scripts."""
    (folder / "bin").mkdir()
    for name in BASICS:
        (folder / "bin" / name).symlink_to(shutil.which(name))
    for name, text in programs.items():
        path = folder / "bin" / name.replace("_", "-")
        path.write_text(text)
        path.chmod(0o755)


def set_up(folder, needs="build", **variables):
    """Run set_up on the pretended machine; its finished process."""
    program = (f'. "{tree.ROOT}/tools/lib/common.sh"; PATH={folder}/bin\n'
               f'. "{tree.ROOT}/tools/lib/setup.sh"; set_up {needs}; echo ready\n')
    environment = {"PATH": f"{folder}/bin", "MACHINE": str(folder), **variables}
    return tree.run([shutil.which("bash"), "-c", program], env=environment)


def calls(folder):
    log = folder / "log"
    return log.read_text() if log.exists() else ""


def need_font_and_root():
    if not FONT.exists() or os.getuid() != 0:
        pytest.skip("wants the console font in place and root, as on a fresh container")


def test_apt_installs_what_is_missing(tmp_path):
    need_font_and_root()
    pretend(tmp_path, apt_get=APT_GET, apt_cache=APT_CACHE)
    result = set_up(tmp_path)
    assert result.returncode == 0 and result.stdout.endswith("ready\n"), result.stderr
    assert result.stdout.startswith("Missing on this machine: cmake ninja clang")
    assert "install --no-install-recommends cmake ninja-build clang" in calls(tmp_path)
    assert "update" not in calls(tmp_path) and "asks" not in calls(tmp_path)


def test_apt_fetches_absent_lists_first(tmp_path):
    need_font_and_root()
    pretend(tmp_path, apt_get=APT_GET, apt_cache=APT_CACHE)
    result = set_up(tmp_path, NO_LISTS="yes")
    assert result.returncode == 0, result.stderr
    assert calls(tmp_path).index("update") < calls(tmp_path).index("install")


def test_nothing_missing_nothing_said(tmp_path):
    need_font_and_root()
    pretend(tmp_path, apt_get=APT_GET, apt_cache=APT_CACHE)
    set_up(tmp_path)
    (tmp_path / "log").unlink()
    result = set_up(tmp_path)
    assert result.returncode == 0 and result.stdout == "ready\n" and calls(tmp_path) == ""


def test_apt_that_fails_is_told(tmp_path):
    if os.getuid() != 0:
        pytest.skip("wants root")
    pretend(tmp_path, apt_get=APT_GET, apt_cache=APT_CACHE)
    result = set_up(tmp_path, BROKEN="yes")
    assert result.returncode == 1 and "apt-get install failed" in result.stderr


def test_no_privilege_is_told(tmp_path):
    pretend(tmp_path, apt_get=APT_GET, apt_cache=APT_CACHE)
    (tmp_path / "bin" / "id").unlink()
    (tmp_path / "bin" / "id").write_text("#!/bin/bash\necho 1000\n")
    (tmp_path / "bin" / "id").chmod(0o755)
    result = set_up(tmp_path)
    assert result.returncode == 1 and calls(tmp_path) == ""
    assert "not root and no sudo here" in result.stderr and "ninja-build" in result.stderr


@pytest.mark.parametrize("manager, command", [
    ("dnf", "sudo dnf install cmake ninja-build clang lld llvm nasm mtools dosfstools"),
    ("pacman", "sudo pacman -S --needed cmake ninja clang lld llvm nasm mtools dosfstools"),
    ("zypper", "sudo zypper install cmake ninja clang lld llvm nasm mtools dosfstools"),
    ("brew", "brew install cmake ninja llvm lld nasm mtools dosfstools"),
])
def test_elsewhere_packages_are_named(tmp_path, manager, command):
    pretend(tmp_path, **{manager: "#!/bin/bash\necho called >>\"$MACHINE/log\"\n"})
    result = set_up(tmp_path)
    assert result.returncode == 1 and command in result.stdout
    assert calls(tmp_path) == ""


def test_no_package_manager_is_told(tmp_path):
    pretend(tmp_path)
    result = set_up(tmp_path, "build run")
    assert result.returncode == 1 and "qemu-system-x86_64" in result.stdout
    assert "no package manager known here" in result.stderr


def test_every_row_of_the_package_list_is_whole():
    rows = [line.split() for line in (tree.ROOT / "tools/lib/packages").read_text().splitlines()
            if not line.startswith("#")]
    columns = ["need", "probe", "apt", "dnf", "pacman", "zypper", "brew"]
    assert [row for row in rows if len(row) != len(columns)] == []


@pytest.mark.parametrize("probe", ["bochs", "bochs-x", "bochs-term", "gdb", "patch", "chromium",
                                   "qemu-system-arm"])
def test_an_empty_machine_lacks_it(tmp_path, probe):
    pretend(tmp_path)
    result = set_up(tmp_path, "bochs xbochs tbochs gdb test")
    assert result.returncode == 1 and re.search(rf"(?<![\w-]){probe}(?![\w-])", result.stdout)
