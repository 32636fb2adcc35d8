// SPDX-License-Identifier: MIT
// Memory drawn as one strip, in three scales: low memory true to scale, all of it with every
// doubling equally wide, and all RAM true to scale. What was just written is marked below it.
"use strict";

const STRIP = { width: 1000, height: 86, bar: 14, barHeight: 40, letter: 7.2 };
const LOG_FLOOR = 256;
const LOW_MEMORY = 1 << 20;
let stripScale = "log";

// name, [first address, last address] shown, and position from 0 to 1 of an address.
function stripScales() {
    const top = Number((recording.machine || {}).memory_bytes) || 1 << 28;
    const log = (address) => Math.log2(Math.max(address, LOG_FLOOR) / LOG_FLOOR) /
        Math.log2(top / LOG_FLOOR);
    return {
        log: { name: "Each doubling as wide", position: (address) => Math.min(1, log(address)),
            ticks: ["0x400", "0x1000", "0x7c00", "0x20000", "0x100000", "0x1000000"] },
        low: { name: "Low memory, to scale", position: (address) => address / LOW_MEMORY,
            ticks: ["0x0", "0x20000", "0x40000", "0x60000", "0xa0000", "0xc0000"] },
        all: { name: "All RAM, to scale", position: (address) => address / top,
            ticks: [0, 1, 2, 3].map((part) => hexText(top / 4 * part)) },
    };
}

function hexText(value) {
    return "0x" + Math.trunc(value).toString(16);
}

function memoryStrip(list, index) {
    const scales = stripScales();
    const radios = Object.entries(scales).map(([id, scale]) => el("label", null,
        el("input", { type: "radio", name: "strip", value: id, checked: id === stripScale,
            onchange: () => {
                stripScale = id;
                show(byId("strip-picture"), stripPicture(list, index, scales[id]));
            } }), " ", scale.name));
    return el("div", { class: "strip" }, el("fieldset", { class: "choices" },
        el("legend", null, "Scale of the picture"), radios),
    el("div", { id: "strip-picture", class: "wide-picture", tabindex: "0", role: "region",
        "aria-label": "Picture of memory" }, stripPicture(list, index, scales[stripScale])));
}

function stripPicture(list, index, scale) {
    const at = (address) => Math.min(1, scale.position(address)) * STRIP.width;
    const shown = list.filter((owner) => scale.position(owner.first) < 1);
    return svg("svg", { viewBox: `0 0 ${STRIP.width} ${STRIP.height}`, role: "img",
        "aria-label": "Memory from low to high addresses; the table below says the same" },
    svg("rect", { class: "nobody", x: 0, y: STRIP.bar, width: STRIP.width,
        height: STRIP.barHeight }),
    shown.map((owner) => stripOwner(owner, at(owner.first), at(owner.last + 1),
        at(uncoveredFrom(owner, shown)))),
    (points[index].memory || []).filter((write) => scale.position(Number(write.first)) < 1)
        .map((write) => stripWrite(at(Number(write.first)),
            at(Number(write.first) + Number(write.bytes)))),
    scale.ticks.map((tick) => svg("text", { class: "tick", x: Math.min(at(Number(tick)) + 2,
        STRIP.width - 60), y: STRIP.height - 4 }, hex(tick))),
    scale.ticks.map((tick) => svg("line", { class: "tick", x1: at(Number(tick)),
        x2: at(Number(tick)), y1: STRIP.bar, y2: STRIP.height - 2 })));
}

// Where an owner's own memory begins behind the others that lie inside of it.
function uncoveredFrom(owner, list) {
    return list.filter((other) => other.first > owner.first && other.last < owner.last)
        .reduce((from, other) => Math.max(from, other.last + 1), owner.first);
}

function stripOwner(owner, x, end, textX) {
    const width = Math.max(end - x, 1.2), name = owner.name;
    const fits = Math.floor((end - textX - 8) / STRIP.letter);
    const text = name.length <= fits ? name : fits > 5 ? name.slice(0, fits - 1) + "…" : "";
    return svg("g", { class: "piece", onclick: () => go({ at: String(owner.number) }) },
        svg("title", null, `${name}: ${hex(owner.first)} to ${hex(owner.last)}`),
        svg("rect", { class: `family-${family(owner.id)}`, x, y: STRIP.bar, width,
            height: STRIP.barHeight, "data-current": String(owner.number) === place.at }),
        text && svg("text", { x: textX + 5, y: STRIP.bar + 24 }, text));
}

function stripWrite(x, end) {
    const middle = (x + end) / 2, y = STRIP.bar + STRIP.barHeight;
    return svg("g", { class: "write" },
        svg("rect", { x, y: y - 4, width: Math.max(end - x, 1.5), height: 4 }),
        svg("path", { d: `M${middle} ${y + 1}l4 7h-8z` }));
}
