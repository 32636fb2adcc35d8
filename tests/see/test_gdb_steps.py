# SPDX-License-Identifier: MIT
"""GDB from step to step: it stops where the step begins, at the right source line, says so, and the
machine is as tools/see/steps.txt expects."""
import re
import subprocess

import pytest

from gdb_sitting import Sitting
from see import commentary, expect, source, steps
from vmlib import images, paths
from vmlib.machine import HANG_GUARD_S

STEPS = steps.steps()
COMPLAINT = re.compile(r"(?i)error|exception|no symbol|cannot|undefined|no component|no member|"
                       r"attempt to|invalid|non-pointer|no such|not available")
NAMES = expect.names()


@pytest.fixture(scope="module")
def symbols():
    return source.Symbols.of_build(paths.BUILD)


def assert_at(sitting, step, text, symbols):
    """At the step, by QEMU's own word and by what GDB printed."""
    assert expect.check_step(sitting.machine, step, NAMES) == []
    address = NAMES[step.label]
    file, line = symbols.row(address)
    assert f"step {step.number} of {len(STEPS)}: {step.label}" in text
    assert re.search(rf"(?m)^#0 .*\b{step.label} \([^\n]*\)\s+at .*{re.escape(file)}:{line}$", text), text
    shown = (paths.SOURCE / file).read_text().splitlines()[line - 1]
    assert f"{line}\t{shown}" in text
    where = sitting.run("where-now")
    file, line = symbols.line(address)  # ours tells where a macro is used
    assert where.startswith(step.mode) and f"{step.label}  {file}:{line}" in where
    assert f"(step {step.number}, {step.label})" in where
    assert sitting.number("$pc") == address


def test_every_step_in_one_sitting(symbols):
    with Sitting() as sitting:
        assert_at(sitting, STEPS[0], sitting.welcome, symbols)
        for step in STEPS[1:]:
            assert_at(sitting, step, sitting.run("next-step"), symbols)
        assert "last step" in sitting.run("next-step")


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name)
def test_straight_to_a_step(step, symbols):
    with Sitting(step.number) as sitting:
        assert_at(sitting, step, sitting.welcome, symbols)
        for command in commentary.commands(step.gdb, NAMES):
            answer = sitting.run(command)
            assert answer.strip() and not COMPLAINT.search(answer), f"{command}: {answer}"


def test_stop_at_and_its_refusals(symbols):
    with Sitting() as sitting:
        assert "no boot step" in sitting.run("stop-at nowhere")
        assert "no boot step" in sitting.run("stop-at 99")
        assert_at(sitting, steps.find("A20"), sitting.run("stop-at a20"), symbols)
        assert "step 2 is over" in sitting.run("stop-at STAGE2")
        sitting.run("stop-at config_load.c:1")
        assert "stage2/config_load.c" in sitting.run("where-now")
        handoff = sitting.run("stop-at handoff_code")
        assert "stage2/handoff.asm" in handoff
        assert sitting.machine.linear_rip == NAMES["BOOT_HANDOFF_BASE"]
        sitting.run("stop-at kernel_main")
        assert sitting.machine.linear_rip == NAMES["kernel_main"]


def test_breakpoints_before_the_code_is_there():
    """Breakpoints are not written into memory, so they wait for what will be loaded."""
    with Sitting() as sitting:
        for label in ("stage2_start", "open_a20", "loader_main", "volume_find", "kernel_main"):
            assert sitting.read(NAMES["stage2_start"], 4) == bytes(4)
            assert re.search(r"(?m)^Breakpoint \d+ at 0x", sitting.run(f"break {label}"))
        for label in ("stage2_start", "open_a20", "loader_main", "volume_find", "kernel_main"):
            assert f"{label} (" in sitting.run("continue")
            here = sitting.machine
            assert NAMES[label] <= here.linear_rip < NAMES[label] + 0x20
            assert here.memory(here.linear_rip, 1) != b"\xCC"


def test_steps_are_told_and_listed():
    with Sitting(3) as sitting:
        rows = sitting.run("step-list").splitlines()
        assert len(rows) == len(STEPS)
        assert [row[:2] for row in rows].index("->") == 2
        assert STEPS[14].look.split()[0] in sitting.run("explain 15")
        assert "no boot step" in sitting.run("explain nothing")
        listed = sitting.run("boot-help")
        for line in listed.splitlines()[:-1]:
            assert len(sitting.run(f"help {line.split()[0]}")) >= len(line.split(maxsplit=1)[1])


def test_the_end_is_told_in_words():
    with Sitting(16, images.changed(config=images.config("exit"))) as sitting:
        assert "exited normally" in sitting.run("continue")
        assert "the machine is gone" in sitting.run("boot-state")
        assert "coldstart: kernel ready" in sitting.run("serial")


def test_the_command_itself(tmp_path):
    """tools/debug gdb, from another folder. Its output ends, so QEMU, which has it too, is gone: this
    kernel would stay for ever."""
    if paths.BUILD != paths.SOURCE / "build":
        pytest.skip("tools/debug builds in build/")
    script = tmp_path / "commands"
    script.write_text("check\nnext-step\nwhere-now\nstop-at 16\nboot-info\n")
    result = subprocess.run([paths.SOURCE / "tools/debug", "gdb", "loader_main", "--memory", "64M",
                             "--cmdline", "panic=halt", "--script", script], capture_output=True, text=True,
                            cwd=tmp_path, timeout=HANG_GUARD_S, stdin=subprocess.DEVNULL)
    assert result.returncode == 0, result.stderr
    assert "promises of step 7 hold." in result.stdout
    assert re.search(r"(?m)^long  .* memory_judge  stage2/memory_judge\.c:\d+  \(step 8", result.stdout)
    assert 'command line "panic=halt"' in result.stdout
