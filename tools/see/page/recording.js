// SPDX-License-Identifier: MIT
// The recording, and the machine's whole state at each point: the recording has only what changed.
"use strict";

const recording = JSON.parse(byId("recording").textContent);
const points = recording.points || [];
const steps = recording.steps || [];
const owners = (recording.owners || []).map((owner) => ({ ...owner, first: Number(owner.first),
    last: Number(owner.last) }));
const sources = recording.sources || {};
const areas = (recording.disk || {}).areas || [];
const states = buildStates();

// One state per point; parts that did not change are shared with the state before.
function buildStates() {
    let state = { registers: {}, segments: {}, gdt: [], idt: [], mappings: [], screen: [] };
    return points.map((point) => {
        state = { ...state, a20: point.a20,
            registers: { ...state.registers, ...point.registers },
            segments: { ...state.segments, ...point.segments } };
        for (const part of ["gdt", "idt", "mappings", "screen"]) {
            if (point[part])
                state[part] = point[part];
        }
        return state;
    });
}

function stepOf(point) {
    return steps.find((step) => step.number === point.step) || null;
}

// The first point of each run of one step: [{step, first, count}].
function stepRuns() {
    const runs = [];
    points.forEach((point, index) => {
        const last = runs[runs.length - 1];
        if (last && last.number === point.step)
            last.count++;
        else
            runs.push({ number: point.step, step: stepOf(point), first: index, count: 1 });
    });
    return runs;
}

function register(index, name) {
    return BigInt(states[index].registers[name] || 0);
}

// What a register or segment was before this point, if this point changed it; else null.
function registerBefore(index, name) {
    const now = states[index].registers[name];
    const before = index > 0 ? states[index - 1].registers[name] : undefined;
    return before !== undefined && BigInt(before) !== BigInt(now) ? before : null;
}

function segmentBefore(index, name) {
    const before = index > 0 ? states[index - 1].segments[name] : undefined;
    const now = states[index].segments[name];
    const same = before && ["selector", "base", "limit", "attributes"].every(
        (field) => String(before[field]) === String(now[field]));
    return before && !same ? before : null;
}

// Whose memory a physical address is at a point: the last in the list says it most precisely.
function ownerAt(address, index) {
    const place = Number(address);
    return owners.findLast((owner) => owner.first <= place && place <= owner.last &&
        (owner.from_point || 0) <= index) || null;
}

function ownerName(id) {
    const owner = owners.find((one) => one.id === id);
    return owner ? owner.name : id || "nobody's";
}

function areaName(id) {
    const area = areas.find((one) => one.id === id);
    return area ? area.name : id || "no area";
}

// "CS:IP" in words that fit the mode: 0000:7C00 in real mode, 8h:8B7Eh later.
function placeText(index) {
    const segment = states[index].segments.cs || { selector: 0 };
    const offset = register(index, "rip");
    if (points[index].mode === "real")
        return `${plainHex(segment.selector, 4)}:${plainHex(offset, 4)}`;
    return `${hex(segment.selector)}:${hex(offset)}`;
}

// The page tables as they lie in memory at a point: Map of physical address to {level, runs}.
function tablesAt(index) {
    const tables = new Map();
    for (let at = 0; at <= index; at++) {
        for (const one of (points[at].paging || {}).tables || [])
            tables.set(BigInt(one.phys), one);
    }
    return tables;
}
