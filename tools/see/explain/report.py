# SPDX-License-Identifier: MIT
"""The findings as a paragraph in plain words, and as JSON."""
import json
import textwrap

from see.explain.rules_interrupts import called

WIDTH = 96
ENDS = {
    "triple fault": "the machine reset itself (a triple fault)",
    "reset": "the machine was reset",
    "halted": "the CPU stopped at HLT with interrupts off",
    "halts": "the CPU ended in a loop of HLT",
    "nothing new": "the program ended in an endless loop",
    "guest": "the program ran on and on",
    "total": "the program ran on and on",
    "no boot": "the BIOS never started the boot sector",
    "zeros": "the CPU ran away through empty memory",
    "left": "the machine switched itself off",
    "full": "the program ran through more code than can be followed",
    "guard": "the machine did nothing more",
}


def seen(e):
    """What anybody in front of the machine would say, and how far it came."""
    words = ENDS.get(e.ended, e.ended)
    text = words[0].upper() + words[1:]
    if e.started:
        text += (
            f", after {e.last_step + 1:,} instructions of its own"
            if e.ended in ("triple fault", "reset", "halted")
            else ""
        )
    now = e.run.state
    if e.ended in ("halted", "halts", "nothing new") and e.started and now is not None:
        at = last_own(e)
        text += f", at {e.where(at.address)}" if at else ""
    last = [line for line in e.run.screen if line.strip()]
    text += (
        f'. The last line on the screen: "{last[-1].strip()}".' if last else ". The screen was empty."
    )
    return text


def last_own(e):
    return e.path.at(e.last_step)


def chain_text(e):
    """ "#PF at ... -> #DF -> triple fault", or ""."""
    if not e.chain:
        return ""
    parts = []
    for at, fault in enumerate(e.chain):
        text = (
            f"hardware interrupt of vector {fault.vector}"
            if fault.hardware
            else f"INT of vector {fault.vector}" if fault.software else called(fault.vector)
        )
        if at == 0:
            text += f" at {e.where(fault.pc)}"
            asm = e.text_at(fault)
            text += f", instruction `{asm}`" if asm else ""
        if fault.error or fault.vector in (13, 14):
            text += f", error code {fault.error:X}h" if at == 0 else ""
        if fault.vector == 14:
            text += f", address {fault.cr2:X}h"
        parts.append(text)
    return " -> ".join([*parts, "triple fault"])


def paragraph(label, text):
    return textwrap.fill(
        text,
        WIDTH,
        initial_indent=f"{label:<16}",
        subsequent_indent=" " * 16,
        break_long_words=False,
        break_on_hyphens=False,
    )


def verdict(e, findings):
    """ "wrong", "latent" (it runs here), "fine" or "cannot tell"."""
    if findings:
        return "latent" if findings[0].latent else "wrong"
    return "fine" if runs_well(e) else "cannot tell"


def runs_well(e):
    """Nothing fell, nothing strayed, and what should be said was."""
    if e.said_it is False:
        return False
    return (
        e.started
        and not e.triple
        and e.ended in ("halted", "halts", "nothing new", "left", "guest", "total")
        and e.blank_code is None
        and not e.real_faults
    )


def as_text(e, name, findings):
    what = verdict(e, findings)
    lines = [f"{name}: {headline(what, findings)}", "", paragraph("What was seen", seen(e))]
    chain = chain_text(e)
    if chain:
        lines.append(paragraph("Chain of faults", chain))
    elif e.real_faults:
        step, vector = e.real_faults[0]
        place = e.path.at(step)
        lines.append(
            paragraph(
                "Exception",
                (
                    f"{called(vector)} in real mode at {e.where(place.address)}; the BIOS's handler "
                    "returns to the same instruction"
                ),
            )
        )
    if findings:
        best = findings[0]
        lines += [paragraph("Likely mistake", best.cause), paragraph("How sure", best.sure)]
        if best.at is not None:
            lines.append(paragraph("Where", e.where(best.at)))
        if best.entry:
            lines.append(paragraph("Wrong entry", best.entry))
        lines.append(paragraph("What to change", best.change))
        for other in findings[1:4]:
            lines.append(paragraph("Also seen", f"[{other.id}] {other.cause}"))
    elif what == "cannot tell":
        lines.append(
            paragraph(
                "Likely mistake",
                "Cannot tell: none of the known mistakes shows in what this run did."
                + ("" if e.expect is None or e.said_it else f' It never said "{e.expect}".'),
            )
        )
    else:
        lines.append(
            paragraph(
                "Verdict",
                (
                    "Nothing is wrong: it runs, here and on machines that give nothing for free. If it"
                    " should have said something else, tell with --expect."
                ),
            )
        )
    return "\n".join(lines)


def headline(what, findings):
    if what == "fine":
        return "nothing is wrong: it runs"
    if what == "cannot tell":
        return "cannot tell what is wrong"
    return f"{findings[0].id}" + (" (it runs here all the same)" if what == "latent" else "")


def as_json(e, name, findings):
    return json.dumps(
        {
            "image": name,
            "verdict": verdict(e, findings),
            "seen": seen(e),
            "ended": e.ended,
            "chain": chain_text(e),
            "findings": [
                {
                    "id": one.id,
                    "strength": one.strength,
                    "sure": one.sure,
                    "cause": one.cause,
                    "change": one.change,
                    "at": f"{one.at:#x}" if one.at is not None else None,
                    "line": e.where.line(one.at) if one.at is not None else "",
                    "entry": one.entry,
                    "latent": one.latent,
                }
                for one in findings
            ],
        },
        indent=2,
    )
