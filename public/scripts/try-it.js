// A place to try a model: type a text and see its answer, in the form of its task.

import { post } from "./api.js";
import { el, fill, setText } from "./dom.js";
import { number, percent } from "./format.js";
import { notifyError } from "./notices.js";

const testPath = "/samples/support-messages-test.jsonl";

const kinds = {
    "text-classification": { verb: "Classify", doing: "Classifying …", failed: "The text was not classified", pair: true },
    "text-regression": { verb: "Score", doing: "Scoring …", failed: "The text was not scored", pair: true },
    "token-classification": { verb: "Find entities", doing: "Looking …", failed: "The text was not read", example: "Ada Lovelace met Charles Babbage in London." },
    "masked-language-modeling": { verb: "Fill in", doing: "Guessing …", failed: "The words were not guessed", example: "The pump must be MASK before the valve is opened.", masks: true },
    "text-embedding": { verb: "Compare", doing: "Comparing …", failed: "The texts were not compared", example: "How do I reset my password?", list: "How to choose a new password\nWhere is my parcel?\nSigning in does not work" },
};

/** The box to type into; `card` resolves to the model's card, which tells how hidden words are written. */
export class TryIt {
    constructor(model, card, signal) {
        this.model = model;
        this.signal = signal;
        this.kind = kinds[model.task] ?? kinds["text-classification"];
        this.mask = "[MASK]";
        card.then((known) => { if (known?.family === "roberta") this.mask = "<mask>"; }, () => {});
        const submits = (event) => {
            if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); this.#predict(); }
        };
        this.text = el("textarea", { id: "try-text", rows: "4", placeholder: "Type or paste a text", "aria-describedby": "try-hint", on: { keydown: submits } });
        this.second = el("textarea", { id: "try-second", rows: this.kind.list ? "4" : "2", on: { keydown: submits } });
        this.button = el("button", { type: "submit", class: "primary", id: "try-button" }, this.kind.verb);
        this.result = el("div", { id: "try-result", "aria-live": "polite" });
        const second = el("div", { class: "field" }, el("label", { for: "try-second" }, this.kind.list ? "Compare with these, one a line" : "Second text"), this.second);
        this.node = el("section", { class: "panel try-it", "aria-labelledby": "try-title", data: { task: model.task ?? "" } },
            el("div", { class: "panel-head" }, el("h2", { id: "try-title" }, "Try it")),
            el("form", { on: { submit: (event) => { event.preventDefault(); this.#predict(); } } },
                el("div", { class: "field" }, el("label", { for: "try-text" }, "Text"), this.text, el("p", { class: "hint", id: "try-hint" }, "Ctrl+Enter asks the model.")),
                this.kind.list ? second : this.kind.pair && el("details", {}, el("summary", {}, "It was trained on pairs"), second),
                el("div", { class: "actions" }, this.button, this.#helpers())),
            this.result);
    }

    #helpers() {
        const button = (id, label, click) => el("button", { type: "button", class: "quiet", id, on: { click } }, label);
        if (this.kind.masks) return [
            button("try-mask", "Hide a word here", () => this.text.setRangeText(this.mask, this.text.selectionStart, this.text.selectionEnd, "end")),
            button("try-example", "Take an example", () => this.#take())];
        if (this.kind.example) return button("try-example", "Take an example", () => this.#take());
        return this.model.labels?.includes("billing") && button("try-example", "Take a message that it has not seen", () => this.#takeSample());
    }

    #take() {
        this.text.value = this.kind.example.replace("MASK", this.mask);
        if (this.kind.list) this.second.value = this.kind.list;
        this.#predict();
    }

    async #takeSample() {
        try {
            const response = await fetch(testPath, { signal: this.signal });
            if (!response.ok) throw new Error(`The sample messages ${testPath} are missing on this server (${response.status}).`);
            const lines = (await response.text()).trim().split("\n");
            const { text, label } = JSON.parse(lines[Math.floor(Math.random() * lines.length)]);
            this.text.value = text;
            await this.#predict(label);
        } catch (error) {
            notifyError(error, "No example");
        }
    }

    #complain(message, input) {
        fill(this.result, el("p", { class: "field-error" }, message));
        input.focus();
    }

    async #predict(expected = null) {
        const text = this.text.value.trim(), second = this.second.value.trim();
        const others = this.kind.list ? second.split("\n").map((line) => line.trim()).filter(Boolean) : [];
        if (!text) return this.#complain("There is no text yet; type one first.", this.text);
        if (this.kind.masks && !text.includes(this.mask)) return this.#complain(`No word is hidden yet; write ${this.mask} for it.`, this.text);
        if (this.kind.list && others.length === 0) return this.#complain("There is nothing to compare with yet; write one text a line.", this.second);
        this.button.disabled = true;
        setText(this.button, this.kind.doing);
        try {
            const input = this.kind.list ? [text, ...others] : [this.kind.pair && second ? { text, text_pair: second } : text];
            const { data } = await post("/v1/predictions", { model: this.model.id, input }, { signal: this.signal });
            fill(this.result, this.#answer(data, text, others, expected));
        } catch (error) {
            notifyError(error, this.kind.failed);
        } finally {
            this.button.disabled = false;
            setText(this.button, this.kind.verb);
        }
    }

    #answer(data, text, others, expected) {
        const [first] = data;
        if (first.embedding) return similarities(data.map((each) => each.embedding), others);
        if (first.entities) return highlighted(text, first.entities);
        if (first.fills) return fills(text, this.mask, first.fills);
        if (Number.isFinite(first.score)) return el("p", { class: "answer" }, el("strong", {}, number(first.score)));
        return labelled(first, expected);
    }
}

function bars(list, { isChosen, text = percent }) {
    return el("ol", { class: "scores" }, list.map((each, i) => el("li", { data: { first: String(isChosen(each, i)) } },
        el("span", { class: "clip", title: each.label }, each.label),
        el("span", { class: "meter", vars: { "--share": Math.max(0, each.score).toFixed(4) } }),
        el("span", { class: "number" }, text(each.score)))));
}

/** One label with its rivals, or all labels that hold. */
function labelled({ label, labels, scores }, expected) {
    if (labels) {
        return [
            el("p", { class: "answer" }, labels.length > 0 ? labels.map((each) => el("span", { class: "tag" }, each)) : el("span", { class: "muted" }, "None of its labels holds.")),
            bars(scores, { isChosen: (each) => labels.includes(each.label) }),
        ];
    }
    const known = expected !== null && scores.some((each) => each.label === expected);
    return [
        el("p", { class: "answer" }, el("strong", {}, label), ` with ${percent(scores[0].score)}`,
            known && el("span", { class: "muted" }, expected === label ? ". The sample says the same." : `. The sample says ${expected}.`)),
        bars(scores, { isChosen: (_, i) => i === 0 }),
    ];
}

/**
 * The pieces of a text: {text, entity}. Offsets count characters; where they do not fit what the entity says it is,
 * it is looked for behind the one before.
 */
export function pieces(text, entities) {
    const characters = Array.from(text), out = [];
    let at = 0;
    for (const entity of [...entities].sort((a, b) => a.start - b.start)) {
        let start = characters.slice(0, entity.start).join("").length;
        if (text.slice(start, start + entity.text.length) !== entity.text) start = text.indexOf(entity.text, at);
        if (start < at) continue;
        if (start > at) out.push({ text: text.slice(at, start), entity: null });
        at = start + entity.text.length;
        out.push({ text: entity.text, entity });
    }
    if (at < text.length) out.push({ text: text.slice(at), entity: null });
    return out;
}

function highlighted(text, entities) {
    const types = [...new Set(entities.map((each) => each.type))].sort();
    return [
        el("p", { class: "marked-text" }, pieces(text, entities).map(({ text: part, entity }) => (entity
            ? el("mark", { data: { kind: String(types.indexOf(entity.type) % 4) }, title: `${entity.type}, ${percent(entity.score)}` }, part, " ", el("span", { class: "kind" }, entity.type))
            : part))),
        entities.length === 0 && el("p", { class: "muted" }, "It finds no entity in this text."),
    ];
}

function fills(text, mask, list) {
    const parts = text.split(mask);
    return [
        el("p", { class: "marked-text" }, parts.map((part, i) => [part, i < parts.length - 1 && el("mark", { data: { kind: "0" } }, (list[i]?.[0]?.token ?? "?").trim())])),
        list.map((candidates, i) => el("figure", {}, list.length > 1 && el("figcaption", { class: "label" }, `Word ${i + 1}`),
            bars(candidates.slice(0, 5).map(({ token, score }) => ({ label: token.trim(), score })), { isChosen: (_, place) => place === 0 }))),
    ];
}

/** The cosine of the angle between two vectors. */
export function cosine(a, b) {
    let dot = 0, aa = 0, bb = 0;
    for (let i = 0; i < a.length; i += 1) { dot += a[i] * b[i]; aa += a[i] * a[i]; bb += b[i] * b[i]; }
    return aa > 0 && bb > 0 ? dot / Math.sqrt(aa * bb) : 0;
}

function similarities([query, ...vectors], texts) {
    const list = vectors.map((vector, i) => ({ label: texts[i], score: cosine(query, vector) })).sort((a, b) => b.score - a.score);
    return [
        el("p", { class: "label" }, "Likeness of the meaning: the cosine of the vectors, nearest first"),
        bars(list, { isChosen: (_, i) => i === 0, text: (value) => number(value, 3) }),
    ];
}
