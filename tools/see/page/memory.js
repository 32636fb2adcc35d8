// SPDX-License-Identifier: MIT
// Memory by owner: the map as a list from low to high addresses, what was written since the point
// before as bytes, and the details of one region.
"use strict";

const FAMILIES = [[/^(vectors|bios|firmware|video)/, "bios"], [/stack/, "stack"],
    [/tables|gdt|idt/, "tables"], [/^kernel/, "kernel"], [/^(stage1|entry)/, "stage1"],
    [/^(disk|fat|scratch|exchange|answers)/, "buffers"], [/^(boot-info|handoff)/, "handoff"],
    [/^loader-memory/, "loader"]];

// The colour family of an owner; its name stands beside the colour everywhere.
function family(id) {
    const found = FAMILIES.find(([pattern]) => pattern.test(id || ""));
    return found ? found[1] : "stage2";
}

function swatch(id) {
    return el("span", { class: `swatch family-${family(id)}`, "aria-hidden": "true" });
}

// The owners there are at a point, from low to high addresses; number: the place in `owners`.
function ownersAt(index) {
    return owners.map((owner, number) => ({ ...owner, number }))
        .filter((owner) => (owner.from_point || 0) <= index)
        .sort((one, other) => one.first - other.first || one.last - other.last);
}

function writesInto(owner, index) {
    return (points[index].memory || []).filter((write) => {
        const found = ownerAt(write.first, index);
        return found && found.first === owner.first && found.last === owner.last;
    });
}

function drawMemory(body) {
    const index = place.point, list = ownersAt(index);
    const selected = list.find((owner) => String(owner.number) === place.at);
    show(body, memoryStrip(list, index), selected ? regionDetails(selected, index) : "",
        heading("Who owns what"), ownerTable(list, index), heading("Written since the point before"),
        writtenPart(points[index].memory || []));
}

function ownerTable(list, index) {
    return table("Memory by owner", ["Owner", "First", "Last", "Size", "Written since"],
        list.map((owner) => {
            const bytes = addUp(writesInto(owner, index), "bytes");
            const current = String(owner.number) === place.at;
            return el("tr", { class: bytes ? "changed" : "", "data-owner": owner.number },
                el("th", { scope: "row" }, swatch(owner.id), el("a", {
                    href: linkTo({ at: String(owner.number) }), "aria-current": current && "true" },
                owner.name)),
                el("td", { class: "value" }, hex(owner.first)),
                el("td", { class: "value" }, hex(owner.last)),
                el("td", { class: "value" }, sizeText(owner.last - owner.first + 1)),
                el("td", null, bytes ? el("span", { class: "was" }, "● ", counted(bytes, "byte")) :
                    ""));
        }), { class: "cards owners" });
}

function regionDetails(owner, index) {
    const writers = points.filter((point, at) => at <= lastShown() &&
        (owner.from_point || 0) <= at && writesInto(owner, at).length);
    return el("section", { class: "details", "aria-label": owner.name },
        heading(owner.name),
        facts([["Addresses", `${hex(owner.first)} to ${hex(owner.last)}`],
            ["Size", sizeText(owner.last - owner.first + 1)],
            ["Known from", pointLink(owner.from_point || 0)],
            ["Written", counted(writers.length, "point") + " in this recording"]]),
        writers.length ? el("details", null, el("summary", null, "Points that write here"),
            el("ul", { class: "columns" }, writers.map((point) => el("li", null,
                pointLink(point.index), ` (${counted(addUp(writesInto(owner, point.index), "bytes"),
                    "byte")})`)))) : null,
        el("p", null, link({ at: "" }, "Close")));
}

function writtenPart(memory) {
    if (!memory.length)
        return note("Nothing was written.");
    return el("div", { class: "writes" }, memory.map((write) => el("figure", {
        "data-first": write.first },
    el("figcaption", null, swatch(write.owner), el("b", null, hex(write.first)), " ",
        `${ownerName(write.owner)}, ${counted(write.bytes, "byte")}`,
        write.data.length / 2 < write.bytes ? `, the first ${write.data.length / 2} shown` : ""),
    hexDump(BigInt(write.first), write.data))));
}

const NARROW = window.matchMedia("(max-width: 640px)");

// Bytes as people read them: address, numbers, letters.
function hexDump(first, digits) {
    const bytes = bytesOf(digits), width = NARROW.matches ? 8 : 16, lines = [];
    for (let at = 0; at < bytes.length; at += width) {
        const row = bytes.slice(at, at + width);
        const numbers = row.map((byte) => plainHex(byte, 2)).join(" ").padEnd(width * 3 - 1);
        const letters = row.map((byte) => byte >= 0x20 && byte < 0x7f ?
            String.fromCharCode(byte) : "·").join("");
        lines.push(`${plainHex(first + BigInt(at), 8)}  ${numbers}  ${letters}`);
    }
    return el("pre", { class: "dump" }, lines.join("\n"));
}
