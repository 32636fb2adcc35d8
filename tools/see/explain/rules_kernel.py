# SPDX-License-Identifier: MIT
"""Rules about what the loader jumps to: how it was linked, and what the compiler assumed."""
import re

from see import state
from see.explain.finding import CERTAIN, LATENT, LIKELY, POSSIBLE, Finding, rule
from see.explain.rules_interrupts import gate, gate_text
from see.explain.rules_mode import went_wrong

UD, NM, GP, PF = 6, 7, 13, 14
SSE = re.compile(r"\bxmm\d|\bymm\d|^(?:ld|st)mxcsr|^fx(?:save|rstor)")
ALIGNED = re.compile(r"^(?:mova|movdqa|movnt|[a-z]+ps|[a-z]+pd|p\w+).*\[(.*)\]")
EM, TS, OSFXSR = 1 << 2, 1 << 3, 1 << 9
MOST_BEHIND = 16  # instructions behind a HLT that are looked at
ENTRIES = (
    "_start",
    "start",
    "entry",
    "kernel_entry",
    "kernel_start",
    "_kernel_start",
    "kmain",
    "kernel_main",
    "main",
)
MONO, VGA, VGA_END = 0xB0000, 0xB8000, 0xC0000
LAST_PART = 4000
NEAR_STACK = 0x2000


@rule("sse-not-enabled")
def sse_not_enabled(e):
    for step, fault in e.own_faults:
        text = e.text_at(fault)
        control = fault.state.control
        off = not control["cr4"] & OSFXSR or control["cr0"] & EM
        if SSE.search(text) and (
            fault.vector == UD and off or fault.vector == NM and control["cr0"] & TS
        ):
            return Finding(
                CERTAIN,
                (
                    f"`{text}` at {e.where(fault.pc)} is an SSE instruction, and SSE is not switched on:"
                    f" the CPU raised {'#UD' if fault.vector == UD else '#NM'}. Compilers use SSE for"
                    " 64-bit code unless told otherwise."
                ),
                (
                    "Clear CR0.EM, set CR0.MP, CR4.OSFXSR and CR4.OSXMMEXCPT before the first C"
                    " function, or compile with `-mgeneral-regs-only`."
                ),
                fault.pc,
                (
                    f"CR0 = {control['cr0']:X}h ({state.bits_text('cr0', control['cr0'])}), CR4 ="
                    f" {control['cr4']:X}h ({state.bits_text('cr4', control['cr4'])})"
                ),
            )
    return None


@rule("stack-misaligned")
def stack_misaligned(e):
    for step, fault in e.own_faults:
        text = e.text_at(fault)
        if fault.vector != GP or fault.error or not SSE.search(text):
            continue
        match = ALIGNED.match(text)
        address = operand_address(fault.state, match.group(1)) if match else None
        if address is None or address % 16 == 0:
            continue
        on_stack = "sp" in match.group(1) or "bp" in match.group(1)
        return Finding(
            CERTAIN if on_stack else LIKELY,
            f"`{text}` at {e.where(fault.pc)} needs an address that is a multiple of 16, and it is "
            f"{address:X}h. "
            + (
                "The function may assume that RSP is a multiple of 16 before each CALL (8 more at its"
                " first instruction), and that was not so when it was entered."
                if on_stack
                else ""
            ),
            (
                "Set RSP to a multiple of 16 and enter C with `call`, not with `jmp`; in handlers align"
                " RSP before the call."
            ),
            fault.pc,
            f"RSP = {fault.state['rsp']:X}h, operand {address:X}h",
        )
    return None


def operand_address(now, text):
    """Of "rsp+0x10" and the like; None when it is more than registers and constants."""
    total = 0
    for sign, scale, word in re.findall(
        r"([+-]?)(?:(?<=\*))?((?:\d\*)?)([^+-]+)", text.replace("rel ", "")
    ):
        part = word.strip()
        times = 1
        if "*" in part:
            part, count = part.split("*")
            times = int(count)
        if re.fullmatch(r"0x[0-9a-f]+", part):
            value = int(part, 16)
        elif re.fullmatch(r"r\w+", part):
            value = now[part]
        else:
            return None
        total += (-1 if sign == "-" else 1) * value * times
    return total & (1 << 64) - 1


