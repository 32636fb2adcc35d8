# SPDX-License-Identifier: MIT
"""A sitting with tools/debug bochs: what it says at the steps, its own words, Ctrl-C, its end; and the
viewer of a screen that is a pseudo-terminal."""
import os
import pty
import re
import signal
import subprocess
import sys
import tty

import pytest

import bochs_sitting
from see import steps
from vmlib import paths
from vmlib.machine import HANG_GUARD_S

PROMPT = re.compile(r"<bochs:\d+> ")
READY = "coldstart: kernel ready"
BLOCK_BYTES = 4096
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "TMUX"} | {"TERM": "xterm",
                            "PYTHONPATH": f"{steps.ROOT}/tools:{steps.ROOT}/tests/vm",
                            "COLDSTART_BUILD": str(paths.BUILD), "PYTHONUNBUFFERED": "1"}


def start(folder, step, display="none"):
    command = [sys.executable, "-m", "see.bochs_talk", "--step", str(step), "--console",
               folder / "serial", "--", *bochs_sitting.arguments(folder, display)]
    return subprocess.Popen(command, env=ENVIRONMENT, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                            stderr=subprocess.STDOUT, text=True)


def sitting(folder, step, *lines):
    """What was said before the first line, and after each: [text]."""
    talk = start(folder, step)
    try:
        output, _ = talk.communicate("".join(f"{line}\n" for line in lines), timeout=HANG_GUARD_S)
    finally:
        talk.kill()
    assert talk.returncode == 0, output
    return PROMPT.split(output)


def test_commentary_at_the_step_and_at_those_after_it(tmp_path):
    first, second, to_seventh, _ = sitting(tmp_path, 4, "c", "to loader", "q")
    for step, text in ((4, first), (5, second), (7, to_seventh)):
        step = steps.find(str(step))
        head = f"-- step {step.number} of 16: {step.label} -- {step.mode} mode -- stage2/"
        assert text.count("-- step ") == 1 and head in text
        assert " ".join(step.happened.split()) in " ".join(text.split())
        assert f"(0) Breakpoint {step.number}, " in text
    assert "[console] coldstart: cpu, a20, memory, long mode" in to_seventh


def test_words_of_its_own(tmp_path):
    said = sitting(tmp_path, 7, "where", "check", "next step", "s", "where", "check", "explain", "steps",
                   "screen", "next step", "q")
    assert "loader_main, stage2/main.c:12, long mode" in said[1]
    assert re.search(r"\b(\d+) of \1 promises of step 7 hold", said[2])
    assert "-- step 8 of 16: memory_judge" in said[3]
    assert "-- step " not in said[4] and "memory_judge+" in said[4]
    assert "memory_judge+" in said[5] and "last step: 8, memory_judge" in said[5]
    assert "Only where a step begins" in said[6]
    assert "-- step 8 of 16: memory_judge" in said[7]
    assert len(re.findall(r"(?m)^ *\d+  (?:real|long) ", said[8])) == 16
    assert "coldstart: cpu, a20, memory, long mode" in said[9]
    assert "-- step 9 of 16: volume_find" in said[10]
    assert "Bochs has ended." in said[11]


def test_what_cannot_be_done_is_said(tmp_path):
    said = sitting(tmp_path, 16, "to 3", "to nowhere", "next step", "nonsense", "q")
    assert "Step 3 is over" in said[1] and "tools/debug bochs 3" in said[1]
    assert 'no boot step is called "nowhere"' in said[2]
    assert "That was the last step." in said[3]
    assert "syntax error at 'nonsense'" in said[4]


def test_all_of_bochs_is_there(tmp_path):
    """Its breakpoints, its repetition of a command by an empty line, its help after ours."""
    said = sitting(tmp_path, 2, 'lb "real_trace_start"', "c", "s", "", "help", "q")
    assert "real_trace_start+0" in said[2] and "-- step " not in said[2]
    stops = [re.search(r"t=(\d+)", said[n])[1] for n in (2, 3, 4)]
    assert [int(stop) - int(stops[0]) for stop in stops] == [0, 1, 2]
    assert "next step" in said[5] and "-*- Breakpoint management -*-" in said[5]


def until(output, wanted):
    """Read up to and with a text; the guard is the test's own limit."""
    said = ""
    while wanted not in said:
        letter = output.read(1)
        assert letter, said
        said += letter
    return said


def test_ctrl_c_stops_the_running_machine(tmp_path):
    talk = start(tmp_path, 16)
    try:
        talk.stdin.write("c\n")
        talk.stdin.flush()
        until(talk.stdout, READY)
        talk.send_signal(signal.SIGINT)
        assert "long mode" in ask(talk, "where")
        talk.stdin.write("q\n")
        talk.stdin.flush()
        assert "Bochs has ended." in talk.stdout.read()
        assert talk.wait() == 0
    finally:
        talk.kill()


def ask(talk, word):
    """A word of ours to a sitting that may still be on its way to the prompt."""
    talk.stdin.write(f"{word}\n")
    talk.stdin.flush()
    until(talk.stdout, f"{word}\n")
    return until(talk.stdout, "<bochs:")


def test_end_of_input_ends_bochs(tmp_path):
    assert len(sitting(tmp_path, 1)) == 2


@pytest.fixture(name="screen")
def pseudo_terminal():
    """(master, name of the slave), as Bochs opens one for its display."""
    master, slave = pty.openpty()
    tty.setraw(master)
    yield master, os.ttyname(slave)
    os.close(slave)
    os.close(master)


def test_screen_is_shown_and_keys_go_to_it(screen):
    master, name = screen
    ours, theirs = pty.openpty()
    viewer = subprocess.Popen([sys.executable, "-m", "see.terminal_screen", name], env=ENVIRONMENT,
                              stdin=theirs, stdout=theirs)
    try:
        os.write(master, b"Booting")
        assert os.read(ours, 100) == b"Booting"
        os.write(ours, b"k")
        assert os.read(master, 100) == b"k"
        os.write(ours, b"\x1d")
        assert viewer.wait(timeout=HANG_GUARD_S) == 0
    finally:
        viewer.kill()
        os.close(ours)
        os.close(theirs)


def test_screen_of_the_display_term(tmp_path):
    """The whole way: Bochs's pseudo-terminal, its name told, the viewer on it, the boot's first line."""
    talk = start(tmp_path, 7, "term")
    ours, theirs = pty.openpty()
    viewer = None
    try:
        name = re.search(r"--screen (\S+)", until(talk.stdout, "press Enter"))[1]
        viewer = subprocess.Popen([sys.executable, "-m", "see.terminal_screen", name], env=ENVIRONMENT,
                                  stdin=theirs, stdout=theirs)
        os.read(ours, BLOCK_BYTES)  # the first of the picture: it is shown
        talk.stdin.write("\n")
        talk.stdin.flush()
        with os.fdopen(os.dup(ours), errors="replace", newline="") as picture:
            until(picture, "coldstart: cpu, a20, memory, long mode")
        talk.communicate("q\n", timeout=HANG_GUARD_S)
        assert viewer.wait(timeout=HANG_GUARD_S) == 0  # with Bochs, its screen goes
    finally:
        talk.kill()
        if viewer:
            viewer.kill()
        os.close(ours)
        os.close(theirs)


def test_no_such_screen():
    result = subprocess.run([sys.executable, "-m", "see.terminal_screen", "/dev/pts/none"],
                            env=ENVIRONMENT, capture_output=True, text=True, check=False)
    assert result.returncode == 1 and "no such terminal" in result.stderr
