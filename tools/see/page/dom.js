// SPDX-License-Identifier: MIT
// Building pieces of the page. Text from the recording only ever becomes text, never markup.
"use strict";

const SVG_SPACE = "http://www.w3.org/2000/svg";

function byId(id) {
    return document.getElementById(id);
}

// Sets attributes ("onclick" and the like are listeners; false and null leave one out), then puts
// the children in; lists among them are laid flat.
function filled(node, attributes, children) {
    for (const [name, value] of Object.entries(attributes || {})) {
        if (name.startsWith("on"))
            node.addEventListener(name.slice(2), value);
        else if (value !== false && value !== null && value !== undefined)
            node.setAttribute(name, value === true ? "" : value);
    }
    node.append(...children.flat(Infinity).filter((child) => child !== null && child !== false));
    return node;
}

// Puts new content into a node, in place of the old.
function show(node, ...children) {
    node.replaceChildren();
    return filled(node, null, children);
}

function el(tag, attributes, ...children) {
    return filled(document.createElement(tag), attributes, children);
}

function svg(tag, attributes, ...children) {
    return filled(document.createElementNS(SVG_SPACE, tag), attributes, children);
}

// Text that only a screen reader says.
function unseen(text) {
    return el("span", { class: "unseen" }, text);
}

function code(text) {
    return el("code", null, text);
}

// A table. columns: headings; rows: <tr> elements, each with as many cells. It scrolls in a box of
// its own, so that a narrow page stays narrow. On a phone each row becomes a card, whose cells name
// their column; the roles keep it a table for screen readers then.
function table(caption, columns, rows, attributes) {
    const head = columns.map((name) => el("th", { scope: "col", role: "columnheader" }, name));
    for (const row of rows) {
        row.setAttribute("role", "row");
        [...row.children].forEach((cell, at) => {
            cell.setAttribute("role", cell.tagName === "TH" ? "rowheader" : "cell");
            cell.dataset.label = columns[at];
        });
    }
    return scrollBox(caption, el("table", { role: "table", ...attributes },
        el("caption", { class: "unseen" }, caption),
        el("thead", { role: "rowgroup" }, el("tr", { role: "row" }, head)),
        el("tbody", { role: "rowgroup" }, rows)));
}

// A box that scrolls, and that the keyboard can reach to scroll it.
function scrollBox(name, ...children) {
    return el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": name }, children);
}

function heading(text) {
    return el("h3", null, text);
}

function note(...children) {
    return el("p", { class: "note" }, children);
}

// A list of terms and what they are; pairs with nothing to say are left out.
function facts(pairs) {
    return el("dl", { class: "facts" }, pairs.filter(([, value]) => value || value === 0)
        .map(([term, value]) => el("div", null, el("dt", null, term), el("dd", null, value))));
}

// The mark of what changed: a sign and a word, not only a colour.
function changedMark(before) {
    return el("span", { class: "was" }, el("span", { "aria-hidden": "true" }, "● "), "was ", before);
}
