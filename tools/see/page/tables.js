// SPDX-License-Identifier: MIT
// The descriptor tables: each entry of the GDT, who has it loaded, one of them bit by bit, and the
// gates of the IDT or the vectors of real mode.
"use strict";

function drawTables(body) {
    const index = place.point, gdt = states[index].gdt || [];
    const chosen = gdt.find((entry) => String(entry.index) === place.at) ||
        gdt.find((entry) => entry.index === (states[index].segments.cs || {}).selector >> 3) ||
        gdt.find((entry) => entry.kind !== "null");
    show(body, heading("GDT"),
        note("GDTR: base ", code(hex(states[index].registers.gdtr_base || 0)), ", limit ",
            code(hex(states[index].registers.gdtr_limit || 0)), ". ",
            points[index].gdt ? el("span", { class: "was" }, "● changed since the point before") : ""),
        gdt.length ? gdtTable(gdt, chosen, index) :
            note("No GDT is loaded: in real mode a selector times 16 is the base."),
        chosen ? descriptorPicture(chosen) : "", heading("IDT"), idtPart(index));
}

// Names of the segment registers that have loaded an entry. In real mode none has.
function usersOf(entry, index) {
    if (points[index].mode === "real")
        return [];
    return SEGMENTS.filter((name) => {
        const segment = states[index].segments[name];
        return segment && segment.selector > 3 && segment.selector >> 3 === entry.index;
    }).map((name) => name.toUpperCase());
}

function gdtTable(gdt, chosen, index) {
    return table("Entries of the GDT", ["Selector", "Bytes", "What it says", "Loaded in"],
        gdt.map((entry) => el("tr", { class: entry === chosen ? "current" : "",
            "data-entry": entry.index },
        el("th", { scope: "row" }, el("a", { href: linkTo({ at: String(entry.index) }),
            "aria-current": entry === chosen && "true" }, hex(entry.index * 8))),
        el("td", { class: "value" }, plainHex(entry.raw, 16)),
        el("td", null, entry.text),
        el("td", null, usersOf(entry, index).join(", ") || "nothing"))), { class: "cards gdt" });
}

function idtPart(index) {
    const gates = states[index].idt || [], registers = states[index].registers;
    const head = note("IDTR: base ", code(hex(registers.idtr_base || 0)), ", limit ",
        code(hex(registers.idtr_limit || 0)), ". ",
        points[index].idt ? el("span", { class: "was" }, "● changed since the point before") : "");
    if (!gates.length)
        return [head, note("No gate is recorded: an exception now would be a triple fault.")];
    return [head, table("Gates of the IDT", ["Vector", "What for", "Where it leads"],
        gates.map((gate) => el("tr", { "data-vector": gate.vector },
            el("th", { scope: "row" }, hex(gate.vector)),
            el("td", null, vectorName(gate)), el("td", { class: "value text" }, gate.text))),
        { class: "cards idt" })];
}

const BIOS_VECTORS = { 8: "timer", 9: "keyboard", 16: "screen (INT 10h)", 18: "memory size (INT 12h)",
    19: "disk (INT 13h)", 20: "serial (INT 14h)", 21: "system (INT 15h)", 22: "keyboard (INT 16h)",
    24: "no boot disk (INT 18h)", 25: "boot again (INT 19h)", 26: "clock (INT 1Ah)" };

function vectorName(gate) {
    const bios = gate.kind === "real" ? BIOS_VECTORS[gate.vector] : "";
    return bios || EXCEPTIONS[gate.vector] || "";
}
