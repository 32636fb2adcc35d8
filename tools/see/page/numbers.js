// SPDX-License-Identifier: MIT
// Numbers as this page writes and reads them. Addresses and registers are BigInt: they have 64 bits.
"use strict";

// "7C00h", from a number, a BigInt or the recording's "0x7c00".
function hex(value, digits = 1) {
    return BigInt(value).toString(16).toUpperCase().padStart(digits, "0") + "h";
}

// An even number of digits without the letter: bytes and tables of numbers.
function plainHex(value, digits) {
    return BigInt(value).toString(16).toUpperCase().padStart(digits, "0");
}

// 1234567 as "1 234 567", with spaces that do not break.
function decimal(value) {
    return String(value).replace(/\B(?=(\d{3})+$)/g, "\u00a0");
}

// "1 byte", "3 bytes".
function counted(number, noun) {
    return `${decimal(number)} ${noun}${Number(number) === 1 ? "" : "s"}`;
}

const SIZE_UNITS = [[1n << 40n, "TiB"], [1n << 30n, "GiB"], [1n << 20n, "MiB"], [1n << 10n, "KiB"]];

// "2 MiB", "23.4 KiB", "49 bytes".
function sizeText(value) {
    const bytes = BigInt(value);
    for (const [unit, name] of SIZE_UNITS) {
        if (bytes >= unit) {
            const tenths = Number(bytes * 10n / unit);
            return `${tenths % 10 ? (tenths / 10).toFixed(1) : tenths / 10} ${name}`;
        }
    }
    return counted(bytes, "byte");
}

// A number in hexadecimal as people type it: 0x7c00, 7C00h, 7c00, 0000:7C00, FFFF_8000'0000.
// BigInt, or null when it is not one or has more than 64 bits.
function parseHex(text) {
    const clean = text.trim().replace(/[_'\s]/g, "");
    const real = /^([0-9a-f]{1,4}):([0-9a-f]{1,4})h?$/i.exec(clean);
    if (real)
        return BigInt("0x" + real[1]) * 16n + BigInt("0x" + real[2]);
    const plain = /^(?:0x)?([0-9a-f]{1,16})h?$/i.exec(clean);
    return plain ? BigInt("0x" + plain[1]) : null;
}

// Text between quotation marks, with its unseen characters as \n and the like.
function quoted(text) {
    return JSON.stringify(text);
}

// A row of hexadecimal digits as the bytes' numbers.
function bytesOf(digits) {
    return (digits.match(/../g) || []).map((pair) => parseInt(pair, 16));
}