@rule("entry-not-first")
def entry_not_first(e):
    """Control was passed to the kernel's first byte, and another function is there."""
    names = e.where.symbols.names
    if e.displaced[0]:
        return None
    for place in e.places:
        name = e.where.name(place.address)
        before = e.came_from(place)
        if before is None or not (re.match(r"jmp [er]?\w+$|jmp .*:|jmp .*0x|call|ret", e.text(before))):
            continue
        if (
            abs(place.address - before.address) < 0x8000
            or place.address < 0x7E00
            or "+" in name
            or not name
        ):
            continue
        if before.address >= 0x8000:
            return None
        wanted = [(other, at) for at, other in names if other in ENTRIES and at >= 0x7E00]
        if not wanted or name in ENTRIES[:6] or any(at == place.address for _, at in wanted):
            return None
        best = min(wanted, key=lambda pair: ENTRIES.index(pair[0]))
        if not went_wrong(e):
            return None
        return Finding(
            CERTAIN - 2,
            (
                f"{e.where(before.address)} jumps to {place.address:X}h, the start of what was loaded,"
                f" and the function there is `{name}`. The entry, `{best[0]}`, is at {best[1]:X}h: the"
                " linker put something else first."
            ),
            (
                "Link the object with the entry first, or give it a section of its own that the linker"
                " script puts first (`.text : { *(.text.entry) *(.text*) }`)."
            ),
            before.address,
            f"{name} at {place.address:X}h, {best[0]} at {best[1]:X}h",
        )
    return None


@rule("link-address-wrong")
def link_address_wrong(e):
    """The code that ran is the ELF's, at another address than it was linked for."""
    delta, count, first = e.displaced
    if not delta:
        return None
    before = e.came_from(first)
    linked = first.address - delta
    return Finding(
        CERTAIN - 1,
        (
            f"The kernel runs at {first.address:X}h and was linked for {linked:X}h: {count} of the"
            f" instructions that ran are the ELF's, {abs(delta):X}h"
            f" {'higher' if delta > 0 else 'lower'}. Jumps inside it work by luck; every absolute"
            " address in it is wrong."
        ),
        (
            "Make the address in the linker script (`. = ...`) and the address to which the loader"
            " copies the same."
        ),
        before.address if before else first.address,
        f"runs at {first.address:X}h, linked for {linked:X}h",
    )


@rule("hlt-falls-through")
def hlt_falls_through(e):
    """An interrupt ended a HLT, and what lies behind it was never meant to run."""
    for place, text in e.code:
        if text != "hlt":
            continue
        follower = e.place_at(place.end)
        went_on = follower and ran_on(e, place, follower)
        if not went_on:
            continue
        words = e.text(follower)
        if words.startswith(("cli", "hlt", "j", "ret", "cmp", "test")):
            continue
        beyond = next_function(e, follower)
        name = e.where.name((beyond or follower).address)
        fell = [at for at, _ in e.own_faults if 0 <= at - went_on < 500]
        if not beyond and not fell and not (e.blank_code and e.blank_code.first_step > went_on):
            continue
        return Finding(
            LIKELY + 16,
            f"`hlt` at {e.where(place.address)} waits for one interrupt only. One came, and the CPU went"
            f" on with what lies behind it, at {e.where(follower.address)}"
            + (f", and into {name}" if beyond else f", in {name}" if name else "")
            + ".",
            "Put HLT into a loop: `.forever: hlt`, `jmp .forever`.",
            place.address,
            f"the instruction behind it: `{words}`",
        )
    return None


def next_function(e, place):
    """The first instruction of a function that the CPU ran into from here, straight on; or None."""
    last = None
    for _ in range(MOST_BEHIND):
        if place is None or e.text(place).startswith(("cli", "hlt", "j", "ret", "iret")):
            return None
        name = e.where.name(place.address)
        if name and "+" not in name and "." not in name and (last is None or ran_on(e, last, place)):
            return place
        last, place = place, e.place_at(place.end)
    return None


def ran_on(e, place, follower):
    """The step at which the CPU went on behind an instruction, a handler or a routine that it called left
    out; or None."""
    for step in e.path.steps_of(follower, 1000):
        before = e.path.at(step - 1)
        if (
            step > place.first_step
            and before
            and (before is place or e.text(before).startswith(("iret", "ret")))
        ):
            return step
    return None


