// SPDX-License-Identifier: MIT
// What this moment is: the step it belongs to, where the CPU is, and what changed since the point
// before, each with a link to the view that shows it.
"use strict";

function drawNow() {
    const index = place.point, point = points[index], step = stepOf(point);
    show(byId("now-body"),
        el("p", { class: "step-line" }, modeBadge(point.mode),
            el("span", null, `Step ${point.step}${steps.length ? ` of ${steps.length}` : ""}`)),
        el("h3", { class: "step-title" }, step ? step.name.replaceAll("_", " ") : `Step ${point.step}`),
        el("p", { class: "sentence" }, step ? sentenceOf(step.sentence) : ""),
        facts([["Where", el("span", null, code(point.label || "no label"), " at ",
            code(placeText(index)))],
        ["Source", point.file ? fileLink(point.file, point.line) : "no source known"],
        ["Instructions", instructionsText(point)],
        ["A20 line", point.a20 ? "open" : "closed"]]),
        el("div", { class: "changes" }, heading("Since the point before"), changeList(index)),
        endText(index),
        step && point.kind === "step" ? stepTexts(step, true) : stepTexts(step, false));
}

function endText(index) {
    const end = recording.end || {};
    return index === points.length - 1 && end.why ? el("p", { class: "end" },
        `The recording ends here: ${end.why}.`) : null;
}

function sentenceOf(text) {
    return text ? text[0].toUpperCase() + text.slice(1) + (/[.!?]$/.test(text) ? "" : ".") : "";
}

function modeBadge(mode) {
    return el("span", { class: `mode rung-${modeOf(mode).rung}` }, modeOf(mode).name);
}

function instructionsText(point) {
    return `${decimal(point.instructions)} since the point before, ` +
        `${decimal(point.total)} since 7C00h`;
}

// Happened, look and next; folded inside a step, open at its beginning.
function stepTexts(step, open) {
    const story = step && step.section ?
        `docs/boot-story.md, section ${step.section.replaceAll("-", " ")}` : "";
    const rows = step ? [["What just happened", step.happened], ["What to look at", step.look],
        ["What comes next", step.next], ["More", story]].filter(([, text]) => text) : [];
    if (!rows.length)
        return null;
    return el("details", { class: "story", open }, el("summary", null, "About this step"),
        rows.map(([title, text]) => [el("h4", null, title), el("p", null, text)]));
}

function changeList(index) {
    if (index === 0)
        return note("This is the first point: the BIOS has just jumped here.");
    const items = changes(index).map(([view, title, text]) =>
        el("li", null, link({ view }, title), text ? `: ${text}` : ""));
    return items.length ? el("ul", null, items) : note("Nothing but the instruction pointer.");
}

// [view, title, text] of everything that changed; an empty list when only RIP moved.
function changes(index) {
    const point = points[index], found = [];
    const names = changedRegisters(index).filter((name) => name !== "rip");
    const segments = SEGMENTS.filter((name) => segmentBefore(index, name));
    if (points[index - 1].mode !== point.mode)
        found.push(["registers", "Mode", `${modeOf(point.mode).name}, was ` +
            modeOf(points[index - 1].mode).name]);
    if (names.length)
        found.push(["registers", "Registers", names.map((name) => name.toUpperCase()).join(", ")]);
    if (segments.length)
        found.push(["registers", "Segments", segments.map((name) => name.toUpperCase()).join(", ")]);
    if (points[index - 1].a20 !== point.a20)
        found.push(["traffic", "A20 line", point.a20 ? "now open" : "now closed"]);
    for (const [part, view, title, describe] of CHANGE_KINDS) {
        if (point[part] && point[part].length !== 0)
            found.push([view, title, describe(point[part], point)]);
    }
    return found;
}

function addUp(list, field) {
    return list.reduce((sum, one) => sum + Number(one[field] || 0), 0);
}

function named(list, name) {
    return [...new Set(list.map(name))].join(", ");
}

const CHANGE_KINDS = [
    ["memory", "memory", "Memory", (list) => `${counted(addUp(list, "bytes"), "byte")} written: ` +
        named(list, (one) => ownerName(one.owner))],
    ["disk", "disk", "Disk", (list) => `${counted(addUp(list, "count"), "sector")} read: ` +
        named(list, (one) => areaName(one.area))],
    ["calls", "traffic", "BIOS", (list) => named(list, (call) => callName(call))],
    ["io", "traffic", "Ports", (list) => named(list, (one) => portName(one.port) || hex(one.port))],
    ["gdt", "tables", "GDT", (list) => counted(list.length, "descriptor")],
    ["idt", "tables", "IDT", (list) => counted(list.length, "gate")],
    ["paging", "paging", "Page tables", (paging) =>
        `${counted((paging.tables || []).length, "table")} written`],
    ["mappings", "paging", "Mappings", (list) => counted(list.length, "range")],
    ["screen", "screen", "Screen", () => "new text"],
    ["serial", "screen", "Serial line", (text) => quoted(text.slice(0, 48)) +
        (text.length > 48 ? " …" : "")],
];

// "INT 13h AH=42h, read sectors by EDD".
function callName(call) {
    const function_ = call.ax === undefined ? "" : ` AH=${hex(Number(call.ax) >> 8)}`;
    return `INT ${hex(call.vector)}${function_}${call.what ? ", " + call.what : ""}`;
}
