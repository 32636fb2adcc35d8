# SPDX-License-Identifier: MIT
"""Recordings for the tests, each made once in a process."""
import functools

from see import recording
from vmlib import paths

# The machine that a recording is made on, for a second, independent look.
MACHINE = {"machine": "q35", "disk": "ide", "cpu": "max,rdrand=off,rdseed=off", "memory": 256,
           "serial": "file"}


@functools.lru_cache(maxsize=None)
def shipped(run=1):
    """The shipped image's, recorded; another `run` is another recording."""
    return recording.record(paths.IMAGE, paths.BUILD)


def point(found, label):
    return next(point for point in found["points"] if point["label"] == label)


def all_registers(found, label):
    known = recording.known_at(found["points"], point(found, label)["index"], "registers")
    return {name: int(value, 16) for name, value in known.items()}
