// SPDX-License-Identifier: MIT
// Predict, then step: the next point stays hidden until its question is answered.
"use strict";

const score = { right: 0, asked: 0 };
let predictOn = false;
let asked = null; // {point, question, answered}

function predicting() {
    return predictOn;
}

function setPredict(on) {
    predictOn = on;
    asked = null;
    byId("predict-switch").setAttribute("aria-pressed", String(on));
    byId("predict").hidden = !on;
    document.body.classList.toggle("predicting", on);
    placeChanged();
    if (on)
        focusQuestion();
}

// Whether the reader may go on to the next point by the usual ways.
function nextIsHidden() {
    return predictOn && !(asked && asked.point === place.point && asked.answered) &&
        questionAfter(place.point) !== null;
}

function focusQuestion() {
    const field = byId("question").querySelector("input, button");
    if (field)
        field.focus();
}

function drawPredict() {
    if (!predictOn || asked && asked.point === place.point)
        return;
    asked = { point: place.point, question: questionAfter(place.point), answered: false };
    show(byId("verdict"));
    show(byId("question"), asked.question ? questionForm(asked.question) :
        note("This is the last point of the recording."), scoreLine());
}

function scoreLine() {
    return el("p", { id: "score", class: "note" }, score.asked ?
        `Score: ${score.right} of ${score.asked} right` : "Score: no question answered yet");
}

function questionForm(question) {
    return el("form", { "data-kind": question.kind, onsubmit: (event) => {
        event.preventDefault();
        check(event.target);
    } }, el("fieldset", null, el("legend", null, question.text),
        question.number ? numberField() : choiceFields(question)),
    el("p", { class: "row" }, el("button", { type: "submit", class: "primary" }, "Check"),
        el("button", { type: "button", onclick: () => settle(null) }, "Show me"),
        el("button", { type: "button", onclick: skipAhead }, "Skip to a bigger change")));
}

function choiceFields(question) {
    return shuffledChoices(question, place.point).map((text) => el("label", { class: "choice" },
        el("input", { type: "radio", name: "answer", value: text, required: true }),
        el("span", null, text)));
}

function numberField() {
    return el("label", { class: "choice" }, el("span", null, "Your answer"),
        el("input", { name: "answer", required: true, autocomplete: "off", spellcheck: "false",
            placeholder: "for example 7C00h" }));
}

function check(form) {
    settle(String(new FormData(form).get("answer")));
}

// Takes an answer (null: the reader gave up) and says what is right and why.
function settle(answer) {
    const { question } = asked;
    if (asked.answered)
        return;
    const right = answer !== null && (question.number ?
        parseHex(answer) !== null && parseHex(answer) === parseHex(question.right) :
        answer === question.right);
    asked.answered = true;
    score.asked++;
    score.right += right ? 1 : 0;
    for (const field of byId("question").querySelectorAll("input, button"))
        field.disabled = true;
    byId("score").replaceWith(scoreLine());
    markRight(question.right);
    const next = el("button", { type: "button", class: "primary", id: "go-on",
        onclick: () => go({ point: pointBy(1) }) }, "Go to the next point");
    show(byId("verdict"), el("p", { class: right ? "right" : "wrong" },
        el("b", null, right ? "✓ Right. " : answer === null ? "The answer: " : "✗ Not so. "),
        right ? "" : `It is: ${question.right}. `), el("p", null, question.explain), next);
    next.focus();
}

// The right one among the choices, by a sign and a frame.
function markRight(right) {
    const field = [...byId("question").querySelectorAll("input[type=radio]")]
        .find((one) => one.value === right);
    if (field) {
        field.parentElement.classList.add("is-right");
        field.parentElement.append("✓");
    }
}

// To the next point whose successor changes more of the machine than the instruction pointer.
function skipAhead() {
    for (let at = place.point + 1; at + 1 < points.length; at++) {
        if (machineQuestion(at + 1)) {
            go({ point: at });
            focusQuestion();
            return;
        }
    }
    announce("No bigger change follows.");
}
