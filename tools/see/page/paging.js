// SPDX-License-Identifier: MIT
// One address walked through the recorded page tables, as the CPU does it. All four kinds of paging.
// Spec: Intel SDM, volume 3A, chapter 4. tools/see/paging.py does the same; tests compare the two.
"use strict";

const PTE_PRESENT = 1n, PTE_LARGE = 1n << 7n, PTE_NO_EXECUTE = 1n << 63n;
const PTE_ADDRESS = 0x000ffffffffff000n;
const PTE_FLAGS = [[0, "P"], [1, "RW"], [2, "US"], [3, "PWT"], [4, "PCD"], [5, "A"], [6, "D"],
    [7, "PS"], [8, "G"], [63, "XD"]];
const PAGE_SHIFT = 12;
const CR0_PG = 31, CR4_PAE = 5, CR4_LA57 = 12, EFER_LMA = 10, EFER_NXE = 11;

// Levels from the root down: name, lowest address bit, bits of index, whether an entry may be a page.
const PAGING_4 = { name: "4-level", entryBytes: 8, levels: [["PML4", 39, 9, false],
    ["PDPT", 30, 9, true], ["PD", 21, 9, true], ["PT", 12, 9, false]] };
const PAGING_5 = { name: "5-level", entryBytes: 8,
    levels: [["PML5", 48, 9, false], ...PAGING_4.levels] };
const PAGING_PAE = { name: "PAE", entryBytes: 8, levels: [["PDPT", 30, 2, false],
    ["PD", 21, 9, true], ["PT", 12, 9, false]] };
const PAGING_32 = { name: "32-bit", entryBytes: 4, levels: [["PD", 22, 10, true],
    ["PT", 12, 10, false]] };

// Which paging is on at a point, or null.
function pagingKind(index) {
    if (!bitIsSet(register(index, "cr0"), CR0_PG))
        return null;
    if (bitIsSet(register(index, "efer"), EFER_LMA))
        return bitIsSet(register(index, "cr4"), CR4_LA57) ? PAGING_5 : PAGING_4;
    return bitIsSet(register(index, "cr4"), CR4_PAE) ? PAGING_PAE : PAGING_32;
}

// How many address bits are translated.
function pagingBits(kind) {
    return kind.levels[0][1] + kind.levels[0][2];
}

function isCanonical(kind, address) {
    if (kind === PAGING_PAE || kind === PAGING_32)
        return address < 1n << 32n;
    const bits = pagingBits(kind);
    const upper = address >> BigInt(bits - 1);
    return upper === 0n || upper === (1n << BigInt(65 - bits)) - 1n;
}

// An entry of a recorded table: runs are [first index, count, first entry, step].
function entryAt(tables, table, entryIndex) {
    const recorded = tables.get(table);
    for (const [first, count, entry, step] of recorded ? recorded.runs : []) {
        if (entryIndex >= first && entryIndex < first + count)
            return BigInt(entry) + BigInt(step) * BigInt(entryIndex - first);
    }
    return 0n;
}

function entryFlags(entry) {
    return PTE_FLAGS.filter(([position]) => bitIsSet(entry, position))
        .map(([, name]) => name).join(" ") || "none";
}

// Why an entry ends the walk in a page fault, or "".
function whyFault(kind, [name, shift, , mayBePage], entry, efer) {
    if (!(entry & PTE_PRESENT))
        return "not present";
    if (kind.entryBytes === 8 && entry & PTE_NO_EXECUTE && !bitIsSet(efer, EFER_NXE))
        return "XD is set, and reserved while EFER.NXE is 0";
    if (entry & PTE_LARGE && !mayBePage && shift !== PAGE_SHIFT && kind !== PAGING_PAE)
        return `PS is set, and reserved in a ${name} entry`;
    return "";
}

// Where a page begins; 4 MiB pages keep address bits 32 to 39 in bits 13 to 20 (PSE-36).
function pageBase(kind, entry, shift) {
    if (kind === PAGING_32 && shift > PAGE_SHIFT)
        return entry & 0xffc00000n | (entry >> 13n & 0xffn) << 32n;
    return entry & PTE_ADDRESS & ~((1n << BigInt(shift)) - 1n);
}

function rootTable(kind, cr3) {
    return kind === PAGING_PAE ? cr3 & 0xffffffe0n : cr3 & PTE_ADDRESS;
}

// The tables that decide about an address at a point:
// [{name, table, index, entry, next, pageBytes, why}], the last with a page or a why.
function walkAddress(index, address) {
    const kind = pagingKind(index);
    if (!isCanonical(kind, address)) {
        const why = kind.entryBytes === 8 && kind !== PAGING_PAE ?
            "not canonical: its upper bits are not all alike" : "more than 32 bits";
        return [{ name: "address", table: 0n, index: 0, entry: 0n, why }];
    }
    const tables = tablesAt(index), efer = register(index, "efer");
    let place = rootTable(kind, register(index, "cr3"));
    const levels = [];
    for (const shape of kind.levels) {
        const level = walkLevel(kind, shape, tables, place, address, efer);
        levels.push(level);
        if (level.why || level.pageBytes)
            break;
        place = level.next;
    }
    return levels;
}

function walkLevel(kind, shape, tables, place, address, efer) {
    const [name, shift, bits, mayBePage] = shape;
    const index = Number(address >> BigInt(shift) & (1n << BigInt(bits)) - 1n);
    const entry = entryAt(tables, place, index);
    const level = { name, table: place, index, entry, why: whyFault(kind, shape, entry, efer) };
    if (level.why)
        return level;
    if (shift === PAGE_SHIFT || mayBePage && entry & PTE_LARGE) {
        level.pageBytes = 1n << BigInt(shift);
        level.next = pageBase(kind, entry, shift);
    } else {
        level.next = entry & (kind.entryBytes === 8 ? PTE_ADDRESS : 0xfffff000n);
    }
    return level;
}

// The physical address, or null.
function translate(index, address) {
    if (!pagingKind(index))
        return address;
    const last = walkAddress(index, address).pop();
    return last.pageBytes ? last.next + address % last.pageBytes : null;
}
