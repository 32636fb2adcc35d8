# SPDX-License-Identifier: MIT
"""What differs between two recordings, in words: first what would be another boot, then what only
moved with the next build.

Another boot: steps, modes, control bits, A20, segments, descriptors, gates, permissions of pages,
ports, areas of the disk, calls of the BIOS. Moved: addresses, counts, names of functions, texts.
"""
import dataclasses

from see import state

BIT_REGISTERS = ("cr0", "cr4", "efer")
FLAGS_COMPARED = ("IF", "DF")
BEHIND_TRIPS = ("HANDOFF", "KERNEL_ENTRY")
LISTED_MAX = 8
END = "the end"


@dataclasses.dataclass
class Stage:
    """One step: the machine when it begins, and what is done until the next."""
    name: str
    label: str
    mode: str
    total: int
    a20: bool
    bits: dict
    segments: dict
    gdt: list
    idt: list
    rights: list
    happened: list = dataclasses.field(default_factory=list)  # between this step and the next
    ports: dict = dataclasses.field(default_factory=dict)
    areas: dict = dataclasses.field(default_factory=dict)
    calls: dict = dataclasses.field(default_factory=dict)


def stages(found):
    """A recording's steps, and its end, as Stages."""
    names = {step["label"]: step["name"] for step in found["steps"]}
    known = {"registers": {}, "segments": {}, "gdt": [], "idt": [], "mappings": []}
    stages, mode = [], None
    for point in found["points"]:
        for name in ("registers", "segments"):
            known[name] = known[name] | point[name]
        known |= {name: point[name] for name in ("gdt", "idt", "mappings") if name in point}
        if stages:  # what led to this point was done by the step before it
            add_traffic(stages[-1], point)
            add_happenings(stages[-1], point, mode)
        mode = point["mode"]
        if point["kind"] in ("step", "end"):
            name = names.get(point["label"], END) if point["kind"] == "step" else END
            stages.append(stage_of(name, point, known))
    return stages


def stage_of(name, point, known):
    registers = {one: int(value, 16) for one, value in known["registers"].items()}
    bits = {one: state.bits_text(one, registers[one]) for one in BIT_REGISTERS}
    bits["rflags"] = " ".join(one for one in FLAGS_COMPARED
                              if registers["rflags"] & state.bit("rflags", one)) or "none"
    segments = {one: (segment["selector"], segment["attributes"])
                for one, segment in known["segments"].items()}
    return Stage(name, point["label"], point["mode"], point["total"], point["a20"], bits, segments,
                 [descriptor_words(one) for one in known["gdt"]],
                 [gate_words(one) for one in known["idt"] if one["kind"] != "real"],
                 rights_of(known["mappings"]))


def descriptor_words(one):
    """A descriptor without where a table of ours happens to lie."""
    base = "" if one["kind"].startswith(("TSS", "LDT")) else f", base {one['base']}"
    return f"entry {one['index']}: {one['text'].split(',')[0]}, limit {one['limit']}, " \
        f"DPL {one['dpl']}, {'present' if one['present'] else 'not present'}{base}"


def gate_words(one):
    return f"vector {one['vector']}: {one['kind']} to {one['selector']:X}h, DPL {one['dpl']}, " \
        f"IST {one['ist']}, {'present' if one['present'] else 'not present'}"


def rights_of(mappings):
    """Permissions in the order of addresses, the same in a row once; a region is 512 GiB."""
    found = []
    for one in mappings:
        entry = f"{int(one['virt_first'], 16) >> 39 << 39:X}h: {one['flags']}"
        if not found or found[-1] != entry:
            found.append(entry)
    return found


def add_happenings(stage, point, mode):
    """What a point shows of control, in the order in which it came. Not where the loader's C goes to
    the BIOS and back: which of these trips have a point is chance."""
    if stage.mode == "long" and stage.name not in BEHIND_TRIPS:
        return
    happened = stage.happened
    if point["mode"] != mode:
        happened.append(f"the CPU enters {point['mode']} mode")
    happened += [f"{one.upper()} becomes {state.bits_text(one, int(point['registers'][one], 16))}"
                 for one in BIT_REGISTERS if one in point["registers"]]
    happened += [f"the GDT gets {descriptor_words(one)}" for one in point.get("gdt", [])]
    happened += [f"the IDT gets {gate_words(one)}" for one in point.get("idt", [])
                 if one["kind"] != "real"]
    happened += [f"pages get {one}" for one in rights_of(point.get("mappings", []))]


def add_traffic(stage, point):
    for one in point["io"]:
        add(stage.ports, f"{'reads' if one['dir'] == 'in' else 'writes'} port {one['port']:X}h",
            one["times"])
    for one in point["disk"]:
        add(stage.areas, one["area"], one["count"])
    for one in point["calls"]:
        add(stage.calls, f"INT {one['vector']:X}h, {one['what']}", one["times"])


