// SPDX-License-Identifier: MIT
// Registers: what each holds, what changed and what it was; control bits by name; segments.
"use strict";

const GENERAL = ["rip", "rsp", "rax", "rbx", "rcx", "rdx", "rsi", "rdi", "rbp", "r8", "r9", "r10", "r11",
    "r12", "r13", "r14", "r15"];
const SEGMENTS = ["cs", "ds", "es", "ss", "fs", "gs", "tr", "ldtr"];
const WITH_BITS = ["cr0", "cr4", "efer", "rflags"];
const TABLE_REGISTERS = ["cr2", "cr3", "gdtr_base", "gdtr_limit", "idtr_base", "idtr_limit"];

function changedRegisters(index) {
    return Object.keys(states[index].registers).filter((name) => registerBefore(index, name) !== null);
}

function drawRegisters(body) {
    const index = place.point;
    show(body, el("div", { class: "register-columns" },
        el("div", null, heading("General registers"),
            registerTable("General registers", GENERAL, index)),
        el("div", null, heading("Control bits"), WITH_BITS.map((name) => bitRow(name, index)),
            heading("Tables"), registerTable("Tables", TABLE_REGISTERS, index),
            heading("Segments"), segmentTable(index))));
}

function registerTable(caption, names, index) {
    const known = names.filter((name) => states[index].registers[name] !== undefined);
    return table(caption, ["Register", "Value", "Before"], known.map((name) => {
        const before = registerBefore(index, name);
        return el("tr", { class: before !== null && "changed", "data-register": name },
            el("th", { scope: "row" }, registerName(name)),
            el("td", { class: "value" }, hex(states[index].registers[name])),
            el("td", null, before !== null && changedMark(hex(before))));
    }), { class: "registers" });
}

function registerName(name) {
    return name.replace("_", " ").toUpperCase();
}

// One control register as a row of named bits. A set bit is filled and says 1.
function bitRow(name, index) {
    const value = register(index, name), before = registerBefore(index, name);
    const bits = BITS[name].map(([position, short, meaning]) => {
        const is = bitIsSet(value, position);
        const was = before === null ? is : bitIsSet(before, position);
        return el("li", { class: `${is ? "set" : "clear"}${is === was ? "" : " changed"}`,
            title: meaning, "data-bit": `${name}.${short}` }, short,
        el("b", null, is ? "1" : "0"), is === was ? null : changedMark(was ? "1" : "0"));
    });
    return el("div", { class: "bits" },
        el("p", null, el("b", null, name.toUpperCase()), " ", code(hex(value))),
        el("ul", { "aria-label": `Bits of ${name.toUpperCase()}` }, bits), bitNews(name, value, before));
}

// What a changed bit means, in words. Arithmetic flags change all the time and say little.
function bitNews(name, value, before) {
    if (before === null || name === "rflags")
        return null;
    const news = BITS[name].filter(([position]) =>
        bitIsSet(value, position) !== bitIsSet(before, position));
    return news.map(([position, short, meaning]) => note(
        `${name.toUpperCase()}.${short} (${meaning}) is now ${bitIsSet(value, position) ? 1 : 0}.`));
}

function segmentTable(index) {
    const known = SEGMENTS.filter((name) => states[index].segments[name]);
    return table("Segments", ["Segment", "Selector", "Base", "Limit", "What"],
        known.map((name) => segmentRow(name, index)), { class: "cards segments" });
}

function segmentRow(name, index) {
    const segment = states[index].segments[name], before = segmentBefore(index, name);
    return el("tr", { class: before && "changed", "data-segment": name },
        el("th", { scope: "row" }, name.toUpperCase()),
        el("td", null, el("span", { class: "value" }, selectorLink(segment.selector, index)), " ",
            before && changedMark(hex(before.selector))),
        el("td", { class: "value" }, hex(segment.base)),
        el("td", { class: "value" }, hex(segment.limit)),
        el("td", null, segment.text.split(", ").filter((word) => !/^(base|limit) /.test(word))
            .join(", ")));
}

// In protected mode a selector leads to its descriptor; in real mode it is a number.
function selectorLink(selector, index) {
    if (points[index].mode === "real" || selector < 4)
        return hex(selector);
    return link({ view: "tables", at: String(selector >> 3) }, hex(selector));
}
