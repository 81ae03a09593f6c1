// Elements are made here and nowhere else. Every string from outside becomes a text node, never markup.

const SVG = "http://www.w3.org/2000/svg";

function append(parent, children) {
    for (const child of children.flat(Infinity)) {
        if (child === null || child === undefined || child === false) continue;
        parent.append(child instanceof Node ? child : String(child));
    }
    return parent;
}

/**
 * An HTML element with attributes and children.
 * `on` holds event listeners, `data` data-attributes, `vars` custom properties of CSS; a value of null, undefined or
 * false leaves its attribute out, true sets it empty.
 */
export function el(tag, attributes = {}, ...children) {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
        if (value === null || value === undefined || value === false) continue;
        if (name === "on") for (const [type, listener] of Object.entries(value)) node.addEventListener(type, listener);
        else if (name === "data") Object.assign(node.dataset, value);
        else if (name === "vars") for (const [key, part] of Object.entries(value)) node.style.setProperty(key, part);
        else if (name === "value" || name === "checked" || name === "selected") node[name] = value;
        else node.setAttribute(name, value === true ? "" : value);
    }
    return append(node, children);
}

/** An SVG element; attributes are presentation attributes. */
export function svg(tag, attributes = {}, ...children) {
    const node = document.createElementNS(SVG, tag);
    for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
    return append(node, children);
}

/** Replaces everything inside `parent`. */
export function fill(parent, ...children) {
    parent.replaceChildren();
    return append(parent, children);
}

/** Sets the text only where it differs, so that a selection and a screen reader are left in peace. */
export function setText(node, text) {
    const string = String(text);
    if (node.textContent !== string) node.textContent = string;
}

const styles = new Map();

/** Loads a style sheet of `styles/` once, and waits until it holds. */
export function useStyle(name) {
    if (!styles.has(name)) {
        styles.set(name, new Promise((resolve, reject) => {
            const link = el("link", { rel: "stylesheet", href: `/styles/${name}.css`, on: {
                load: resolve,
                error: () => {
                    styles.delete(name);
                    link.remove();
                    reject(new Error(`The style sheet styles/${name}.css did not arrive. Reload the page.`));
                },
            } });
            document.head.append(link);
        }));
    }
    return styles.get(name);
}

/** Says something to a screen reader without moving the focus. */
export function announce(text) {
    setText(document.getElementById("announcer"), text);
}

/** A table of rows under column headings, with roles that survive the narrow layout. */
export function table({ caption, columns, rows, className = "" }) {
    return el("table", { class: className, role: "table" },
        caption && el("caption", { class: "visually-hidden" }, caption),
        el("thead", { role: "rowgroup" }, el("tr", { role: "row" }, columns.map((column) => el("th", {
            scope: "col", role: "columnheader", class: column.number ? "number" : null,
        }, column.title)))),
        el("tbody", { role: "rowgroup" }, rows.map((cells) => el("tr", { role: "row" }, cells.map((cell, index) => el("td", {
            role: "cell", class: columns[index].number ? "number" : null, data: { label: columns[index].title },
        }, cell))))));
}

/**
 * `draw` as a function that may be called at any time: it runs at the next frame, once, and not after `signal` aborts.
 * `rest` are the milliseconds to leave between two runs, for what nobody needs to see sixty times a second.
 */
export function onceAFrame(draw, signal, rest = 0) {
    let isAwaited = false, earliest = 0;
    const run = () => {
        isAwaited = false;
        if (signal.aborted) return;
        earliest = performance.now() + rest;
        draw();
    };
    return () => {
        if (isAwaited) return;
        isAwaited = true;
        const wait = earliest - performance.now();
        if (wait > 0) setTimeout(() => requestAnimationFrame(run), wait);
        else requestAnimationFrame(run);
    };
}

/** Does something once, when an element comes near to what is seen. */
export function whenNear(element, signal, act) {
    const observer = new IntersectionObserver((entries) => {
        if (!entries.some((entry) => entry.isIntersecting)) return;
        observer.disconnect();
        act();
    }, { rootMargin: "400px" });
    observer.observe(element);
    signal.addEventListener("abort", () => observer.disconnect());
}

/** Puts text on the clipboard, also where the page is not a secure context. */
export async function copyText(text) {
    if (navigator.clipboard && window.isSecureContext) return navigator.clipboard.writeText(text);
    const area = el("textarea", { class: "visually-hidden", value: text, "aria-hidden": "true" });
    document.body.append(area);
    area.select();
    const copied = document.execCommand("copy");
    area.remove();
    if (!copied) throw new Error("The browser did not allow copying; select the text and copy it by hand.");
}

/** A button that copies what `text()` returns, or resolves to, and says so on itself. */
export function copyButton(label, text) {
    const button = el("button", { type: "button", class: "quiet" }, label);
    button.addEventListener("click", async () => {
        await copyText(await text());
        button.textContent = "Copied";
        announce("Copied to the clipboard");
        setTimeout(() => { button.textContent = label; }, 1600);
    });
    return button;
}