def add(counts, name, count):
    counts[name] = counts.get(name, 0) + count


def differences(old, new):
    """(sentences about another boot, sentences about what only moved)."""
    olds, news = ({one.name: one for one in stages(found)} for found in (old, new))
    boot = order_differences(list(olds), list(news))
    moved = []
    for name in olds:
        if name in news:
            boot += list(stage_differences(olds[name], news[name]))
            moved += list(count_differences(olds[name], news[name]))
    if old["end"]["why"] != new["end"]["why"]:
        boot.append(f"It ends otherwise: \"{new['end']['why']}\", was \"{old['end']['why']}\".")
    return boot, [*moved_points(old, new), *moved]


def order_differences(old, new):
    found = [f"Step {name} is missing." for name in old if name not in new]
    found += [f"Step {name} is new." for name in new if name not in old]
    both_old = [name for name in old if name in new]
    both_new = [name for name in new if name in old]
    if both_old != both_new:
        found.append(f"The steps come in another order: {', '.join(both_new)}; "
                     f"was {', '.join(both_old)}.")
    return found


def stage_differences(old, new):
    """Sentences about one step."""
    where = "At the end" if new.name == END else f"At step {new.name}"
    if old.mode != new.mode:
        yield f"{where} the CPU is in {new.mode} mode, was in {old.mode} mode."
    if old.a20 != new.a20:
        yield f"{where} the A20 line is {'on' if new.a20 else 'off'}, was not."
    for register, bits in new.bits.items():
        if bits != old.bits[register]:
            yield f"{where} {register.upper()} has {bits}, had {old.bits[register]}."
    for segment, (selector, attributes) in new.segments.items():
        if (selector, attributes) != old.segments[segment]:
            before = old.segments[segment]
            yield f"{where} {segment.upper()} is {selector:X}h, attributes {attributes:04X}h; " \
                f"was {before[0]:X}h, {before[1]:04X}h."
    for what, before, now in (("the GDT", old.gdt, new.gdt), ("the IDT", old.idt, new.idt),
                              ("what pages permit", old.rights, new.rights)):
        yield from list_differences(f"{where} {what}", before, now)
    yield from list_differences(f"Within step {new.name} what happens to the CPU", old.happened,
                                new.happened)
    doing = f"From step {new.name} on it"
    for what, before, now in ((doing, old.ports, new.ports),
                              (f"{doing} reads from the disk:", old.areas, new.areas),
                              (f"{doing} calls the BIOS:", old.calls, new.calls)):
        yield from (f"{what} {one}, did not before." for one in now if one not in before)
        yield from (f"{what} no longer {one}." for one in before if one not in now)


def list_differences(what, before, now):
    if before == now:
        return
    gone, new = [one for one in before if one not in now], [one for one in now if one not in before]
    if not gone and not new:
        yield f"{what} comes in another order, or another number of times."
    for one in new[:LISTED_MAX]:
        yield f"{what} has, new: {one}."
    for one in gone[:LISTED_MAX]:
        yield f"{what} no longer has: {one}."
    rest = len(gone[LISTED_MAX:]) + len(new[LISTED_MAX:])
    if rest:
        yield f"{what} differs in {rest} more entries."


def count_differences(old, new):
    if old.total != new.total:
        yield f"{new.name}: reached after {new.total:,} instructions, were {old.total:,}."
    for what, before, now in (("sectors of", old.areas, new.areas), ("times", old.calls, new.calls)):
        for one, count in now.items():
            if before.get(one, count) != count:
                yield f"{new.name}: {count} {what} {one}, were {before[one]}."


def moved_points(old, new):
    """How the points themselves changed, in a few sentences."""
    olds, news = ({point["label"]: point["address"] for point in found["points"]}
                  for found in (old, new))
    elsewhere = sum(1 for label in olds if label in news and olds[label] != news[label])
    if elsewhere:
        yield f"{elsewhere} of {len(olds)} points lie at another address."
    for word, some, others in (("new", news, olds), ("gone", olds, news)):
        names = [label for label in some if label not in others]
        if names:
            more = f" and {len(names) - LISTED_MAX} more" if len(names) > LISTED_MAX else ""
            yield f"{len(names)} points are {word}: {', '.join(names[:LISTED_MAX])}{more}."
    for part in new["image"]["builds"]:
        before, now = old["image"]["builds"].get(part), new["image"]["builds"][part]
        if before != now:
            yield f"Build of {part}: {now}, was {before}."


def text(boot, moved):
    """Both lists, as they are printed."""
    lines = []
    if boot:
        lines += ["Another boot:", *(f"  {one}" for one in boot)]
    if moved:
        lines += ["Only moved:", *(f"  {one}" for one in moved)]
    return "\n".join(lines) or "The two recordings show the same boot, at the same addresses."


def tell(old, new):
    """Print it; the status of tools/record --compare."""
    boot, moved = differences(old, new)
    print(text(boot, moved))
    return 1 if boot else 0
