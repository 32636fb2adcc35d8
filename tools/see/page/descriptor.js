// SPDX-License-Identifier: MIT
// One descriptor's eight bytes as a picture: 64 bits in two rows, as the manual draws them, and the
// scattered pieces of base and limit put together below.
// Spec: Intel SDM, volume 3A, section 3.4.5.
"use strict";

// First and last bit, short name, which value it belongs to, meaning.
const DESCRIPTOR_FIELDS = [
    [56, 63, "base 31:24", "base"], [55, 55, "G", "flag", "limit counts 4 KiB"],
    [54, 54, "D", "flag", "32-bit code or stack"], [53, 53, "L", "flag", "64-bit code"],
    [52, 52, "AVL", "flag", "free for software"], [48, 51, "limit 19:16", "limit"],
    [47, 47, "P", "flag", "present"], [45, 46, "DPL", "flag", "privilege level"],
    [44, 44, "S", "flag", "code or data, not a system's"], [40, 43, "type", "type"],
    [32, 39, "base 23:16", "base"], [16, 31, "base 15:0", "base"], [0, 15, "limit 15:0", "limit"]];
const CELL = { width: 24, height: 26, row: 78, top: 20 };

function fieldValue(raw, [first, last]) {
    return BigInt(raw) >> BigInt(first) & (1n << BigInt(last - first + 1)) - 1n;
}

// The 64 bits that the picture shows: a long-mode TSS has 64 more, which only extend its base.
function lowHalf(entry) {
    return BigInt(entry.raw) & 0xffffffffffffffffn;
}

function descriptorPicture(entry) {
    const raw = lowHalf(entry);
    return el("section", { class: "details descriptor", "aria-label": "The descriptor's bits" },
        heading(`Selector ${hex(entry.index * 8)}: ${entry.text}`),
        el("div", { class: "wide-picture", tabindex: "0", role: "region",
            "aria-label": "Picture of the descriptor" },
        svg("svg", { viewBox: `0 0 ${CELL.width * 32} ${CELL.row * 2}`, role: "img",
            "aria-label": `64 bits of ${plainHex(raw, 16)}; the list below says the same` },
        DESCRIPTOR_FIELDS.map((field) => fieldPicture(raw, field)))),
        descriptorFacts(entry, raw));
}

// Where a bit stands: the upper half above, bit 31 of each half at the left.
function bitPlace(position) {
    return { x: (31 - position % 32) * CELL.width, y: CELL.top + (position < 32 ? CELL.row : 0) };
}

function fieldPicture(raw, field) {
    const [first, last, name, kind] = field;
    const { x, y } = bitPlace(last), width = (last - first + 1) * CELL.width;
    const value = fieldValue(raw, field);
    const digits = value.toString(2).padStart(last - first + 1, "0");
    const narrow = last - first < 2;
    return svg("g", { class: `field ${kind}` },
        svg("rect", { x: x + 1, y, width: width - 2, height: CELL.height, rx: 3 }),
        [...digits].map((digit, at) => svg("text", { class: "digit", y: y + 18,
            x: x + (at + 0.5) * CELL.width, "text-anchor": "middle" }, digit)),
        svg("text", { class: "edge", x: x + 3, y: y - 5 }, String(last)),
        last !== first && svg("text", { class: "edge", x: x + width - 3, y: y - 5,
            "text-anchor": "end" }, String(first)),
        svg("text", { class: "name", x: x + width / 2, y: y + CELL.height + 16,
            "text-anchor": "middle" }, narrow ? name :
            `${name} = ${hex(value)}`));
}

function descriptorFacts(entry, raw) {
    const get = (name) => fieldValue(raw, DESCRIPTOR_FIELDS.find((field) => field[2] === name));
    const base = [["base 31:24", 2], ["base 23:16", 2], ["base 15:0", 4]];
    const limit = get("limit 19:16") << 16n | get("limit 15:0");
    const flags = DESCRIPTOR_FIELDS.filter(([, , , kind]) => kind === "flag").map((field) =>
        `${field[2]} ${fieldValue(raw, field)}: ${field[4]}${field[0] === field[1] &&
            fieldValue(raw, field) === 0n ? " (no)" : ""}`);
    return facts([
        ["Base", el("span", null, code(base.map(([name, digits]) =>
            plainHex(get(name), digits)).join(" ") + "h"), ` put together: ${hex(entry.base)}`)],
        ["Limit", get("G") ? `${hex(limit)} pages of 4 KiB: the last byte is ${hex(entry.limit)}` :
            `the last byte is ${hex(entry.limit)}`],
        ["Type", `${hex(get("type"))}: ${entry.kind}`],
        ["Flags", el("ul", { class: "columns" }, flags.map((text) => el("li", null, text)))]]);
}
