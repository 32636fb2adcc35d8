// SPDX-License-Identifier: MIT
// The screen as it would be seen, and the serial line's text; what is new in both is marked.
"use strict";

const SCREEN_COLUMNS = 80;

function drawScreen(body) {
    const index = place.point, now = states[index].screen || [];
    const before = index > 0 ? states[index - 1].screen || [] : now;
    const serial = points.slice(0, index).map((point) => point.serial || "").join("");
    show(body, heading("Screen"),
        scrollBox("Screen, 80 columns", el("pre", { class: "crt", id: "crt" },
            now.map((line, row) => [line === before[row] ? line.padEnd(SCREEN_COLUMNS) :
                el("mark", null, line.padEnd(SCREEN_COLUMNS)), "\n"]))),
        note(points[index].screen && index > 0 ? "Lines that changed since the point before are marked." :
            "The screen did not change since the point before."),
        heading("Serial line"), serialBox(serial, points[index].serial || ""));
}

function serialBox(before, now) {
    if (!before && !now)
        return note("Nothing has been sent yet.");
    const box = scrollBox("Serial line so far", el("pre", { class: "serial", id: "serial" }, before,
        now ? el("mark", null, now) : ""));
    requestAnimationFrame(() => {
        box.scrollTop = box.scrollHeight;
    });
    return box;
}