@rule("vga-address-typo")
def vga_address_typo(e):
    """Letters with colours were written, one after the other, to memory that is no screen."""
    if any(
        VGA <= at < VGA_END
        for place, _ in e.code
        for at in (place.first_write, place.last_write)
        if place.writes
    ):
        return None
    found = mistyped(e)
    if not found:
        return None
    at, address = found
    mono = MONO <= address < VGA
    return Finding(
        LIKELY + 14,
        f"{e.where(at)} writes letters with their colours to {address:X}h, "
        + (
            "where a monochrome card had its text; a colour screen does not show it"
            if mono
            else "and there is no screen there"
        )
        + f". The text screen is at {VGA:X}h.",
        f"Write to 0x{VGA:X}: B, 8 and three zeros.",
        at,
        f"first address written {address:X}h; the screen is at {VGA:X}h",
        id="vga-address-mono" if mono else "",
    )


def mistyped(e):
    """(instruction's address, first address) of what was meant for the screen, or None."""
    fault = e.first_fault
    if (
        fault
        and fault.vector == PF
        and fault.error & 2
        and any(VGA <= meant < VGA + 4000 for meant in (fault.cr2 >> 4, fault.cr2 << 4))
    ):
        return fault.pc, fault.cr2
    for place, text in e.code:
        # A screen is written forwards, by one instruction, often.
        if place.writes < 4 or place.last_write_bytes > 8:
            continue
        start = min(place.first_write, place.last_write)
        if (
            MONO <= start < VGA
            or VGA_END <= start < 1 << 24
            and start % 0x1000 < 4000
            and looks_like_text(e.memory(start & ~0xFFF, 4000))
        ):
            return place.address, start
    return None


def looks_like_text(memory):
    """Character, attribute, character, attribute: mostly printable, mostly one colour."""
    letters, colours = memory[0::2], memory[1::2]
    printable = sum(32 <= letter < 127 for letter in letters[:80])
    words = sum(chr(letter).isalpha() for letter in letters[:160])
    usual = max(set(colours[:80]), key=colours[:80].count) if colours else 0
    return (
        usual != 0
        and colours[:80].count(usual) >= 4
        and printable >= 4
        and words >= 3
        and colours[:80].count(usual) >= printable * 3 // 4
    )


STACK_MOVES = re.compile(r"^(?:push|pop|call|ret|enter|leave|iret|int|(?:add|sub|lea|mov|and|xchg) rsp)")
RED_ZONE_BYTES = 128
SAME_FUNCTION_BYTES = 0x200


def stack_pointer(e, step):
    """RSP at a step: of the state there, or of one before it since which nothing moved the stack."""
    known = e.states.get(step)
    for at in range(step - 1, max(step - 200, -1), -1):
        if known is not None:
            return known["rsp"] if known.mode == "long" else None
        place = e.path.at(at)
        if place is None or STACK_MOVES.match(e.text(place)):
            return None
        known = e.states.get(at)
    return None


def below_stack(e, place, text):
    """Whether an instruction wrote just below RSP."""
    if not place.writes or not re.search(r"\[rsp|\[rbp", text) or STACK_MOVES.match(text):
        return False
    top = stack_pointer(e, place.first_step)
    return top is not None and top - RED_ZONE_BYTES <= place.first_write < top


def same_function(e, one, other):
    names = [e.where.name(at).split("+")[0] for at in (one, other)]
    return names[0] == names[1] if all(names) else abs(one - other) < SAME_FUNCTION_BYTES


@rule("red-zone")
def red_zone(e):
    """A function keeps data below RSP, and an interrupt on the same stack came while it ran."""
    irqs = [(step, fault) for step, fault in e.faults if fault.hardware and fault.state.mode == "long"]
    users = [place for place, text in e.code if below_stack(e, place, text)] if irqs else []
    for step, fault in irqs:
        there, _ = gate(e, fault.state, fault.vector)
        near = [place for place in users if same_function(e, place.address, fault.pc)]
        if not near or there.ist:
            continue
        user, name = near[0], e.where.name(near[0].address).split("+")[0]
        return Finding(
            LIKELY + 12,
            f"`{e.text(user)}` at {e.where(user.address)}"
            + (f", in {name}," if name else "")
            + f" keeps data below RSP, in the red zone, and the interrupt of vector {fault.vector} came"
            f" while that function ran (at {fault.pc:X}h). The CPU pushes its frame right there, from"
            f" {fault.state['rsp'] & ~15:X}h downwards, over the function's data.",
            "Compile everything that runs in the kernel with `-mno-red-zone`.",
            user.address,
            f"{gate_text(there)}, IST 0: the frame goes to the interrupted stack",
        )
    return None


