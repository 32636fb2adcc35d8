// SPDX-License-Identifier: MIT
// Questions about the next point, made from the recording: each has a right answer in it, wrong ones
// that are near, and an explanation. The same point always asks the same.
"use strict";

const CHOICES_MOST = 4;

// A question about point `next`: {kind, text, right, wrong: [..]} to choose from, or with
// `number: true` to type; `explain` is said after the answer. Null when it is not worth asking.
const QUESTION_MAKERS = [askMode, askBits, askA20, askSelector, askDisk, askTables, askWalk];

// The best question about the point after `index`: what the machine does, else where it goes.
function questionAfter(index) {
    const next = index + 1;
    if (next >= points.length)
        return null;
    return machineQuestion(next) || askNext(next);
}

function machineQuestion(next) {
    for (const maker of QUESTION_MAKERS) {
        const question = maker(next);
        if (question)
            return question;
    }
    return null;
}

// Numbers that only look random: 0 to 1, always the same for one seed.
function seeded(seed) {
    let state = seed * 2654435761 >>> 0;
    return () => {
        state = state * 1664525 + 1013904223 >>> 0;
        return state / 4294967296;
    };
}

// The right answer among some wrong ones, in an order that depends on the point alone.
function shuffledChoices(question, seed) {
    const wrong = [...new Set(question.wrong)].filter((text) => text !== question.right);
    const random = seeded(seed + 1);
    const mixed = (list) => list.map((text) => [random(), text]).sort((one, other) =>
        one[0] - other[0]).map(([, text]) => text);
    return mixed([question.right, ...mixed(wrong).slice(0, CHOICES_MOST - 1)]);
}

function afterHowMany(next) {
    const many = points[next].instructions;
    return many === 1 ? "After one more instruction" : `After ${decimal(many)} more instructions`;
}

// The one instruction that leads to a point, in words; nothing when there are more.
function instructionBefore(next) {
    const index = next - 1;
    if (points[next].instructions !== 1)
        return "";
    const found = (points[index].code || []).find(([address]) =>
        BigInt(address) === BigInt(points[index].address));
    return found ? `The instruction is "${found[2]}". ` : "";
}

function askMode(next) {
    if (points[next].mode === points[next - 1].mode)
        return null;
    const right = modeOf(points[next].mode).name;
    return { kind: "mode", text: `${afterHowMany(next)}: in which mode is the CPU?`, right,
        wrong: ["real", "protected16", "protected32", "compatibility", "long"].map((name) =>
            modeOf(name).name),
        explain: `${instructionBefore(next)}The mode was ${modeOf(points[next - 1].mode).name} and ` +
            `is ${right}: CR0 is ${hex(register(next, "cr0"))}, EFER ${hex(register(next, "efer"))}, ` +
            `CS ${hex((states[next].segments.cs || { selector: 0 }).selector)}.` };
}

function askBits(next) {
    const name = ["cr0", "cr4", "efer"].find((one) => registerBefore(next, one) !== null);
    if (!name)
        return null;
    const now = register(next, name), before = BigInt(registerBefore(next, name));
    const changed = BITS[name].filter(([at]) => bitIsSet(now, at) !== bitIsSet(before, at));
    if (!changed.length)
        return null;
    const say = (bits) => bits.map(([at, short]) =>
        `${short} becomes ${bitIsSet(before, at) ? 0 : 1}`).join(", ");
    return { kind: "bits", text: `${afterHowMany(next)}: which bits of ${name.toUpperCase()} change?`,
        right: say(changed),
        wrong: wrongBits(BITS[name], changed).map(say),
        explain: `${instructionBefore(next)}${name.toUpperCase()} was ${hex(before)} and is ` +
            `${hex(now)}: ` + changed.map(([, short, meaning]) => `${short} means ${meaning}`)
            .join("; ") + "." };
}

// Sets of as many bits as change, none of them right; every other one shares a bit with the answer.
function wrongBits(all, changed) {
    const others = all.filter((bit) => !changed.includes(bit)), many = changed.length;
    return others.map((_, at) => {
        const wrong = [...new Set([...others.slice(at), ...others])].slice(0, many);
        return many > 1 && at % 2 ? [changed[0], ...wrong.slice(1)] : wrong;
    });
}

function askA20(next) {
    const step = stepOf(points[next]), isStep = step && step.name === "A20";
    const changes = points[next].a20 !== points[next - 1].a20;
    if (!changes && !(isStep && points[next - 1].step !== points[next].step))
        return null;
    return { kind: "a20", text: `${afterHowMany(next)}: is the A20 line open?`,
        right: points[next].a20 ? "open" : "closed", wrong: ["open", "closed"],
        explain: `A20 is ${points[next].a20 ? "open" : "closed"} at the next point` +
            `${changes ? ", and was not before" : ", as before"}: with the line closed, address bit ` +
            "20 is always 0." };
}

