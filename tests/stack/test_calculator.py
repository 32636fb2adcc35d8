# SPDX-License-Identifier: MIT
"""The calculator itself, on graphs, frames and lists made up for it."""

import types

import pytest

import depth
import frames
import program
import tables


def graph(edges, limits=None, only=None, own=None):
    """A graph of {caller: [(bytes before, callee), ...]}; a third word: the place of a pointer."""
    names = set(edges) | {call[1] for calls in edges.values() for call in calls}
    nodes = {name: depth.Node(name, (own or {}).get(name, 0),
                              [depth.Edge(call[0], False, call[1], *call[2:])
                               for call in edges.get(name, [])]) for name in names}
    return depth.Graph(nodes, limits, only)


def test_the_deepest_of_two_chains_counts():
    made = graph({"main": [(16, "a"), (8, "b")], "a": [(32, "leaf")], "b": [(100, "leaf")]},
                 own={"leaf": 24})
    assert made.deepest("main") == (8 + 8 + 100 + 8 + 24, ("main", "b", "leaf"))


def test_a_function_may_be_deeper_than_its_calls():
    assert graph({"main": [(8, "leaf")]}, own={"main": 400}).deepest("main") == (400, ("main",))


def test_a_tail_jump_has_no_return_address():
    nodes = {"f": depth.Node("f", 8, [depth.Edge(0, True, "g")]), "g": depth.Node("g", 40)}
    assert depth.Graph(nodes).deepest("f") == (40, ("f", "g"))


def test_recursion_needs_a_limit():
    with pytest.raises(depth.DepthError, match="a -> b -> a"):
        graph({"main": [(0, "a")], "a": [(8, "b")], "b": [(8, "a")]}).deepest("main")


def test_limited_recursion_counts_so_often_and_one_frame():
    made = graph({"a": [(16, "b")], "b": [(32, "a")]}, limits={"a": 2}, own={"a": 20, "b": 40})
    assert made.deepest("a") == ((16 + 8 + 32 + 8) * 2 + 20, ("a", "b", "a", "b", "a"))


def test_a_pointer_bound_above_goes_nowhere_else():
    edges = {"print": [(8, "write")], "other": [(8, "write")],
             "write": [(8, "small", "place"), (8, "large", "place")]}
    made = graph(edges, only={"print": {"place": {"small"}}}, own={"large": 1000})
    assert made.deepest("print") == (8 + 8 + 8 + 8, ("print", "write", "small"))
    assert made.deepest("other")[1] == ("other", "write", "large")


def test_an_overflow_is_one():
    assert not depth.overflows(1000, 23, 1024)
    assert depth.overflows(1000, 24, 1024)


CODE = """
0000000000001000 <f>:
    1000:      	pushq	%rbp
    1001:      	movq	%rsp, %rbp
    1004:      	subq	$32, %rsp
    1008:      	testl	%edi, %edi
    100a:      	je	0x1014 <f+0x14>
    100c:      	pushq	$7
    100e:      	callq	0x2000 <g>
    1013:      	popq	%rax
    1014:      	callq	*8(%rbx)
    1017:      	leave
    1018:      	jmp	0x2000 <g>
"""


def read(text, end=0x1020):
    return frames.read_function(frames.disassembly(text), types.SimpleNamespace(word=lambda _: None),
                                0x1000, end)


def test_a_frame_is_followed_along_its_jumps():
    frame = read(CODE)
    assert (frame.own, frame.switches) == (48, False)
    assert [(call.depth, call.target, call.tail) for call in frame.calls] == [
        (48, 0x2000, False), (40, None, False), (0, 0x2000, True)]


def test_another_stack_is_seen():
    assert read("    1000:      \tmovq\t%rdx, %rsp\n    1003:      \tretq\n").switches


def test_a_stack_that_grows_in_a_loop_is_refused():
    with pytest.raises(frames.StackError):
        read("    1000:      \tpushq\t%rax\n    1001:      \tjmp\t0x1000 <f>\n")


def test_alignment_costs_its_worst_case():
    assert read("    1000:      \tandq\t$-16, %rsp\n    1004:      \tretq\n").own == 8


def test_a_frame_that_is_not_fixed_is_named(tmp_path):
    (tmp_path / "a.su").write_text("a.c:1:fixed\t40\tstatic\na.c:9:grows\t8\tdynamic\n")
    assert program.read_usage([tmp_path / "a.su"]) == ({"fixed": {40}, "grows": {8}}, ["grows"])


class MadeImage:
    """Two functions; f at 1000h calls through a pointer, g at 2000h returns."""
    symbols = [types.SimpleNamespace(name="f", address=0x1000, size=0x20, kind=2),
               types.SimpleNamespace(name="g", address=0x2000, size=0x10, kind=2),
               types.SimpleNamespace(name="table", address=0x3000, size=16, kind=1)]

    @staticmethod
    def word(address):
        return {0x3000: 0x2000, 0x3008: 5}.get(address)


def made_program(list_text, tmp_path):
    (tmp_path / "calls.txt").write_text(list_text)
    text = CODE + "    2000:      \tretq\n"
    made = program.Program(MadeImage(), text, tables.read_calls("kernel", tmp_path / "calls.txt"),
                           lambda addresses: ["f" for _ in addresses])
    made.reach(made.find("f"))
    return made


def test_a_call_that_is_not_listed_is_named(tmp_path):
    missing = {"the call through a pointer in f is not listed"}
    assert made_program("", tmp_path).problems == missing
    assert made_program("calls stage2 f g\n", tmp_path).problems == missing
    assert made_program("calls kernel f g\n", tmp_path).problems == set()


def test_data_leads_to_what_it_points_to(tmp_path):
    made = made_program("calls kernel f data:tab*\n", tmp_path)
    assert [edge.callee for edge in made.targets[0x1000] if edge.place == "f"] == [0x2000]


def test_names_that_are_gone_are_named(tmp_path):
    gone = {"there is no function h", "there is no data called t", "there is no group k"}
    assert made_program("calls kernel f h data:t group:k\n", tmp_path).problems == gone
    stale = "calls kernel f g\ncalls kernel old g\nlimit kernel gone 2 why\n"
    assert made_program(stale, tmp_path).stale() == ["gone", "old"]


def test_a_line_that_is_not_understood_is_refused(tmp_path):
    with pytest.raises(tables.TableError, match="calls.txt:1"):
        made_program("cals kernel f g\n", tmp_path)
