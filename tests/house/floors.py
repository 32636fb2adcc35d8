# SPDX-License-Identifier: MIT
"""Reads the floors and the include edges of a tree, and names every edge that goes wrong."""

import collections
import re

import tree

# shared: every world compiles its headers; whole: its sources, too.
Floor = collections.namedtuple("Floor", "ladder height place shared whole")

INCLUDE = re.compile(r'^\s*[#%]\s*include\s+(?:"([^"]+)"|<([^>]+)>)', re.MULTILINE)
GENERATED = {"constants.inc", "font.inc", "replay.inc"}
INSTALLED = {"coldstart.inc", "coldstart/boot_info.h", "coldstart/requirements.h"}  # tools/package
FREE_HEADERS = {"limits.h", "stdalign.h", "stdarg.h", "stdbool.h", "stddef.h", "stdint.h"}


def read_floors(path):
    """The list of floors; the longest matching place wins."""
    floors = []
    for line in path.read_text().splitlines():
        words = line.split("#")[0].split()
        if words:
            floors.append(Floor(words[0], int(words[1]), words[2], len(words) > 3,
                                words[3:] == ["h"]))
    return sorted(floors, key=lambda floor: -len(floor.place))


def floor_of(name, floors):
    """The floor a file stands on, or None."""
    for floor in floors:
        if name == floor.place or name.startswith(floor.place + "/"):
            return floor
    return None


def may_include(user, used):
    """Whether a file on one floor may include a file on the other."""
    if user.place == used.place:
        return True
    if user.ladder == "roof":
        return used.shared or (used.ladder == "roof" and used.height < user.height)
    return used.height < user.height and used.ladder in ("ground", user.ladder)


def resolve(name, user, root):
    """The included file's path, from the two roots; on the roof also from the own folder, in a
    sample only from there."""
    top = tree.short(user, root).split("/")[0]
    folders = [root / "include", root]
    if top in ("tools", "tests"):
        folders.insert(0, user.parent)
    elif top == "samples":
        folders = [user.parent]
    for folder in folders:
        path = folder / name
        if path.is_file():
            return path.resolve()
    return None


def edges(root):
    """(user, name as written, used path or None, is a system header) of every include."""
    for user in tree.files(tree.CODE_SUFFIXES, root):
        for own, system in INCLUDE.findall(user.read_text(encoding="utf-8")):
            if own not in GENERATED:
                yield user, own or system, resolve(own, user, root) if own else None, bool(system)


def judge_edge(user, name, used, system, floors, root):
    """One sentence about what is wrong with an edge, or None."""
    where = f"{tree.short(user, root)}: includes {name}"
    from_floor = floor_of(tree.short(user, root), floors)
    if from_floor is None:
        return f"{tree.short(user, root)}: stands on no floor"
    if from_floor.ladder == "samples" and name in INSTALLED:
        return None
    if system:
        hosted = from_floor.ladder == "roof" or name in FREE_HEADERS
        return None if hosted else f"{where}: not a free-standing header"
    if used is None:
        return f"{where}: not found from include/ or the project's root"
    to_floor = floor_of(tree.short(used, root), floors)
    if to_floor is None:
        return f"{where}: which stands on no floor"
    if may_include(from_floor, to_floor):
        return None
    return f"{where}: {from_floor.place} may not use {to_floor.place}"


def find_cycle(graph):
    """Some cycle of the include graph as a list of names, or None."""
    state = {}

    def visit(node, trail):
        state[node] = "open"
        for target in sorted(graph.get(node, ())):
            if state.get(target) == "open":
                return trail + [node, target]
            if target not in state:
                cycle = visit(target, trail + [node])
                if cycle:
                    return cycle
        state[node] = "done"
        return None

    for node in sorted(graph):
        if node not in state:
            cycle = visit(node, [])
            if cycle:
                return cycle
    return None


def problems(root, floors):
    """Everything wrong with the edges of a tree."""
    found = []
    graph = collections.defaultdict(set)
    for path in tree.files(tree.CODE_SUFFIXES, root):
        if floor_of(tree.short(path, root), floors) is None:
            found.append(f"{tree.short(path, root)}: stands on no floor")
    for user, name, used, system in edges(root):
        problem = judge_edge(user, name, used, system, floors, root)
        if problem:
            found.append(problem)
        if used:
            graph[tree.short(user, root)].add(tree.short(used, root))
    cycle = find_cycle(graph)
    if cycle:
        found.append("a cycle: " + " -> ".join(cycle))
    return sorted(set(found))
