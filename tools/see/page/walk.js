// SPDX-License-Identifier: MIT
// The page walk as a picture: the address cut into indices, each table's entry, and where it leads
// or fails. Then all that is mapped, and the tables themselves.
"use strict";

function drawPaging(body) {
    const index = place.point, kind = pagingKind(index);
    const asked = parseHex(place.at), address = asked === null ? linearOf(index) : asked;
    show(body, walkForm(address, index),
        el("div", { id: "walk", role: "region", "aria-live": "polite", "aria-label": "The walk" },
            place.at && asked === null ? note(`"${place.at}" is not a hexadecimal address.`) :
                kind ? walkPicture(kind, address, index) : noPaging(index, address)),
        heading("What is mapped"), mappingTable(index), heading("Tables in memory"),
        tableList(index));
}

// The linear address of the next instruction.
function linearOf(index) {
    const base = points[index].mode === "long" ? 0n :
        BigInt((states[index].segments.cs || {}).base || 0);
    return base + register(index, "rip");
}

function walkForm(address, index) {
    const field = el("input", { id: "walk-address", value: place.at || hex(address), size: 22,
        autocomplete: "off", spellcheck: "false" });
    const samples = [["the next instruction", linearOf(index)], ["the stack", register(index, "rsp")],
        ["the GDT", register(index, "gdtr_base")], ["the screen", 0xb8000n],
        ["the first byte", 0n], ["a non-canonical one", 0x0000800000000000n]];
    return el("form", { class: "walk-form", onsubmit: (event) => {
        event.preventDefault();
        go({ at: field.value.trim() });
    } }, el("label", { for: "walk-address" }, "Address "), field, el("button", null, "Walk"),
    el("ul", { class: "legend" }, samples.map(([name, value]) => el("li", null,
        link({ at: hex(value) }, name)))));
}

function noPaging(index, address) {
    const cs = states[index].segments.cs || { selector: 0, base: "0x0" };
    const ip = register(index, "rip");
    return [note("Paging is off here: CR0.PG is 0. A linear address is the physical one."),
        points[index].mode === "real" ? el("p", { class: "sum" }, "CS times 16 plus IP: ",
            code(`${hex(cs.selector)} × 10h + ${hex(ip)} = ${hex(linearOf(index))}`)) : null,
        el("p", { class: "result", id: "walk-result" }, `${hex(address)} is physical ${hex(address)}`)];
}

function walkPicture(kind, address, index) {
    const levels = walkAddress(index, address), last = levels[levels.length - 1];
    return [addressPicture(kind, address, levels),
        el("ol", { class: "walk" }, levels.map((level) => levelCard(kind, level))),
        last.pageBytes ? walkSuccess(last, address, index) :
            el("p", { class: "result fault", id: "walk-result" },
                `Fails at ${last.name}: ${last.why}. `,
                last.name === "address" ? "The CPU raises a general protection exception." :
                    "The CPU raises a page fault, with the address in CR2.")];
}

function walkSuccess(last, address, index) {
    const physical = last.next + address % last.pageBytes, owner = ownerAt(physical, index);
    return el("p", { class: "result", id: "walk-result" },
        `${hex(address)} is physical ${hex(physical)}`,
        el("span", null, `, in a page of ${sizeText(last.pageBytes)}`,
            owner ? [", owned by: ", owner.name] : ""));
}

// The address as boxes: sign, one index per level, the offset in the page.
function addressPicture(kind, address, levels) {
    const bits = pagingBits(kind), last = levels[levels.length - 1];
    const lowest = last.pageBytes ? BigInt(last.pageBytes.toString(2).length - 1) : 12n;
    const upper = address >> BigInt(bits);
    const boxes = kind.entryBytes === 8 && kind !== PAGING_PAE ? [["sign",
        `bits 63 to ${bits}`, plainHex(upper, 4)]] : [];
    for (const [name, shift, width] of kind.levels) {
        if (BigInt(shift) >= lowest)
            boxes.push([name, `bits ${shift + width - 1} to ${shift}`,
                String(address >> BigInt(shift) & (1n << BigInt(width)) - 1n)]);
    }
    boxes.push(["offset", `bits ${lowest - 1n} to 0`, hex(address & (1n << lowest) - 1n)]);
    return el("ul", { class: "address-boxes", "aria-label": `${hex(address)} cut into its fields` },
        boxes.map(([name, where, value]) => el("li", { class: `box-${name}` }, el("b", null, name),
            el("span", { class: "number" }, value), el("small", null, where))));
}

function levelCard(kind, level) {
    if (level.name === "address")
        return el("li", { class: "fault" }, el("b", null, "The address itself"), el("p", null, level.why));
    const entryPlace = level.table + BigInt(level.index * kind.entryBytes);
    const height = 60, entries = kind.name === "32-bit" ? 1024 : 512;
    return el("li", { class: level.why ? "fault" : "", "data-level": level.name },
        svg("svg", { viewBox: `0 0 20 ${height}`, class: "mini", "aria-hidden": "true" },
            svg("rect", { x: 1, y: 1, width: 18, height: height - 2 }),
            svg("rect", { class: "here", x: 1, width: 18, height: 3,
                y: 1 + (height - 5) * level.index / entries })),
        el("div", null, el("b", null, level.name), " at ", code(hex(level.table)),
            el("p", null, `entry ${level.index}, at `, code(hex(entryPlace)), ": ",
                code(plainHex(level.entry, kind.entryBytes * 2))),
            el("p", null, "flags ", code(entryFlags(level.entry)), " ",
                level.why ? el("b", null, level.why) :
                    [level.pageBytes ? `→ page of ${sizeText(level.pageBytes)} at ` : "→ table at ",
                        code(hex(level.next))])));
}

function mappingTable(index) {
    const mappings = pagingKind(index) ? states[index].mappings || [] : [];
    if (!mappings.length)
        return note(pagingKind(index) ? "No mappings were recorded." :
            "Paging is off, so nothing is mapped: all memory is as it is.");
    return table("Mappings", ["From", "To", "Physical", "Size", "Pages of", "Rights"],
        mappings.map((run) => el("tr", { "data-virt": run.virt_first },
            el("th", { scope: "row" }, link({ at: run.virt_first }, hex(run.virt_first))),
            el("td", { class: "value" }, hex(run.virt_last)),
            el("td", { class: "value" }, hex(run.phys)),
            el("td", { class: "value" },
                sizeText(BigInt(run.virt_last) - BigInt(run.virt_first) + 1n)),
            el("td", null, sizeText(run.page)), el("td", { class: "value" }, run.flags))),
        { class: "cards mappings" });
}

function tableList(index) {
    const changed = new Set(((points[index].paging || {}).tables || []).map((one) => one.phys));
    const list = [...tablesAt(index).values()];
    if (!list.length)
        return note("No page table has been recorded yet.");
    return table("Tables in memory", ["Table", "Level", "Entries", "Changed"],
        list.map((one) => el("tr", { class: changed.has(one.phys) && "changed", "data-table": one.phys },
            el("th", { scope: "row" }, hex(one.phys)), el("td", null, one.level),
            el("td", null, one.runs.map(runText).join("; ")),
            el("td", null, changed.has(one.phys) && el("span", { class: "was" }, "● now")))),
        { class: "cards" });
}

function runText([first, count, entry, step]) {
    return count === 1 ? `${first}: ${hex(entry)}` :
        `${first} to ${first + count - 1}: ${hex(entry)} and on by ${hex(step)}`;
}
