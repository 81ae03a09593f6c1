// Several settings at once: which ones vary, over what, and how many runs that makes.

import { el, fill, setText } from "./dom.js";
import { choiceField, numberField } from "./form-fields.js";
import { counted, metricName } from "./format.js";
import { parameterName } from "./sweep.js";
import { metricsOf } from "./tasks.js";

const hyper = "method.supervised.hyperparameters";
const offered = {
    "strategy.learning_rate": "2e-5, 5e-5, 1e-4", [`${hyper}.n_epochs`]: "2, 3, 5", [`${hyper}.batch_size`]: "8, 16, 32", "strategy.weight_decay": "0, 0.01, 0.1",
    "strategy.warmup_ratio": "0, 0.06, 0.2", "strategy.schedule": "linear, cosine", "strategy.layer_decay": "0.8, 0.9, 1", "strategy.label_smoothing": "0, 0.1",
    "strategy.dropout": "0, 0.1, 0.2", "strategy.optimizer.type": "adamw, lion", "layers.lora.rank": "4, 8, 16", "data.max_length": "64, 128, 256", seed: "1, 2, 3",
};

const wholeNumbers = /(n_epochs|batch_size|rank|max_length|seed|gradient_accumulation|steps|top)$/;

/**
 * What a line of values of a setting means: a list of JSON values, or {min, max, scale} for "a to b"; null where it means
 * nothing. A range over a tenfold and more is drawn from evenly by its logarithm.
 */
export function valuesOf(text, path = "") {
    const range = /^\s*([\d.eE+-]+)\s*(?:to|\.\.+|…|–)\s*([\d.eE+-]+)\s*$/.exec(text);
    if (range) {
        const [min, max] = [Number(range[1]), Number(range[2])];
        if (!(min < max)) return null;
        const values = { min, max, scale: min > 0 && max / min >= 10 ? "log" : "linear" };
        return wholeNumbers.test(path) ? { ...values, integer: true } : values;
    }
    const words = text.split(",").map((word) => word.trim()).filter(Boolean);
    if (words.length === 0) return null;
    return words.map((word) => {
        try { return JSON.parse(word); } catch { return word; }
    });
}

/** The sweep of a request: rows of a setting and its values, and how they are combined. */
export class SweepField {
    path = "sweep";
    #rows = [];

