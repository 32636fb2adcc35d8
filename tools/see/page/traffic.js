// SPDX-License-Identifier: MIT
// What the program asked of the machine since the point before: BIOS calls and port input and output.
"use strict";

function drawTraffic(body) {
    const index = place.point, point = points[index];
    show(body, heading("BIOS calls since the point before"), callTable(point.calls || []),
        heading("Ports since the point before"), portTable(point.io || []),
        heading("Up to here"), soFar(index),
        note(`The A20 line is ${point.a20 ? "open" : "closed"} at this point.`));
}

function registersText(registers) {
    return Object.entries(registers || {}).map(([name, value]) =>
        [el("span", { class: "pair" }, `${name.toUpperCase()} `, code(hex(value))), " "]);
}

function callTable(calls) {
    if (!calls.length)
        return note("None.");
    return table("BIOS calls", ["Call", "From", "Times", "Registers in", "Registers out", "Carry"],
        calls.map((call) => el("tr", { "data-vector": call.vector },
            el("th", { scope: "row" }, callName(call), call.text ? [" ", code(quoted(call.text))] : ""),
            el("td", { class: "value" }, hex(call.address)), el("td", null, call.times || 1),
            el("td", null, registersText(call.registers)), el("td", null, registersText(call.after)),
            el("td", null, call.carry === undefined ? "" : call.carry ? "1: failed" : "0: good"))),
        { class: "cards calls" });
}

function portTable(list) {
    if (!list.length)
        return note("None.");
    return table("Port input and output", ["Way", "Port", "What is there", "Value", "Times", "From"],
        list.map((one) => el("tr", { "data-port": one.port },
            el("td", null, one.dir === "in" ? "in ←" : "out →"),
            el("th", { scope: "row" }, hex(one.port)), el("td", null, portName(one.port)),
            el("td", { class: "value" }, valueText(one)),
            el("td", null, one.times || 1), el("td", { class: "value" }, hex(one.address)))),
        { class: "cards ports" });
}

// Bytes for the serial line and the debug console are letters most of the time.
const LETTER_PORTS = [0x3f8, 0xe9];

// The value; of accesses that were put together, the first ones and the last.
function valueText(one) {
    const letters = LETTER_PORTS.includes(one.port) && one.dir === "out";
    const say = (values) => letters ? quoted(String.fromCharCode(...values)) : "";
    if (!one.values)
        return `${hex(one.value)} ${say([one.value])}`;
    const first = bytesOf(one.values).map((byte) => plainHex(byte, 2)).join(" ");
    const text = letters ? say(bytesOf(one.values)) : first;
    return el("span", { class: "wraps" }, `${text}${one.times > bytesOf(one.values).length ?
        ` … ${hex(one.value)}` : ""}`);
}

function soFar(index) {
    const past = points.slice(0, index + 1), sums = new Map();
    for (const call of past.flatMap((point) => point.calls || []))
        sums.set(callName(call), (sums.get(callName(call)) || 0) + (call.times || 1));
    if (!sums.size)
        return note("No BIOS call yet.");
    return el("ul", { class: "columns" }, [...sums].map(([name, times]) =>
        el("li", null, `${name}: ${decimal(times)}`)));
}
