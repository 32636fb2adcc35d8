// SPDX-License-Identifier: MIT
// Where the reader is: the point, the view and what is selected in it. The page's address says so
// too ("#point=12&view=code&at=..."), so that a moment can be linked and the back button works.
"use strict";

const place = { point: 0, view: "code", at: "" };
let lastMove = "";
const placeListeners = [];
const ADDRESS_MS = 150; // browsers stop listening to a page that moves 200 times in ten seconds
let addressTimer = 0;

// The place that differs from the present one in some parts. What is selected belongs to its view: a
// change to another view leaves it out, unless it says so itself.
function placeAfter(change) {
    const at = change.view && change.view !== place.view ? "" : place.at;
    return { ...place, at, ...change };
}

function linkTo(change) {
    const target = placeAfter(change);
    return `#point=${target.point}&view=${target.view}` +
        (target.at ? `&at=${encodeURIComponent(target.at)}` : "");
}

function link(change, ...text) {
    return el("a", { href: linkTo(change) }, text);
}

function pointLink(index) {
    const point = points[index];
    return link({ point: index }, `${index}: ${point.label || hex(point.address)}`);
}

function fileLink(file, line) {
    const folders = file.split("/"), name = folders.pop() + (line ? `:${line}` : "");
    return link({ view: "code", at: line ? `${file}:${line}` : file },
        folders.map((folder) => [`${folder}/`, el("wbr")]), name);
}

// Goes to a place. A run of single moves ("step") is one entry of the browser's history, so that
// the back button does not repeat each of them; its address follows a little later.
function go(change, how = "jump") {
    const target = linkTo(change);
    if (target === linkTo({}))
        return;
    if (how !== "step" || lastMove !== "step") {
        writeAddress();
        history.pushState(null, "", target);
    } else if (!addressTimer) {
        addressTimer = setTimeout(writeAddress, ADDRESS_MS);
    }
    lastMove = how;
    Object.assign(place, placeAfter(change));
    placeChanged();
}

function writeAddress() {
    clearTimeout(addressTimer);
    addressTimer = 0;
    if (location.hash !== linkTo({}))
        history.replaceState(null, "", linkTo({}));
}

function placeChanged() {
    placeListeners.forEach((listener) => listener());
}

// Reads the page's address and shows that place. Anything it does not understand, it ignores.
function takeAddress() {
    const words = new URLSearchParams(location.hash.slice(1));
    if (words.has("step"))
        place.point = pointOfStep(words.get("step"));
    if (words.has("point"))
        place.point = clampedPoint(words.get("point"));
    if (words.has("view") && viewOf(words.get("view")))
        place.view = words.get("view");
    if (words.has("point") || words.has("step") || words.has("view"))
        place.at = words.get("at") || "";
    placeChanged();
}

function clampedPoint(value) {
    const number = Math.trunc(Number(value)) || 0;
    return Math.max(0, Math.min(points.length - 1, number));
}

// The first point of a step, by its number, name or label; the present point when there is none.
function pointOfStep(text) {
    const wanted = text.toLowerCase();
    const step = steps.find((one) => [String(one.number), one.name, one.label]
        .some((word) => String(word).toLowerCase() === wanted));
    const found = step ? points.findIndex((point) => point.step === step.number) : -1;
    return found < 0 ? place.point : found;
}

function pointBy(distance) {
    return clampedPoint(place.point + distance);
}

// The first point of the step before or after. Going back from inside a step goes to its beginning.
function stepBy(direction) {
    const starts = stepRuns().map((run) => run.first);
    if (direction > 0)
        return starts.find((start) => start > place.point) ?? points.length - 1;
    return starts.findLast((start) => start < place.point) ?? 0;
}

window.addEventListener("hashchange", () => {
    clearTimeout(addressTimer);
    addressTimer = 0;
    lastMove = "jump";
    takeAddress();
});
