// SPDX-License-Identifier: MIT
// Source beside disassembly. The line being executed is marked in both; a line number with a
// recorded point is a link to it.
"use strict";

let shownFile = null;

function drawCode(body) {
    const point = points[place.point];
    const [file, line] = fileToShow(point);
    const pane = body.querySelector(".source-pane");
    if (!pane || shownFile !== file) {
        show(body, el("div", { class: "code-panes" }, sourcePart(file),
            el("div", { class: "assembly-part" })));
        shownFile = file;
    }
    markSource(body, file, line, point);
    show(body.querySelector(".assembly-part"), assemblyPart(point));
}

// The file and line asked for ("at=stage2/mode.asm:105"), or where the CPU is.
function fileToShow(point) {
    const asked = /^(.+?)(?::(\d+))?$/.exec(place.at);
    if (asked && sources[asked[1]])
        return [asked[1], Number(asked[2] || 1)];
    return [point.file, point.line];
}

function sourcePart(file) {
    const pick = el("select", { id: "file", onchange: (event) => go({ at: event.target.value }) },
        Object.keys(sources).sort().map((name) => el("option", { selected: name === file }, name)));
    if (!sources[file])
        pick.prepend(el("option", { selected: true, value: "" }, "no source known here"));
    return el("div", { class: "source-part" },
        el("p", { class: "pane-head" }, el("label", { for: "file" }, "Source"), " ", pick, " ",
            el("a", { class: "back-to-cpu", href: "#", hidden: true }, "back to the CPU")),
        scrollBox("Source", sources[file] ? sourceLines(file) :
            note("No source is known for this address.")));
}

function sourceLines(file) {
    const visited = new Map();
    points.forEach((point, index) => {
        if (point.file === file && !visited.has(point.line))
            visited.set(point.line, index);
    });
    let inComment = false;
    const lines = sources[file].map((text, at) => {
        const [pieces, still] = commentPieces(text, inComment, file);
        inComment = still;
        const number = at + 1, point = visited.get(number);
        return el("span", { class: "line", "data-line": number },
            point === undefined ? el("span", { class: "number" }, number) :
                el("a", { class: "number", href: linkTo({ point, view: "code", at: "" }),
                    "aria-label": `Line ${number}: go to point ${point}` }, number),
            el("span", { class: "text" }, pieces), "\n");
    });
    return el("pre", { class: "source-pane" }, lines);
}

// A line cut into code and comment: [pieces, whether a comment goes on in the next line].
function commentPieces(text, inComment, file) {
    const remark = (words) => el("i", null, words);
    if (inComment) {
        const end = text.indexOf("*/");
        return end < 0 ? [[remark(text)], true] :
            [[remark(text.slice(0, end + 2)), text.slice(end + 2)], false];
    }
    const start = /\.(asm|inc)$/.test(file) ? text.indexOf(";") : text.search(/\/\/|\/\*/);
    if (start < 0)
        return [[text], false];
    const opens = text.startsWith("/*", start) && text.indexOf("*/", start) < 0;
    return [[text.slice(0, start), remark(text.slice(start))], opens];
}

function markSource(body, file, line, point) {
    for (const old of body.querySelectorAll(".line.current, .line.asked")) {
        old.classList.remove("current", "asked");
        old.removeAttribute("aria-current");
    }
    const here = point.file === file && body.querySelector(`[data-line="${point.line}"]`);
    if (here) {
        here.classList.add("current");
        here.setAttribute("aria-current", "location");
    }
    const wanted = body.querySelector(`[data-line="${line}"]`);
    if (wanted && wanted !== here)
        wanted.classList.add("asked");
    filled(body.querySelector(".back-to-cpu"), { href: linkTo({ at: "" }) }, []).hidden = !place.at;
    body.querySelector("#file").value = sources[file] ? file : "";
    if (wanted)
        centre(body.querySelector(".source-part .scroll"), wanted);
}

// Scrolls a box, and nothing around it, so that a line in it is in sight.
function centre(box, line) {
    const offset = line.getBoundingClientRect().top - box.getBoundingClientRect().top;
    if (offset < 40 || offset > box.clientHeight - 60)
        box.scrollTop += offset - box.clientHeight / 3;
}

function assemblyPart(point) {
    const rows = (point.code || []).map(([address, bytes, text]) => {
        const here = BigInt(address) === BigInt(point.address);
        return el("tr", { class: here && "current", "aria-current": here && "location" },
            el("td", { class: "value" }, here && unseen("next: "), hex(address)),
            el("td", { class: "bytes" }, bytes.replace(/../g, "$& ").trim()),
            el("td", { class: "value text" }, text));
    });
    return [el("p", { class: "pane-head" }, el("b", null, "Instructions"),
        `${modeOf(point.mode).bits}-bit; the marked one is next`),
    rows.length ? table("Instructions", ["Address", "Bytes", "Instruction"], rows,
        { class: "assembly" }) : note("No instructions were recorded here.")];
}
