# SPDX-License-Identifier: MIT
"""What a rule says: one likely mistake, what shows it, and what to change."""
import dataclasses
import functools

CERTAIN, LIKELY, POSSIBLE, LATENT = 90, 70, 50, 30
RULES = []


@dataclasses.dataclass
class Finding:
    """`strength` orders them; `at` is the address of the instruction that is to blame."""

    strength: int
    cause: str
    change: str
    at: int = None
    entry: str = ""  # the table entry that is wrong, decoded
    id: str = ""
    latent: bool = False  # the run went well all the same

    @property
    def sure(self):
        for least, words in (
            (CERTAIN, "certain: the evidence leaves no other reading"),
            (LIKELY, "very likely"),
            (POSSIBLE, "likely, not proved"),
        ):
            if self.strength >= least:
                return words
        return "possible"


def rule(name):
    """Make a function from Evidence to Finding or None one of the rules."""

    def register(function):
        @functools.wraps(function)
        def wrapped(evidence):
            found = function(evidence)
            if found is not None:
                found.id = found.id or name
            return found

        wrapped.id = name
        RULES.append(wrapped)
        return wrapped

    return register


def findings(evidence):
    """Of all rules, the strongest first; of equals, the one that is asked first."""
    found = [made for made in (one(evidence) for one in RULES) if made]
    return sorted(found, key=lambda made: -made.strength)