function askSelector(next) {
    if (points[next].mode === "real")
        return null;
    const name = SEGMENTS.find((one) => {
        const before = segmentBefore(next, one);
        return before && states[next].segments[one].selector > 3 &&
            before.selector !== states[next].segments[one].selector;
    });
    const selector = name && states[next].segments[name].selector;
    const gdt = states[next].gdt || [], entry = name && gdt.find((one) => one.index === selector >> 3);
    if (!entry)
        return null;
    return { kind: "selector", text: `${afterHowMany(next)}, ${name.toUpperCase()} holds selector ` +
        `${hex(selector)}. Which descriptor is that?`, right: entry.text,
    wrong: gdt.filter((one) => one !== entry).map((one) => one.text),
    explain: `${hex(selector)} is ${hex(8)} times ${selector >> 3}, so entry ${selector >> 3} of the ` +
        `GDT: ${entry.text}.` };
}

function askDisk(next) {
    const reads = points[next].disk || [];
    if (!reads.length)
        return null;
    const right = addUp(reads, "count"), say = (number) => counted(number, "sector");
    return { kind: "disk", text: `${afterHowMany(next)}: how many sectors of 512 bytes have been read ` +
        "from the disk on the way?", right: say(right),
    wrong: [right + 1, right * 2, right + 63, Math.max(right - 1, 0), 0].map(say),
    explain: reads.map((read) => `${say(read.count)} from sector ${read.lba} ` +
        `(${areaName(read.area)}) to ${read.address ? hex(read.address) : "memory"}`)
        .join("; ") + "." };
}

function askTables(next) {
    const before = registerBefore(next, "cr3") ?? registerBefore(next, "gdtr_base");
    if (before === null)
        return null;
    const name = registerBefore(next, "cr3") !== null ? "cr3" : "gdtr_base";
    const right = register(next, name), what = { cr3: "CR3, the root of the page tables",
        gdtr_base: "GDTR, the address of the GDT" }[name];
    return { kind: "tables", text: `${afterHowMany(next)}: what is in ${what}?`, right: hex(right),
        wrong: [BigInt(before), right + 0x1000n, right ^ 0x8000n, right + 8n].map((one) => hex(one)),
        explain: `${instructionBefore(next)}It was ${hex(before)} and is ${hex(right)}.` };
}

// An address to translate, where the mappings are new or an exercise is due; where all memory is
// mapped to itself, there is nothing to ask but once.
const WALK_EVERY = 12;

function askWalk(next) {
    const all = states[next].mappings || [], isNew = points[next].mappings;
    const mappings = isNew ? all : all.filter((run) => run.phys !== run.virt_first);
    if (!pagingKind(next) || !mappings.length || next % WALK_EVERY && !isNew)
        return null;
    const random = seeded(next), run = mappings[Math.floor(random() * mappings.length)];
    const length = BigInt(run.virt_last) - BigInt(run.virt_first) + 1n;
    const address = BigInt(run.virt_first) +
        BigInt(Math.floor(random() * Number(length < 1n << 30n ? length : 1n << 30n)));
    const right = translate(next, address);
    if (right === null)
        return null;
    return { kind: "walk", number: true, right: hex(right), wrong: [],
        text: `At point ${next}: which physical address does virtual address ${hex(address)} lead to? ` +
            "(hexadecimal)",
        explain: walkAddress(next, address).map((level) =>
            `${level.name}[${level.index}] = ${plainHex(level.entry, 16)}`).join(", then ") +
            `; with the offset that is ${hex(right)}.` };
}

// Where the CPU is next: near addresses and the labels around are the wrong answers.
function askNext(next) {
    const say = (index) => placeText(index) +
        (points[index].label ? `, ${points[index].label}` : "");
    const near = [];
    for (let at = next - 8; at <= next + 8; at++) {
        if (points[at] && at !== next)
            near.push(say(at));
    }
    const mode = points[next].mode === points[next - 1].mode ? "" : ` in ${modeOf(points[next].mode).name}`;
    return { kind: "next", text: `${afterHowMany(next)}: where is the CPU${mode}?`,
        right: say(next), wrong: near,
        explain: `${instructionBefore(next)}The next point is ${say(next)}` +
            `${points[next].file ? `, ${points[next].file} line ${points[next].line}`
                : ""}.` };
}