@rule("bss-not-zeroed")
def bss_not_zeroed(e):
    """Variables were read that nobody had ever written."""
    for place, text in e.code:
        if not place.blank_reads or e.state_before(place.first_step).mode not in ("long", "protected32"):
            continue
        name = e.where.name(place.first_blank)
        if not e.where.in_bss(place.first_blank):
            continue
        return Finding(
            (
                LIKELY + 9
                if e.hostile and "memory" in e.hostile or went_wrong(e) and e.triple
                else LATENT + 4
            ),
            f"`{text}` at {e.where(place.address)} reads {place.first_blank:X}h"
            + (f" ({name})" if name else "")
            + ", a variable that starts as zero in C, and nobody had written it: a flat file "
            "does not hold the zeros of .bss. In an emulator memory is often zero by itself.",
            "Fill .bss with zeros at the kernel's first instruction: from bss_start to bss_end.",
            e.where.entry(e, place),
            f"{place.first_blank:X}h in .bss, never written",
            latent=not (went_wrong(e) and e.triple),
        )
    return None


@rule("volatile-missing")
def volatile_missing(e):
    """It waits in a loop that never looks at memory that the interrupt handler changes."""
    if e.ended not in ("nothing new", "guest", "total") or e.chain:
        return None
    irqs = [(step, fault) for step, fault in e.faults if fault.hardware and fault.vector >= 32]
    if not irqs:
        return None
    way = e.path.way
    recent = set(way[-LAST_PART * 500 :])
    loop = [e.path.places[number] for number in recent if number in e.path.places]
    if any(e.text(place) == "hlt" for place in loop) or len(loop) > 400:
        return None
    return waits_blindly(e, loop, irqs)


def waits_blindly(e, loop, irqs):
    handler = handler_places(e, irqs)
    outside = [place for place in loop if place.number not in handler]
    stack = e.run.state["rsp"] if e.run.state else 0
    changed = {
        place.last_write: place
        for place in e.path.places.values()
        if place.number in handler
        and place.writes
        and abs(place.last_write - stack) > NEAR_STACK
        and not STACK_MOVES.match(e.text(place))
    }
    looked = {at for place in outside if place.reads for at in (place.first_read, place.last_read)}
    once = {
        at
        for place in e.path.places.values()
        if place.number not in handler and place.reads
        for at in (place.first_read, place.last_read)
    }
    blind = [at for at in changed if at not in looked and (at in once or e.where.in_bss(at))]
    if not blind or not outside:
        return None
    at = blind[0]
    here = min(outside, key=lambda place: place.first_step)
    name = e.where.name(at)
    return Finding(
        POSSIBLE + 12,
        f"The program waits in a loop at {e.where(here.address)}. The interrupt handler changes {at:X}h"
        + (f" ({name})" if name else "")
        + f" (at {e.where(changed[at].address)}), but no instruction of the loop reads it: "
        "the compiler read the variable once and kept it in a register.",
        "Declare a variable that an interrupt handler changes `volatile`.",
        here.address,
        f"{name or f'{at:X}h'} is never read in the loop",
    )


def handler_places(e, irqs):
    """Numbers of the places that ran in handlers of hardware interrupts: from a gate's offset to IRET."""
    entries = {gate(e, fault.state, fault.vector)[0].offset for _, fault in irqs}
    way = e.path.way
    starts = {number for number, place in e.path.places.items() if place.address in entries}
    ends = {number for number, place in e.path.places.items() if e.text(place).startswith("iret")}
    found, inside = set(), False
    for number in way[-LAST_PART * 500 :]:
        inside = inside or number in starts
        if inside:
            found.add(number)
            inside = number not in ends
    return found


@rule("jump-to-nothing")
def jump_to_nothing(e):
    """The way left all code: only where from."""
    place = e.blank_code
    if place is None:
        return None
    before = e.came_from(place)
    at = before.address if before else place.address
    return Finding(
        POSSIBLE - 8,
        f"{e.where(at)} sent the CPU to {place.address:X}h, where nothing was ever written"
        + (": it ran through zeros, which are `add` instructions" if place.code[:2] == b"\0\0" else "")
        + ".",
        "Look what the jump's target should be, and whether it was loaded.",
        at,
        f"{place.address:X}h was never written",
    )
