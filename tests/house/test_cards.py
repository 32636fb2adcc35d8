# SPDX-License-Identifier: MIT
"""Every global NASM routine has its block card: a comment that names it and says in and out."""

import re

import tree

GLOBAL = re.compile(r"^\s*global\s+(.+?)\s*(?:;.*)?$", re.MULTILINE)
NOT_CODE = re.compile(r"\s*(?:\.?\w+:\s*)?(?:d[bwdq]|res[bwdq]|incbin|align|times|section|%|$)", re.I)
RULE = re.compile(r"^; -{20,}\n((?:;.*\n)+?); -{20,}\n", re.MULTILINE)


def global_names(text):
    """The names after `global`, without a macro around them and without sizes and types."""
    for names in GLOBAL.findall(text):
        for name in names.split(","):
            name = re.sub(r"^SYMBOL\((\w+)\)", r"\1", name.strip())
            yield re.split(r"[:\s(]", name)[0]


def is_routine(text, name):
    """Whether the first line behind the label is an instruction."""
    label = re.search(rf"^(?:SYMBOL\({name}\)|{name}):(.*)$", text, re.MULTILINE)
    if not label:
        return False
    for line in [label.group(1), *text[label.end():].splitlines()[1:]]:
        line = line.split(";")[0]
        if line.strip():
            return not NOT_CODE.match(line)
    return False


def cards(text):
    return [match.group(1) for match in RULE.finditer(text)]


def missing_cards(text):
    """Global routines that no card names in its first sentence, or whose card lacks in or out."""
    missing = []
    for name in global_names(text):
        own = [card for card in cards(text) if re.match(rf"; [^:]*\b{name}\b[^:]*:", card)]
        complete = own and all(re.search(rf"^; {word}\b", own[0], re.MULTILINE)
                               for word in ("in|assumes", "out|leaves"))
        if is_routine(text, name) and not complete:
            missing.append(name)
    return missing


def boot_sources():
    return [path for path in tree.files({".asm"})
            if tree.short(path).split("/")[0] in ("stage1", "stage2", "kernel")]


def test_every_global_routine_has_its_card():
    paths = boot_sources()
    assert len(paths) > 10
    assert [f"{tree.short(path)}: {name}" for path in paths
            for name in missing_cards(path.read_text())] == []


def test_a_missing_card_is_found():
    rule = "; " + "-" * 77 + "\n"
    card = rule + "; f: does it.\n;\n; in    nothing\n; out   nothing\n" + rule
    assert missing_cards("global f, table\nf:\n        ret\ntable: db 0\n") == ["f"]
    assert missing_cards(card + "global f\nf:\n        ret\n") == []
    assert missing_cards(card.replace("out ", "keeps") + "global f\nf:      ret\n") == ["f"]
    assert missing_cards("global SYMBOL(f)\nSYMBOL(f):\n        ret\n") == ["f"]
