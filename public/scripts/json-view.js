import { el } from "./dom.js";

/** JSON as coloured text: keys, strings, numbers and words told apart. */
export function jsonView(value) {
    const out = el("code", {});
    write(out, value, "");
    return el("pre", { class: "code", tabindex: "0", "aria-label": "JSON" }, out);
}

function write(out, value, indent) {
    if (value === null || typeof value !== "object") {
        const kind = typeof value === "string" ? "json-string" : typeof value === "number" ? "json-number" : "json-word";
        out.append(el("span", { class: kind }, JSON.stringify(value)));
        return;
    }
    const entries = Object.entries(value);
    const [open, close] = Array.isArray(value) ? "[]" : "{}";
    if (Array.isArray(value) && entries.every(([, part]) => part === null || typeof part !== "object")) {
        out.append(open);
        entries.forEach(([, part], i) => { if (i > 0) out.append(", "); write(out, part, indent); });
        out.append(close);
        return;
    }
    if (entries.length === 0) { out.append(open + close); return; }
    out.append(`${open}\n`);
    entries.forEach(([name, part], i) => {
        out.append(`${indent}  `);
        if (!Array.isArray(value)) out.append(el("span", { class: "json-key" }, JSON.stringify(name)), ": ");
        write(out, part, `${indent}  `);
        out.append(i < entries.length - 1 ? ",\n" : "\n");
    });
    out.append(indent + close);
}
