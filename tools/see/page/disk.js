// SPDX-License-Identifier: MIT
// The disk: who has read which sectors up to this point, area by area, and every read in order.
"use strict";

const DISK_BAR = { width: 600, height: 22 };

// Every read up to a point, with the point it happened before.
function readsUpTo(index) {
    return points.slice(0, index + 1).flatMap((point) =>
        (point.disk || []).map((read) => ({ ...read, point: point.index, step: point.step })));
}

// Which program reads, told by the file of the code that asked.
function readerOf(read) {
    const file = (read.who || {}).file || "";
    return /^stage1\//.test(file) ? "stage 1" : /^stage2\//.test(file) ? "stage 2" :
        file ? "kernel" : "unknown code";
}

function drawDisk(body) {
    const index = place.point, reads = readsUpTo(index);
    const now = reads.filter((read) => read.point === index);
    show(body,
        note(now.length ? `Since the point before: ${counted(addUp(now, "count"), "sector")} read. ` :
            "Nothing was read since the point before. ",
        `Up to here: ${counted(addUp(reads, "count"), "sector")} in ${counted(reads.length, "read")}, `,
        `of ${decimal((recording.disk || {}).sectors || 0)} on the disk.`),
        diskLegend(),
        areas.length ? areaTable(reads, index) : note("No areas of the disk are known."),
        heading("Reads so far"), readTable(reads.toReversed(), index));
}

function diskLegend() {
    return el("ul", { class: "legend" }, ["stage 1", "stage 2", "kernel"].map((reader) =>
        el("li", null, el("span", { class: `swatch reader-${readerClass(reader)}`,
            "aria-hidden": "true" }), reader)),
    el("li", null, "raised: since the point before"));
}

function readerClass(reader) {
    return reader.replace(/\W/g, "");
}

function areaTable(reads, index) {
    return table("The disk by area", ["Area", "Sectors", "Read up to here", "By"],
        areas.map((area) => {
            const inside = reads.filter((read) => read.lba <= area.last &&
                read.lba + read.count - 1 >= area.first);
            const now = inside.some((read) => read.point === index);
            return el("tr", { class: now && "changed", "data-area": area.id },
                el("th", { scope: "row" }, area.name),
                el("td", { class: "value" }, area.first === area.last ? decimal(area.first) :
                    `${decimal(area.first)} to ${decimal(area.last)}`),
                el("td", { class: "picture" }, areaBar(area, inside, index),
                    el("span", null, areaText(area, inside))),
                el("td", null, readersText(area, inside)));
        }), { class: "cards areas" });
}

// "stage 2 in step 10, 11", one reader after the other. The boot sector was read before the first point.
function readersText(area, reads) {
    const readers = [...new Set(reads.map(readerOf))];
    return readers.map((reader) => `${reader} in step ` +
        named(reads.filter((read) => readerOf(read) === reader), (read) => read.step)).join("; ") ||
        (area.first === 0 ? "the BIOS, before the first point" : "nobody");
}

// "78 of 78 sectors": each sector counted once, however often it was read.
function areaText(area, reads) {
    const seen = new Set();
    for (const read of reads) {
        for (let lba = Math.max(read.lba, area.first); lba < read.lba + read.count &&
            lba <= area.last; lba++)
            seen.add(lba);
    }
    return `${decimal(seen.size)} of ${decimal(area.last - area.first + 1)}`;
}

function areaBar(area, reads, index) {
    const sectors = area.last - area.first + 1, unit = DISK_BAR.width / sectors;
    const piece = (read) => {
        const first = Math.max(read.lba, area.first), now = read.point === index;
        const last = Math.min(read.lba + read.count - 1, area.last);
        return svg("rect", { class: `reader-${readerClass(readerOf(read))}${now ? " now" : ""}`,
            x: (first - area.first) * unit, width: Math.max((last - first + 1) * unit, 2),
            y: now ? 0 : 7, height: DISK_BAR.height - (now ? 0 : 7) });
    };
    return svg("svg", { viewBox: `0 0 ${DISK_BAR.width} ${DISK_BAR.height}`, role: "img",
        preserveAspectRatio: "none", "aria-label": `${area.name}: ${areaText(area, reads)} read` },
    svg("rect", { class: "nobody", x: 0, y: 7, width: DISK_BAR.width, height: DISK_BAR.height - 7 }),
    reads.map(piece));
}

function readTable(reads, index) {
    if (!reads.length)
        return note("No read yet: the BIOS has read the boot sector by itself.");
    return table("Reads so far, the latest first",
        ["Point", "Sectors", "Area", "To address", "Who asked", "Status"], reads.map((read) => {
            const who = read.who || {};
            return el("tr", { class: read.point === index && "changed", "data-lba": read.lba },
                el("td", null, read.point === index && unseen("now: "), pointLink(read.point)),
                el("td", { class: "value" }, read.count === 1 ? decimal(read.lba) :
                    `${decimal(read.lba)} to ${decimal(read.lba + read.count - 1)}`),
                el("td", null, areaName(read.area)),
                el("td", { class: "value" }, read.address ? hex(read.address) : "unknown"),
                el("td", null, code(who.function || "unknown"), " ",
                    who.file ? fileLink(who.file, who.line) : "",
                    who.chain ? el("small", null, ` through ${who.chain.join(" ← ")}`) : null),
                el("td", null, read.status ? hex(read.status) : "good"));
        }), { class: "cards reads" });
}
