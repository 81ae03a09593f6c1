// The fields of the data: how the file is read, how its examples are varied and balanced.

import { el, fill, setText } from "./dom.js";
import { Field, choiceField, numberField, switchField, textField } from "./form-fields.js";
import { taskOf } from "./tasks.js";

const augmentations = [
    { type: "random_deletion", name: "Leave words out", probability: 0.1, words: true },
    { type: "random_swap", name: "Swap words", probability: 0.1, words: true },
    { type: "random_insertion", name: "Insert words", probability: 0.1, words: true },
    { type: "token_masking", name: "Hide words", probability: 0.1 },
    { type: "cutoff", name: "Cut a stretch out", probability: 1 },
    { type: "mixup", name: "Mix two texts (mixup)", probability: 1 },
];

function suits(type, task) {
    if (type === "mixup") return task === "text-classification";
    if (task === "token-classification") return !["random_deletion", "random_swap", "random_insertion"].includes(type);
    if (task === "masked-language-modeling") return !["token_masking", "cutoff"].includes(type);
    return true;
}

/** Which variations of the texts are trained on, each with its probability. */
export class AugmentField {
    path = "data.augment";
    isFine = true;
    #rows;

    constructor(onChange) {
        this.error = el("p", { class: "field-error", hidden: true });
        this.#rows = augmentations.map((each) => {
            const check = el("input", { type: "checkbox", id: `augment-${each.type}`, on: { change: () => { share.disabled = !check.checked; onChange(); } } });
            const share = el("input", { type: "number", min: 0, max: 1, step: "any", value: each.probability, disabled: true, "aria-label": `Probability of: ${each.name}`, on: { input: onChange } });
            return { ...each, check, share, node: el("li", {}, el("label", { for: `augment-${each.type}` }, check, each.name), share) };
        });
        this.input = el("ul", { class: "augment", data: { path: this.path } }, this.#rows.map((row) => row.node));
        this.node = el("div", { class: "field" }, el("p", { class: "field-title" }, "Vary the texts, each with this probability"), this.input, this.error);
    }

    get value() {
        const chosen = this.#rows.filter((row) => row.check.checked && !row.node.hidden);
        if (chosen.length === 0) return undefined;
        return chosen.map((row) => (Number(row.share.value) === row.probability ? { type: row.type } : { type: row.type, probability: Number(row.share.value) }));
    }

    write(list) {
        for (const row of this.#rows) {
            const given = (list ?? []).find((each) => each.type === row.type);
            row.check.checked = Boolean(given);
            row.share.disabled = !given;
            if (given) row.share.value = String(given.probability ?? row.probability);
        }
    }

    adapt(state) {
        for (const row of this.#rows) row.node.hidden = !suits(row.type, state.task);
    }

    refuse(message) {
        this.error.hidden = !message;
        setText(this.error, message ?? "");
    }
}

function classWeights() {
    const kind = el("select", {}, [["none", "all alike"], ["balanced", "rare ones more"], ["own", "weights of my own"]].map(([value, name]) => el("option", { value }, name)));
    const field = new Field({
        path: "data.class_weights", label: "Weight of the labels", input: kind, fallback: "none", when: (state) => state.task === "text-classification",
        read: () => (kind.value === "own" ? weightsOf(own.value) ?? "none" : kind.value),
        write: (value) => {
            kind.value = typeof value === "object" && value ? "own" : value ?? "none";
            if (kind.value === "own") own.value = Object.entries(value).map(([label, weight]) => `${label}: ${weight}`).join(", ");
            show();
        },
    });
    const own = el("input", { type: "text", placeholder: "bug: 2, praise: 0.5", "aria-label": "Weights by label", autocomplete: "off", spellcheck: "false", hidden: true });
    const show = () => { own.hidden = kind.value !== "own"; };
    kind.addEventListener("input", show);
    own.addEventListener("input", () => kind.dispatchEvent(new Event("input")));
    kind.after(own);
    return field;
}

function weightsOf(text) {
    const pairs = text.split(",").map((part) => /^(.*):\s*([\d.eE+-]+)\s*$/.exec(part.trim())).filter(Boolean);
    return pairs.length > 0 ? Object.fromEntries(pairs.map(([, label, weight]) => [label.trim(), Number(weight)])) : null;
}

/** The fields by groups. */
export function dataFields(onChange) {
    const names = { text: "Text", text_pair: "Second text", label: "Label", labels: "Labels", score: "Score", tokens: "Words", tags: "Tags", anchor: "Anchor", positive: "Positive", negative: "Negative" };
    const reads = (state, name) => fieldsOf(state).includes(name);
    return {
        reading: [
            choiceField({ path: "data.format", label: "Format", fallback: "auto", options: [["auto", "by its name and content"], ["jsonl", "JSON lines"], ["json", "JSON array"], ["csv", "CSV"], ["tsv", "TSV"], ["conll", "CoNLL"], ["text", "plain text"]] }),
            headerField(),
            numberField({ path: "data.max_length", label: "Maximum length", fallback: 128, min: 8, max: 8192, step: 1, hint: "Tokens; longer texts are cut, or, for masked-language modeling, divided." }),
            numberField({ path: "data.validation_split", label: "Held back", fallback: 0.1, min: 0, max: 0.9, hint: "Share for validation." }),
            switchField({ path: "data.shuffle", label: "Shuffle in each epoch", fallback: true }),
            ...Object.entries(names).map(([name, label]) => textField({
                path: `data.fields.${name}`, label: `Column of: ${label.toLowerCase()}`, fallback: name === "text_pair" ? null : name, placeholder: name, when: (state) => reads(state, name),
            })),
        ],
        variety: [
            new AugmentField(onChange), classWeights(),
            choiceField({
                path: "data.oversample", label: "Drawn", fallback: "none", options: [["none", "each example once"], ["balanced", "rare labels more often"]],
                when: (state) => state.task === "text-classification" && state.labels !== "several",
            }),
        ],
    };
}

/** The columns that a task reads, by the state of the form. */
export function fieldsOf(state) {
    if (state.task === "text-classification" && state.labels === "several") return ["text", "text_pair", "labels"];
    if (state.task === "text-embedding" && state.loss === "cosine") return ["text", "text_pair", "score"];
    return taskOf(state.task).fields;
}

function headerField() {
    const values = { auto: "auto", yes: true, no: false };
    const field = choiceField({
        path: "data.header", label: "Heading line", fallback: "auto", when: (state) => ["auto", "csv", "tsv"].includes(state.format),
        options: [["auto", "if there is one"], ["yes", "there is one"], ["no", "there is none"]],
    });
    field.read = () => values[field.input.value];
    field.write = (value) => { field.input.value = Object.keys(values).find((key) => values[key] === value) ?? "auto"; };
    return field;
}

/** Fills a choice with the files of the server. */
export function fileOptions(select, files, nameOf) {
    fill(select, el("option", { value: "" }, "none, hold back a share"), files.map((file) => el("option", { value: file.id }, nameOf(file))));
}
