// SPDX-License-Identifier: MIT
// Search over everything the recording names: steps, labels, files and their text, addresses, ports,
// BIOS calls, the screen's and the serial line's words. A result is a link to a moment.
"use strict";

const RESULTS_MOST = 40;
const SHORTEST_TEXT = 2;
const GROUP_MOST = 10;

// Every group: title, and what finds links in it: (lower-case text) -> [[link change, text]].
const SEARCHES = [
    ["Addresses", findAddresses],
    ["Steps", (text) => stepRuns().filter((run) => run.step &&
        `${run.number} ${run.step.name} ${run.step.label} ${run.step.sentence}`.toLowerCase()
            .includes(text)).map((run) => [{ point: run.first },
        `${run.number} ${run.step.name}: ${run.step.sentence}`])],
    ["Labels and functions", (text) => points.filter((point) =>
        (point.label || "").toLowerCase().includes(text))
        .map((point) => [{ point: point.index }, `point ${point.index}: ${point.label}`])],
    ["Files", (text) => Object.keys(sources).filter((name) => name.toLowerCase().includes(text))
        .map((name) => [{ view: "code", at: name }, name])],
    ["BIOS calls", (text) => points.flatMap((point) => (point.calls || [])
        .filter((call) => callName(call).toLowerCase().includes(text))
        .map((call) => [{ point: point.index, view: "traffic" },
            `point ${point.index}: ${callName(call)}`]))],
    ["Ports", findPorts],
    ["Memory", (text) => owners.map((owner, number) => [owner, number])
        .filter(([owner]) => owner.name.toLowerCase().includes(text))
        .map(([owner, number]) => [{ view: "memory", at: String(number),
            point: Math.max(place.point, owner.from_point || 0) }, owner.name])],
    ["Disk", (text) => points.flatMap((point) => (point.disk || [])
        .filter((read) => areaName(read.area).toLowerCase().includes(text))
        .map((read) => [{ point: point.index, view: "disk" },
            `point ${point.index}: sector ${read.lba} of ${areaName(read.area)}`]))],
    ["Screen and serial line", findWords],
    ["Source", findSource],
];

function findAddresses(text) {
    const address = /\d/.test(text) || /^0x|h$/.test(text) ? parseHex(text) : null;
    if (address === null)
        return [];
    const found = points.filter((point) => BigInt(point.address) === address)
        .map((point) => [{ point: point.index, view: "code" },
            `point ${point.index} is at ${hex(address)}: ${point.label}`]);
    const physical = translate(place.point, address);
    const owner = physical === null ? null : ownerAt(physical, place.point);
    if (owner)
        found.push([{ view: "memory", at: String(owners.indexOf(owner)) },
            `${hex(address)} lies in: ${owner.name}`]);
    const writer = physical === null ? null : points.find((point) => (point.memory || [])
        .some((write) => BigInt(write.first) <= physical &&
            physical < BigInt(write.first) + BigInt(write.bytes)));
    if (writer)
        found.push([{ point: writer.index, view: "memory" },
            `${hex(physical)} is first written by point ${writer.index}: ${writer.label}`]);
    found.push([{ view: "paging", at: hex(address) }, `walk the page tables for ${hex(address)}`]);
    return found;
}

function findPorts(text) {
    const asked = parseHex(text.replace(/^port /, ""));
    return points.flatMap((point) => {
        const hits = (point.io || []).filter((one) => asked === BigInt(one.port) ||
            portName(one.port).toLowerCase().includes(text));
        return hits.length ? [[{ point: point.index, view: "traffic" }, `point ${point.index}: ` +
            named(hits, (one) => `${one.dir} ${hex(one.port)} ${portName(one.port)}`)]] : [];
    });
}

// Words on the screen or the serial line, at the point where they first appear.
function findWords(text) {
    const found = [], seen = new Set();
    for (const point of points) {
        const lines = [...(point.screen || []), ...(point.serial || "").split("\n")];
        for (const line of lines.map((one) => one.trim())) {
            if (line.toLowerCase().includes(text) && !seen.has(line)) {
                seen.add(line);
                found.push([{ point: point.index, view: "screen" }, `point ${point.index}: ${line}`]);
            }
        }
    }
    return found;
}

function findSource(text) {
    const found = [];
    for (const [file, lines] of Object.entries(sources)) {
        lines.forEach((line, at) => {
            if (found.length < RESULTS_MOST && line.toLowerCase().includes(text))
                found.push([{ view: "code", at: `${file}:${at + 1}` },
                    `${file}:${at + 1}: ${line.trim()}`]);
        });
    }
    return found;
}

// [[title, [[change, text]], how many there are]] for what was typed.
function searchFor(typed) {
    const text = typed.trim().toLowerCase();
    if (text.length < SHORTEST_TEXT)
        return [];
    return SEARCHES.map(([title, find]) => {
        const found = find(text);
        return [title, found.slice(0, GROUP_MOST), found.length];
    }).filter(([, found]) => found.length);
}

function showResults() {
    const groups = searchFor(byId("search").value), box = byId("results");
    const total = groups.reduce((sum, [, , many]) => sum + many, 0);
    const typed = byId("search").value.trim().length >= SHORTEST_TEXT;
    box.hidden = !typed;
    show(box, el("p", { role: "status", class: "note" },
        total ? counted(total, "result") : "Nothing of that name in this recording."),
    groups.map(([title, found, many]) => el("div", null,
        el("h2", { class: "group" }, title, many > found.length ? ` (${found.length} of ${many})` : ""),
        el("ul", null, found.map(([change, text]) =>
            el("li", null, el("a", { href: linkTo(change), onclick: closeResults }, text)))))));
}

function closeResults() {
    byId("results").hidden = true;
}

function setUpSearch() {
    let waiting = 0;
    byId("search").addEventListener("input", () => {
        clearTimeout(waiting);
        waiting = setTimeout(showResults, 80);
    });
    byId("search").addEventListener("focus", showResults);
    const box = byId("search").closest("search");
    box.addEventListener("keydown", (event) => {
        if (event.key === "Escape") {
            closeResults();
            byId("search").focus();
            closeResults();
        } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
            moveAmongResults(event);
        } else if (event.key === "Enter" && event.target.id === "search") {
            clearTimeout(waiting);
            showResults();
            const first = byId("results").querySelector("a");
            if (first)
                first.click();
        }
    });
    document.addEventListener("pointerdown", (event) => {
        if (!box.contains(event.target))
            closeResults();
    });
    box.addEventListener("focusout", (event) => {
        if (event.relatedTarget && !box.contains(event.relatedTarget))
            closeResults();
    });
}

function moveAmongResults(event) {
    const links = [byId("search"), ...byId("results").querySelectorAll("a")];
    const next = links.indexOf(event.target) + (event.key === "ArrowDown" ? 1 : -1);
    if (links[next]) {
        event.preventDefault();
        links[next].focus();
    }
}
