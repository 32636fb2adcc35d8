// SPDX-License-Identifier: MIT
// The page as a whole: its views, and drawing them anew when the place changes.
"use strict";

const VIEWS = [
    { id: "code", name: "Code", draw: drawCode },
    { id: "registers", name: "Registers", draw: drawRegisters },
    { id: "memory", name: "Memory", draw: drawMemory },
    { id: "disk", name: "Disk", draw: drawDisk },
    { id: "tables", name: "GDT, IDT", draw: drawTables },
    { id: "paging", name: "Page walk", draw: drawPaging },
    { id: "traffic", name: "BIOS, ports", draw: drawTraffic },
    { id: "screen", name: "Screen", draw: drawScreen },
];
const WIDE = window.matchMedia("(min-width: 1600px)");
let drawnView = "";
let announced = "";

function viewOf(id) {
    return VIEWS.find((view) => view.id === id) || null;
}

// On a wide window the registers have a column of their own, and the middle shows the code instead.
function sideIsShown() {
    return WIDE.matches && !bigText();
}

function middleView() {
    return viewOf(sideIsShown() && place.view === "registers" ? "code" : place.view);
}

function drawViews() {
    const view = middleView();
    show(byId("views"), VIEWS.map((one) => el("a", {
        href: linkTo({ view: one.id, at: one.id === place.view ? place.at : "" }),
        "aria-current": one === view && "true", "data-view": one.id }, one.name)));
    byId("view-title").textContent = view.name;
    byId("view").dataset.view = view.id;
    if (drawnView !== view.id)
        show(byId("view-body"));
    drawnView = view.id;
    view.draw(byId("view-body"));
    byId("side").hidden = !sideIsShown();
    if (sideIsShown())
        drawRegisters(byId("side-body"));
}

function announce(text) {
    byId("announcer").textContent = text;
}

// Says where we are, once for each point; while playing, once for each step.
function announcePlace() {
    const point = points[place.point], step = stepOf(point);
    const name = `step ${point.step}${step ? " " + step.name.replaceAll("_", " ") : ""}`;
    const text = player ? name : `Point ${place.point}, ${name}, ${modeOf(point.mode).name}, ` +
        `${point.label}`;
    if (text !== announced)
        announce(text);
    announced = text;
}

function draw() {
    markTimeline();
    markTransport();
    drawNow();
    drawPredict();
    drawViews();
    announcePlace();
    document.title = `${place.point}: ${points[place.point].label} · the boot of ` +
        `${(recording.image || {}).name}`;
}

function drawColophon() {
    const { image = {}, machine = {} } = recording;
    byId("image-name").textContent = `${image.name}, recorded in ${points.length} points`;
    byId("colophon").textContent = `${image.name}, ${sizeText(image.bytes || 0)}, SHA-256 ` +
        `${image.sha256}. ${machine.emulator || ""}, ${sizeText(machine.memory_bytes || 0)} of RAM, ` +
        `CPU ${machine.cpu || "unknown"}. Everything here is from this one file.`;
    byId("left-out").replaceChildren(...(recording.left_out || []).map((one) =>
        el("li", null, el("b", null, one.name), `: ${one.reason}`)));
}

function begin() {
    if (!points.length) {
        byId("view-title").textContent = "This recording has no points";
        return;
    }
    setTheme(remembered("theme") || "auto");
    drawColophon();
    setUpControls();
    setUpSearch();
    drawTimeline();
    placeListeners.push(draw);
    setBigText(remembered("text") === "big");
    takeAddress();
    writeAddress(); // so that going back can come here again
    for (const media of [WIDE, NARROW])
        media.addEventListener("change", draw);
    window.addEventListener("resize", drawTimeline);
}

begin();
