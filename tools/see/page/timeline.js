// SPDX-License-Identifier: MIT
// The timeline: every point from left to right, the ladder of modes from bottom to top, and the
// steps by name. Every step has room for its name; its points share that room.
"use strict";

const LADDER = { height: 160, top: 14, rung: 26, bottom: 108, line: 12, stepPixels: 58 };
const POINT_PIXELS = 1.5;
const ZOOM_MOST = 16;
let zoom = 1;
let pointX = [];

function rungY(mode) {
    return LADDER.top + (2 - modeOf(mode).rung) * LADDER.rung;
}

// Sets pointX, and tells the width of each run of points: [{run, x, width}].
function layOut(available) {
    const runs = stepRuns();
    const natural = runs.map((run) => Math.max(LADDER.stepPixels, run.count * POINT_PIXELS));
    const sum = natural.reduce((all, width) => all + width, 0);
    const scale = Math.max(1, (available - 1) / sum) * zoom;
    pointX = [];
    let x = 0;
    return runs.map((run, number) => {
        const width = natural[number] * scale, from = x;
        for (let at = 0; at < run.count; at++)
            pointX.push(from + width * (at + 0.5) / run.count);
        x += width;
        return { run, x: from, width };
    });
}

// The line of the ladder over points first..last, as an SVG path.
function ladderPath(first, last) {
    let path = "";
    for (let at = first; at <= last; at++) {
        const y = rungY(points[at].mode), x = pointX[at].toFixed(1);
        path += at === first ? `M${x} ${y}` : `H${x}V${y}`;
    }
    return path;
}

// Small marks under the ladder, one row each for three kinds of event.
const EVENT_ROWS = [["calls", 79], ["disk", 89], ["screen", 99]];

function eventPath(part, y, last) {
    return points.slice(1, last + 1).filter((point) => point[part] && point[part].length)
        .map((point) => `M${pointX[point.index].toFixed(1)} ${y}v6`).join("");
}

function stepName(piece) {
    const { run, x, width } = piece;
    const lines = (run.step ? run.step.name : `step ${run.number}`).split("_");
    const words = lines.length > 2 ? [lines[0], lines.slice(1).join(" ")] : lines;
    const text = svg("text", { y: LADDER.bottom + 14, "text-anchor": "middle" },
        [run.number, ...words].map((word, line) => svg("tspan", { x: x + width / 2,
            dy: line ? LADDER.line : 0 }, String(word))));
    const sentence = run.step ? run.step.sentence : "";
    return svg("a", { class: "step-name", href: linkTo({ point: run.first }),
        "data-first": run.first, "data-count": run.count,
        "aria-label": `Step ${run.number} ${words.join(" ")}: ${sentence}` },
    svg("rect", { x: x + 1, y: LADDER.bottom + 2, width: width - 2, height: 44, rx: 4 }), text);
}

// How far the timeline may show the boot: when predicting, not beyond the present point.
function lastShown() {
    return predicting() ? place.point : points.length - 1;
}

// The drawing grows with the page's letters.
function letterScale() {
    return parseFloat(getComputedStyle(document.documentElement).fontSize) / 16;
}

function drawTimeline() {
    const box = byId("ladder"), scale = letterScale();
    const pieces = layOut(box.clientWidth / scale);
    const last = pieces[pieces.length - 1];
    const width = last.x + last.width;
    const picture = svg("svg", { width: width * scale, height: LADDER.height * scale,
        viewBox: `0 0 ${width} ${LADDER.height}`,
        role: "group", "aria-label": "The ladder from real to protected to long mode" },
    pieces.map(({ x, width: wide }, number) => svg("rect", { x, y: 0, width: wide, height: LADDER.bottom,
        class: number % 2 ? "band odd" : "band" })),
    [0, 1, 2].map((rung) => svg("line", { class: "rung", x1: 0, x2: width,
        y1: LADDER.top + rung * LADDER.rung, y2: LADDER.top + rung * LADDER.rung })),
    svg("path", { class: "line" }), EVENT_ROWS.map(([part]) => svg("path", { class: `event ${part}` })),
    svg("line", { class: "cursor", y1: 0, y2: LADDER.bottom }), svg("circle", { class: "dot", r: 6 }),
    pieces.map(stepName));
    picture.addEventListener("click", goToClick);
    show(box, picture);
    markTimeline();
}

// A click beside the names goes to the nearest point.
function goToClick(event) {
    if (event.target.closest("a"))
        return;
    const left = byId("ladder").firstChild.getBoundingClientRect().left;
    const x = (event.clientX - left) / letterScale();
    const distance = (index) => Math.abs(pointX[index] - x);
    go({ point: points.reduce((best, _, at) => distance(at) < distance(best) ? at : best, 0) });
}

function markTimeline() {
    const box = byId("ladder"), picture = box.firstChild, x = pointX[place.point];
    const find = (selector) => picture.querySelector(selector);
    find(".line").setAttribute("d", ladderPath(0, lastShown()));
    for (const [part, y] of EVENT_ROWS)
        find(`.event.${part}`).setAttribute("d", eventPath(part, y, lastShown()));
    filled(find(".cursor"), { x1: x, x2: x }, []);
    filled(find(".dot"), { cx: x, cy: rungY(points[place.point].mode) }, []);
    for (const name of picture.querySelectorAll(".step-name")) {
        const first = Number(name.dataset.first);
        const current = place.point >= first && place.point < first + Number(name.dataset.count);
        name.setAttribute("href", linkTo({ point: first }));
        name.toggleAttribute("data-current", current);
        if (current)
            name.setAttribute("aria-current", "step");
        else
            name.removeAttribute("aria-current");
    }
    keepInSight(box, x * letterScale());
}

function keepInSight(box, x) {
    const margin = Math.min(80, box.clientWidth / 4);
    if (x < box.scrollLeft + margin || x > box.scrollLeft + box.clientWidth - margin)
        box.scrollLeft = x - box.clientWidth / 2;
}

function zoomBy(factor) {
    zoom = Math.max(1, Math.min(ZOOM_MOST, zoom * factor));
    drawTimeline();
    byId("ladder").scrollLeft = pointX[place.point] * letterScale() - byId("ladder").clientWidth / 2;
    announce(zoom === 1 ? "Timeline: all of it" : `Timeline: ${zoom} times as wide`);
}

// The line of buttons below the timeline: the slider and the words beside it.
function markTransport() {
    const point = points[place.point], step = stepOf(point);
    const words = `Point ${place.point} of ${points.length - 1}`;
    const where = `step ${point.step}${step ? " " + step.name : ""}`;
    byId("slider").value = place.point;
    byId("slider").setAttribute("aria-valuetext", `${words}, ${where}, ${point.label}`);
    byId("where").textContent = `${place.point} / ${points.length - 1}`;
}
