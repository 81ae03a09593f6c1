// Fields of the form, each bound to a path of the job's JSON.

import { el, fill, setText } from "./dom.js";

let counter = 0;

/**
 * One field: `path` in the request, `label`, `hint`, and its `input` (an element with a value).
 * `read` turns the input into a JSON value, `write` the other way; a value equal to `fallback` is left out of the request.
 * `when` tells by the form's state whether the field means anything; where it does not, it is hidden and not sent.
 */
export class Field {
    constructor({ path, label, hint = "", input, fallback, read, write, when }) {
        Object.assign(this, { path, fallback, input, when });
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
        if (this.node.hidden) return undefined;
        const value = this.read();
        return JSON.stringify(value) === JSON.stringify(this.fallback) ? undefined : value;
    }

    /** Shows or hides the field by the state of the form. */
    adapt(state) {
        if (this.when) this.node.hidden = !this.when(state);
    }

    /** Whether what was typed can be sent. */
    get isFine() {
        return this.node.hidden || this.input.checkValidity();
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
export function numberField({ min, max, step = "any", placeholder = "", fallback, ...rest }) {
    const input = el("input", { type: "number", min, max, step, placeholder, inputmode: "decimal", autocomplete: "off" });
    if (fallback !== null && fallback !== undefined) input.value = String(fallback);
    return new Field({
        ...rest, input, fallback,
        read: () => (input.value === "" ? fallback : Number(input.value)),
        write: (value) => { input.value = value === null || value === undefined ? "" : String(value); },
    });
}

/** A line of text; empty means the default. */
export function textField({ fallback, placeholder = "", pattern, maxlength, ...rest }) {
    const input = el("input", { type: "text", placeholder, pattern, maxlength, autocomplete: "off", spellcheck: "false", value: fallback ?? "" });
    return new Field({ ...rest, input, fallback, read: () => (input.value.trim() === "" ? fallback : input.value.trim()) });
}

/** Several values separated by commas; empty means the default. `each` turns a word into its value. */
export function listField({ fallback, placeholder = "", each = (word) => word, ...rest }) {
    const text = (list) => (Array.isArray(list) ? list.join(", ") : "");
    const input = el("input", { type: "text", placeholder, autocomplete: "off", spellcheck: "false", value: text(fallback) });
    return new Field({
        ...rest, input, fallback,
        read: () => {
            const words = input.value.split(",").map((word) => word.trim()).filter(Boolean);
            return words.length === 0 ? fallback : words.map(each);
        },
        write: (value) => { input.value = text(value); },
    });
}

/** One of several values. */
export function choiceField({ fallback, options, ...rest }) {
    const input = el("select", {}, optionsOf(options, fallback));
    return new Field({ ...rest, input, fallback });
}

/** The options of a choice, to be put anew where they depend on other fields; what was chosen stays where it still can. */
export function offer(field, options) {
    const chosen = field.input.value;
    fill(field.input, optionsOf(options, options.some(([value]) => value === chosen) ? chosen : field.fallback));
}

function optionsOf(options, chosen) {
    return options.map(([value, name]) => el("option", { value, selected: value === chosen }, name));
}

/** Yes or no. */
export function switchField({ fallback, ...rest }) {
    const input = el("input", { type: "checkbox", checked: fallback });
    return new Field({
        ...rest, input, fallback,
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
