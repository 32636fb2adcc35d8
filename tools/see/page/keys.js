// SPDX-License-Identifier: MIT
// Keys and buttons: moving, playing, and the switches for colours and size of text.
"use strict";

const PLAY_MS = 900; // per point
let player = 0;

const MOVES = {
    first: () => go({ point: 0 }),
    "step-back": () => go({ point: stepBy(-1) }),
    back: () => go({ point: pointBy(-1) }, "step"),
    next: () => moveOn({ point: pointBy(1) }, "step"),
    "step-next": () => moveOn({ point: stepBy(1) }),
    last: () => moveOn({ point: points.length - 1 }),
    play: () => player ? stop() : play(),
};

// Forward, unless the reader has a question to answer first.
function moveOn(change, how) {
    if (nextIsHidden()) {
        stop();
        announce("Answer the question first.");
        focusQuestion();
    } else {
        go(change, how);
    }
}

function play() {
    if (place.point === points.length - 1)
        go({ point: 0 });
    player = setInterval(() => {
        MOVES.next();
        if (place.point === points.length - 1)
            stop();
    }, PLAY_MS);
    markPlaying();
}

function stop() {
    clearInterval(player);
    player = 0;
    markPlaying();
}

function markPlaying() {
    const button = document.querySelector('[data-move="play"]');
    button.classList.toggle("playing", player !== 0);
    button.setAttribute("aria-label", player ? "Stop" : "Play");
}

const KEYS = {
    ArrowLeft: (event) => MOVES[event.shiftKey ? "step-back" : "back"](),
    ArrowRight: (event) => MOVES[event.shiftKey ? "step-next" : "next"](),
    PageUp: MOVES["step-back"],
    PageDown: MOVES["step-next"],
    Home: MOVES.first,
    End: MOVES.last,
    " ": MOVES.play,
    "/": () => byId("search").focus(),
    "?": () => byId("help").showModal(),
    p: () => setPredict(!predictOn),
};
const SCROLL_KEYS = ["PageUp", "PageDown", "Home", "End"];

// Whether the focused thing needs a key for itself.
function keyIsTaken(event) {
    const target = event.target;
    if (event.ctrlKey || event.metaKey || event.altKey || byId("help").open)
        return true;
    if (target.closest("input, select, textarea"))
        return true;
    if (event.key === " ")
        return Boolean(target.closest("button, a, summary"));
    return SCROLL_KEYS.includes(event.key) && Boolean(target.closest(".scroll, .wide-picture"));
}

function onKey(event) {
    const view = VIEWS[Number(event.key) - 1];
    const action = view ? () => go({ view: view.id, at: "" }) :
        KEYS[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!action || keyIsTaken(event))
        return;
    event.preventDefault();
    action(event);
}

// Settings outlive the page where the browser lets a file keep something.
function remember(name, value) {
    try {
        localStorage.setItem("coldstart-" + name, value);
    } catch {
        return; // a private window, or no storage for files: the setting lasts as long as the page
    }
}

function remembered(name) {
    try {
        return localStorage.getItem("coldstart-" + name);
    } catch {
        return null;
    }
}

function setTheme(theme) {
    document.documentElement.dataset.theme = theme;
    byId("theme").value = theme;
    remember("theme", theme);
}

function bigText() {
    return document.documentElement.classList.contains("big");
}

function setBigText(on) {
    document.documentElement.classList.toggle("big", on);
    byId("text-switch").setAttribute("aria-pressed", String(on));
    remember("text", on ? "big" : "normal");
    drawTimeline();
}

function copyLink() {
    writeAddress();
    const say = (text) => {
        announce(text);
        byId("copy-link").textContent = text;
        setTimeout(() => {
            byId("copy-link").textContent = "Copy link";
        }, 2000);
    };
    const refused = () => say("Copy it from the address bar");
    if (!navigator.clipboard)
        refused();
    else
        navigator.clipboard.writeText(location.href).then(() => say("Link copied"), refused);
}

function setUpControls() {
    document.addEventListener("keydown", onKey);
    for (const button of document.querySelectorAll("[data-move]")) {
        button.addEventListener("click", () => {
            if (button.dataset.move !== "play")
                stop();
            MOVES[button.dataset.move]();
        });
    }
    byId("slider").max = points.length - 1;
    byId("slider").addEventListener("input", (event) => {
        const wanted = clampedPoint(event.target.value);
        (wanted > place.point ? moveOn : go)({ point: wanted }, "step");
        event.target.value = place.point;
    });
    byId("zoom-in").addEventListener("click", () => zoomBy(2));
    byId("zoom-out").addEventListener("click", () => zoomBy(0.5));
    byId("copy-link").addEventListener("click", copyLink);
    byId("help-open").addEventListener("click", () => byId("help").showModal());
    byId("predict-switch").addEventListener("click", () => setPredict(!predictOn));
    byId("theme").addEventListener("change", (event) => setTheme(event.target.value));
    byId("text-switch").addEventListener("click", () => {
        setBigText(!bigText());
        draw();
    });
}