    constructor(onChange) {
        this.onChange = onChange;
        const changed = () => { this.refuse(null); this.#show(); onChange(); };
        this.changed = changed;
        this.list = el("ul", { class: "sweep-rows" });
        this.add = el("button", { type: "button", class: "plain", id: "add-parameter", on: { click: () => { this.#addRow(); changed(); } } }, "Vary a setting");
        this.method = choiceField({ path: "sweep.method", label: "Combined", fallback: "grid", options: [["grid", "all with all"], ["random", "at random"]] });
        this.trials = numberField({ path: "sweep.trials", label: "Trials", fallback: undefined, placeholder: "10", min: 1, max: 256, step: 1 });
        this.metric = choiceField({ path: "sweep.metric", label: "The best has the best", fallback: "", options: [["", "metric of the task"]] });
        this.halving = numberField({ path: "sweep.halving.factor", label: "Stop the weaker early", fallback: null, min: 2, max: 10, step: 1, placeholder: "off", hint: "Only one in so many goes on each time." });
        for (const field of this.fields) field.input.addEventListener("input", changed);
        this.options = el("div", { class: "fields" }, this.fields.map((field) => field.node));
        this.words = el("p", { class: "hint", id: "sweep-words", role: "status" });
        this.error = el("p", { class: "field-error", hidden: true });
        this.input = el("div", { data: { path: this.path } }, el("p", { class: "muted" }, "One job for each combination, side by side in one table. Values are separated by commas; a range is written 1e-5 to 1e-3."), this.list, this.add);
        this.node = el("div", { class: "sweep-field" }, this.input, this.options, this.words, this.error);
        this.#show();
    }

    get fields() {
        return [this.method, this.trials, this.metric, this.halving];
    }

    get isFine() {
        const fits = (values) => values !== null && (Array.isArray(values) || this.method.read() === "random");
        return this.#rows.length === 0 || (this.fields.every((field) => field.isFine) && this.#rows.every((row) => row.path && fits(valuesOf(row.values.value, row.path))));
    }

    #addRow(path, values) {
        const used = new Set(this.#rows.map((row) => row.path));
        const next = path ?? Object.keys(offered).find((each) => !used.has(each)) ?? "";
        const choice = el("select", { "aria-label": "Setting" },
            [...new Set([...Object.keys(offered), next])].filter(Boolean).map((each) => el("option", { value: each, selected: each === next }, parameterName(each))), el("option", { value: "other" }, "another setting …"));
        const other = el("input", { type: "text", placeholder: "strategy.l2_sp", "aria-label": "Path of the setting", hidden: true, spellcheck: "false", autocomplete: "off", on: { input: this.changed } });
        const input = el("input", { type: "text", value: values ?? offered[next] ?? "", "aria-label": "Values", spellcheck: "false", autocomplete: "off", on: { input: this.changed } });
        const row = { choice, other, values: input, get path() { return choice.value === "other" ? other.value.trim() : choice.value; } };
        choice.addEventListener("change", () => {
            other.hidden = choice.value !== "other";
            input.value = offered[choice.value] ?? "";
            this.changed();
        });
        const remove = el("button", { type: "button", class: "quiet", "aria-label": "Do not vary it", on: { click: () => {
            this.#rows = this.#rows.filter((each) => each !== row);
            row.node.remove();
            this.changed();
            this.add.focus();
        } } }, "Remove");
        row.node = el("li", {}, el("span", { class: "sweep-path" }, choice, other), input, remove);
        this.#rows.push(row);
        this.list.append(row.node);
    }

    /** The value for the request, or undefined where nothing varies. */
    get value() {
        if (this.#rows.length === 0) return undefined;
        const value = { method: this.method.read(), parameters: {} };
        for (const row of this.#rows) if (row.path) value.parameters[row.path] = valuesOf(row.values.value, row.path);
        if (value.method === "random") value.trials = this.trials.read() ?? 10;
        if (this.metric.value) value.metric = this.metric.value;
        if (this.halving.value) value.halving = { factor: this.halving.value };
        return value;
    }

    /** Shows a value of `sweep`. */
    write(sweep) {
        if (!sweep) return;
        for (const [path, values] of Object.entries(sweep.parameters ?? {})) {
            this.#addRow(path, Array.isArray(values) ? values.map((each) => (typeof each === "string" ? each : JSON.stringify(each))).join(", ") : `${values.min} to ${values.max}`);
        }
        this.method.write(sweep.method ?? "grid");
        this.trials.write(sweep.trials);
        this.halving.write(sweep.halving?.factor);
        this.#show();
    }

    /** Offers the metrics of the task. */
    adapt(state) {
        const chosen = this.metric.input.value, metrics = metricsOf(state);
        fill(this.metric.input, el("option", { value: "" }, "metric of the task"), metrics.map((name) => el("option", { value: name, selected: name === chosen }, metricName(name))));
    }

    /** Shows why the value was not accepted; null clears it. */
    refuse(message) {
        this.error.hidden = !message;
        setText(this.error, message ?? "");
    }

    #show() {
        const parsed = this.#rows.map((row) => valuesOf(row.values.value, row.path));
        const hasRange = parsed.some((values) => values && !Array.isArray(values));
        this.options.hidden = this.#rows.length === 0;
        this.trials.node.hidden = this.method.read() !== "random";
        if (this.#rows.length === 0) return setText(this.words, "");
        if (parsed.some((values) => values === null)) return setText(this.words, "A setting has no values yet, or its range is the wrong way round.");
        if (this.method.read() === "random") return setText(this.words, `${counted(this.trials.read() ?? 10, "run")}, drawn at random.`);
        if (hasRange) return setText(this.words, "A range has no end of values: combine at random, or list the values.");
        const runs = parsed.reduce((product, values) => product * values.length, 1);
        return setText(this.words, `${counted(runs, "run")}: ${parsed.map((values) => values.length).join(" × ")}.`);
    }
}
