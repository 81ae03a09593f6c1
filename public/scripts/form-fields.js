// Fields of the form, each bound to a path of the job's JSON.

import { el, setText } from "./dom.js";

let counter = 0;

/**
 * One field: `path` in the request, `label`, `hint`, and its `input` (an element with a value).
 * `read` turns the input into a JSON value, `write` the other way; a value equal to `fallback` is left out of the request.
 */
export class Field {
    constructor({ path, label, hint = "", input, fallback, read, write }) {
        Object.assign(this, { path, fallback, input });
        this.id = `field-${counter += 1}`;
        input.id = this.id;
        input.dataset.path = path;
        this.read = read ?? (() => input.value);
        this.write = write ?? ((value) => { input.value = value ?? ""; });
        this.error = el("p", { class: "field-error", id: `${this.id}-error`, hidden: true });
        this.hint = el("p", { class: "hint", id: `${this.id}-hint` }, hint);
        input.setAttribute("aria-describedby", `${this.id}-hint ${this.id}-error`);
        const check = input.type === "checkbox";
        this.node = el("div", { class: check ? "field field-check" : "field" },
            check ? el("label", { for: this.id }, input, label) : [el("label", { for: this.id }, label), input],
            hint && this.hint, this.error);
        input.addEventListener("input", () => this.refuse(null));
    }

    /** The value for the request, or undefined where the default does. */
    get value() {
        const value = this.read();
        return JSON.stringify(value) === JSON.stringify(this.fallback) ? undefined : value;
    }

    /** Shows why the value was not accepted; null clears it. */
    refuse(message) {
        this.error.hidden = !message;
        setText(this.error, message ?? "");
        if (message) this.input.setAttribute("aria-invalid", "true");
        else this.input.removeAttribute("aria-invalid");
    }
}

/** A number; empty means the default. */
export function numberField({ path, label, hint, fallback, min, max, step = "any", placeholder = "" }) {
    const input = el("input", { type: "number", min, max, step, placeholder, inputmode: "decimal", autocomplete: "off" });
    if (fallback !== null && fallback !== undefined) input.value = String(fallback);
    return new Field({
        path, label, hint, input, fallback,
        read: () => (input.value === "" ? fallback : Number(input.value)),
        write: (value) => { input.value = value === null || value === undefined ? "" : String(value); },
    });
}

/** A line of text; empty means the default. */
export function textField({ path, label, hint, fallback, placeholder = "", pattern, maxlength }) {
    const input = el("input", { type: "text", placeholder, pattern, maxlength, autocomplete: "off", spellcheck: "false", value: fallback ?? "" });
    return new Field({ path, label, hint, input, fallback, read: () => (input.value.trim() === "" ? fallback : input.value.trim()) });
}

/** One of several values. */
export function choiceField({ path, label, hint, fallback, options }) {
    const input = el("select", {}, options.map(([value, name]) => el("option", { value, selected: value === fallback }, name)));
    return new Field({ path, label, hint, input, fallback });
}

/** Yes or no. */
export function switchField({ path, label, hint, fallback }) {
    const input = el("input", { type: "checkbox", checked: fallback });
    return new Field({
        path, label, hint, input, fallback,
        read: () => input.checked, write: (value) => { input.checked = Boolean(value); },
    });
}

/** The value at a dotted path of an object, or undefined. */
export function valueAt(object, path) {
    return path.split(".").reduce((part, name) => part?.[name], object);
}

/** Sets the value at a dotted path, making the objects on the way. */
export function setAt(object, path, value) {
    const names = path.split(".");
    const last = names.pop();
    names.reduce((part, name) => (part[name] ??= {}), object)[last] = value;
}
