// What a sweep says: its parameters in words, its trials in order, and how good each came out.

import { number } from "./format.js";

const lowerIsBetter = /loss|error|^mse$|^mae$|^ece$|perplexity/;

/** Whether a higher value of a metric is better. */
export function higherIsBetter(metric) {
    return !lowerIsBetter.test(metric);
}

const names = { n_epochs: "epochs", "optimizer.type": "optimizer", "lora.rank": "LoRA rank", "lora.alpha": "LoRA alpha" };

/** The path of a setting in few words: "learning rate", "LoRA rank". */
export function parameterName(path) {
    const last = path.split(".").at(-1), pair = path.split(".").slice(-2).join(".");
    return names[pair] ?? names[last] ?? last.replaceAll("_", " ");
}

/** A setting's value as text. */
export function valueText(value) {
    if (typeof value === "number") return Number.isInteger(value) ? String(value) : Math.abs(value) < 0.001 ? number(value) : String(parseFloat(value.toPrecision(3)));
    return typeof value === "string" ? value : JSON.stringify(value);
}

/** Settings with their values in a line: "learning rate 3e-5, LoRA rank 8". */
export function settingsText(parameters) {
    return Object.entries(parameters).map(([path, value]) => `${parameterName(path)} ${valueText(value)}`).join(", ");
}

/**
 * The trials, best first; those without a value come last, in the order in which they were made. Where weak ones are given up
 * early, those that went on stand before those that did not.
 */
export function ranked(trials, metric) {
    const sign = higherIsBetter(metric) ? -1 : 1;
    const measured = (trial) => Number.isFinite(trial.value);
    return [...trials].sort((a, b) => Number(measured(b)) - Number(measured(a)) || (b.rung ?? 0) - (a.rung ?? 0) || (measured(a) && measured(b) ? sign * (a.value - b.value) : 0));
}

/** The parameters that a sweep varies, in the order of its request. */
export function parametersOf(job) {
    return Object.keys(job.sweep?.parameters ?? job.trials?.[0]?.parameters ?? {});
}

/**
 * An axis for values of a parameter: {at(value) → 0…1, ticks: [{at, text, value}]}. Numbers far apart are set out by their logarithm
 * where it `mayBend`, words side by side.
 */
export function axisOf(values, mayBend = true) {
    const known = values.filter((value) => value !== null && value !== undefined);
    const numeric = known.length > 0 && known.every((value) => typeof value === "number" && Number.isFinite(value));
    const distinct = [...new Set(known.map((value) => (numeric ? value : valueText(value))))];
    if (!numeric) {
        const place = (value) => (distinct.length > 1 ? distinct.indexOf(valueText(value)) / (distinct.length - 1) : 0.5);
        return { at: place, ticks: distinct.map((text) => ({ at: place(text), text, value: text })) };
    }
    const low = Math.min(...distinct), high = Math.max(...distinct);
    const log = mayBend && low > 0 && high / low >= 10;
    const scale = log ? Math.log10 : (value) => value;
    const at = (value) => (high > low ? (scale(value) - scale(low)) / (scale(high) - scale(low)) : 0.5);
    const shown = distinct.length <= 5 ? distinct : [low, log ? 10 ** ((Math.log10(low) + Math.log10(high)) / 2) : (low + high) / 2, high];
    return { at, ticks: shown.map((value) => ({ at: at(value), text: valueText(value), value })) };
}
