// SPDX-License-Identifier: MIT
// For tests: every piece of text that can be seen, with its colours as computed, as JSON rows
// [text, colour, background, pixels, bold]. A background is what lies under the text, mixed down.
(() => {
    const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });

    function rgba(colour) {
        canvas.clearRect(0, 0, 1, 1);
        canvas.fillStyle = colour;
        canvas.fillRect(0, 0, 1, 1);
        return [...canvas.getImageData(0, 0, 1, 1).data];
    }

    function over([red, green, blue, alpha], under) {
        return [red, green, blue].map((part, at) =>
            Math.round((part * alpha + under[at] * (255 - alpha)) / 255));
    }

    // In a drawing, the nearest shape drawn before the text and around its middle lies under it.
    function shapeUnder(text) {
        const box = text.getBoundingClientRect();
        const x = box.x + box.width / 2, y = box.y + box.height / 2;
        return [...text.ownerSVGElement.querySelectorAll("rect")].filter((shape) => {
            const area = shape.getBoundingClientRect();
            return text.compareDocumentPosition(shape) & Node.DOCUMENT_POSITION_PRECEDING &&
                getComputedStyle(shape).fill !== "none" &&
                x >= area.left && x <= area.right && y >= area.top && y <= area.bottom;
        }).pop();
    }

    function background(element) {
        if (!element)
            return [255, 255, 255];
        return over(rgba(getComputedStyle(element).backgroundColor),
            background(element.parentElement));
    }

    function row(element, text) {
        const style = getComputedStyle(element), drawing = element.ownerSVGElement;
        const shape = drawing && shapeUnder(element.closest("text"));
        const under = shape ? rgba(getComputedStyle(shape).fill).slice(0, 3) :
            background(drawing ? drawing.parentElement : element);
        return [text, over(rgba(drawing ? style.fill : style.color), under), under,
            parseFloat(style.fontSize), Number(style.fontWeight) >= 700];
    }

    const rows = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const text = walker.currentNode.textContent.trim(), element = walker.currentNode.parentElement;
        const hidden = !element.checkVisibility({ visibilityProperty: true }) ||
            element.closest(".unseen, .skip, script, noscript, :disabled");
        if (text && !hidden)
            rows.push(row(element, text.slice(0, 40)));
    }
    return rows;
})()
