# SPDX-License-Identifier: MIT
"""What went over the ports, and where the firmware was called, out of the log that the plugin
boot_watch and QEMU's own trace write together.

The plugin says which instruction of ours begins; the trace says, right behind, which port it was
and what went over it. Accesses without the plugin's line are the firmware's, or memory of a device.
"""
import re

PORTS = 0x10000
WATCH = re.compile(r"^watch (port|call|clock|pass|enter) ([0-9a-f]+)$")
ACCESS = re.compile(r"memory_region_ops_(read|write) cpu -?\d+ mr \S+ addr (0x[0-9a-f]+) "
                    r"value (0x[0-9a-f]+) size (\d+)")


EXACT_MAX = 48  # entries of one point that are told one by one; more of them are grouped
VALUES_MAX = 64


class Traffic:
    """Reads the log piece by piece; a piece may end between an instruction and its access."""

    def __init__(self):
        self.pending = None  # address of an IN or OUT whose access is still to come

    def ports(self, lines):
        """[{dir, port, size, value, address, times}] of one piece. The same access in a row is one
        entry; very many are grouped by what they are, with the values that went over, in hex.
        """
        found = []
        for line in lines:
            watch = WATCH.match(line)
            if watch:
                self.pending = int(watch.group(2), 16) if watch.group(1) == "port" else self.pending
                continue
            access = ACCESS.search(line) if self.pending is not None else None
            if access and int(access.group(2), 16) < PORTS:
                add(found, access, self.pending)
            self.pending = None
        return found if len(found) <= EXACT_MAX else grouped(found)


def add(found, access, address):
    way, port, value, size = access.group(1), *(int(one, 0) for one in access.groups()[1:])
    value &= (1 << 8 * size) - 1  # a device may say more than goes over the bus
    entry = {"dir": "in" if way == "read" else "out", "port": port, "size": size, "value": value,
             "address": hex(address), "times": 1}
    last = found[-1] if found else None
    if last and all(last[key] == entry[key] for key in entry if key != "times"):
        last["times"] += 1
    else:
        found.append(entry)


def grouped(found):
    """One entry for each port, direction and instruction, in the order they came first."""
    groups = {}
    for entry in found:
        key = entry["dir"], entry["port"], entry["size"], entry["address"]
        group = groups.setdefault(key, {**entry, "times": 0, "values": ""})
        shown = min(entry["times"], VALUES_MAX - len(group["values"]) // (2 * entry["size"]))
        group["values"] += entry["value"].to_bytes(entry["size"], "big").hex() * max(0, shown)
        group["times"] += entry["times"]
        group["value"] = entry["value"]
    return list(groups.values())


def marked(lines, what):
    """The addresses of one kind of the plugin's lines, each once, in order."""
    found = {}
    for line in lines:
        watch = WATCH.match(line)
        if watch and watch.group(1) == what:
            found[int(watch.group(2), 16)] = True
    return list(found)
