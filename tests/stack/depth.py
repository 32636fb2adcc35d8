# SPDX-License-Identifier: MIT
"""The calculator: the deepest stack from a function on, over a graph of calls."""

import dataclasses
import sys

RETURN_ADDRESS = 8
DEEPEST_CHAIN = 5000


class DepthError(Exception):
    """The graph has no worst case: the message says where."""


@dataclasses.dataclass(frozen=True)
class Edge:
    """A call: bytes on the stack before it, whether it takes the caller's place, the key of the
    callee, and for a call through a pointer the name of the place that makes it."""
    before: int
    tail: bool
    callee: object
    place: str | None = None


@dataclasses.dataclass
class Node:
    """One function: how deep it goes itself, and its calls."""
    name: str
    own: int
    calls: list = dataclasses.field(default_factory=list)


class Graph:
    """
    nodes   by key
    limits  {key: how often a chain follows this function}; entered once more, it counts with its own
            frame alone
    only    {key: {place: keys of callees}}: below this function, calls through a pointer at this place
            go nowhere else; a function further down may say otherwise
    """

    def __init__(self, nodes, limits=None, only=None):
        self.nodes = nodes
        self.only = only or {}
        self.limited = sorted(limits or {}, key=str)
        self.start = tuple((limits or {})[key] for key in self.limited)
        self.known = {}
        self.path = {}
        sys.setrecursionlimit(max(sys.getrecursionlimit(), DEEPEST_CHAIN))

    def deepest(self, key):
        """(bytes, chain of names) from this function on, without its return address."""
        return self._walk(key, self.start, ())

    def _follow(self, key, left):
        """What is left of the limits behind this function; None: it is not followed any more."""
        if key not in self.limited:
            return left
        index = self.limited.index(key)
        if left[index] == 0:
            return None
        return left[:index] + (left[index] - 1,) + left[index + 1:]

    def _bound(self, key, context):
        """The context below this function: pairs (place, callees), sorted."""
        if key not in self.only:
            return context
        pairs = {**dict(context), **{place: frozenset(callees)
                                     for place, callees in self.only[key].items()}}
        return tuple(sorted(pairs.items(), key=str))

    def _walk(self, key, left, context):
        node = self.nodes[key]
        left = self._follow(key, left)
        if left is None:
            return node.own, (node.name,)
        context = self._bound(key, context)
        state = (key, left, context)
        if state in self.known:
            return self.known[state]
        if state in self.path:
            names = [self.nodes[each].name for each, _, _ in self.path]
            raise DepthError("recursion without a limit: " +
                             " -> ".join([*names[list(self.path).index(state):], node.name]))
        self.path[state] = True
        best = (node.own, (node.name,))
        allowed = dict(context)
        for edge in node.calls:
            if edge.place in allowed and edge.callee not in allowed[edge.place]:
                continue
            below, chain = self._walk(edge.callee, left, context)
            here = edge.before + (0 if edge.tail else RETURN_ADDRESS) + below
            if here > best[0]:
                best = (here, (node.name, *chain))
        del self.path[state]
        self.known[state] = best
        return best


def overflows(bytes_used, reserve, stack_bytes):
    """Whether a stack is not strictly larger than what is used and what is held back."""
    return bytes_used + reserve >= stack_bytes
