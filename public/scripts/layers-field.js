import { el, fill } from "./dom.js";
import { counted } from "./format.js";

const lines = (text) => text.split(/[\n,]/).map((line) => line.trim()).filter(Boolean);

/** Which layers train: everything, the head, the top N blocks, or patterns of names. Draws the network, cold to warm. */
export class LayersField {
    path = "layers.train";
    #blocks = null;

    constructor(onChange) {
        this.onChange = onChange;
        const choice = (value, label, hint) => el("label", { class: "option" },
            el("input", { type: "radio", name: "layers", id: `layers-${value}-choice`, value, checked: value === "all", on: { change: () => this.#changed() } }),
            el("span", {}, el("strong", {}, label), el("span", { class: "muted" }, hint)));
        this.top = el("input", { type: "number", min: "1", max: "100", value: "2", id: "layers-top", "aria-label": "How many blocks from the top", on: { input: () => this.#changed() } });
        this.include = el("textarea", { rows: "2", spellcheck: "false", id: "layers-include", placeholder: "encoder.layer.5.*", on: { input: () => this.#changed() } });
        this.exclude = el("textarea", { rows: "2", spellcheck: "false", id: "layers-exclude", placeholder: "*.bias", on: { input: () => this.#changed() } });
        this.topRow = el("div", { class: "field", hidden: true }, el("label", { for: "layers-top" }, "Blocks from the top"), this.top);
        this.patternRow = el("div", { class: "pair", hidden: true },
            el("div", { class: "field" }, el("label", { for: "layers-include" }, "Train these, a pattern a line"), this.include),
            el("div", { class: "field" }, el("label", { for: "layers-exclude" }, "But not these"), this.exclude));
        this.map = el("div", { class: "layer-strip", hidden: true });
        this.error = el("p", { class: "field-error", hidden: true });
        this.input = el("fieldset", { class: "options", data: { path: this.path } }, el("legend", { class: "visually-hidden" }, "Which layers train"),
            choice("all", "All", "Best quality, slowest."),
            choice("top", "Top blocks", "Most of the quality at part of the cost."),
            choice("head", "Head only", "The fastest; the model itself stays as it is."),
            choice("patterns", "By name", "Patterns of parameter names."));
        this.node = el("div", {}, this.map, this.input, this.topRow, this.patternRow, this.error);
    }

    get #mode() {
        return this.input.querySelector("input:checked").value;
    }

    /** The value for the request, or undefined where all layers train. */
    get value() {
        const mode = this.#mode;
        if (mode === "head") return "head";
        if (mode === "top") return { top: Number(this.top.value) || 1 };
        if (mode !== "patterns") return undefined;
        const value = { include: lines(this.include.value) };
        if (lines(this.exclude.value).length > 0) value.exclude = lines(this.exclude.value);
        return value;
    }

    /** Shows a value of layers.train. */
    write(value) {
        const mode = typeof value === "string" ? value : value?.top !== undefined ? "top" : "patterns";
        this.input.querySelector(`[value=${mode}]`).checked = true;
        if (mode === "top") this.top.value = String(value.top);
        if (mode === "patterns") {
            this.include.value = (value.include ?? []).join("\n");
            this.exclude.value = (value.exclude ?? []).join("\n");
        }
        this.#show();
    }

    /** Shows why the value was not accepted; null clears it. */
    refuse(message) {
        this.error.hidden = !message;
        this.error.textContent = message ?? "";
    }

    /** Learns the blocks of the chosen model from its card; null hides the drawing. */
    describe(card) {
        const numbers = (card?.layers ?? []).map(({ name }) => /layer\.(\d+)\b/.exec(name)?.[1]).filter(Boolean).map(Number);
        this.#blocks = numbers.length > 0 ? Math.max(...numbers) + 1 : null;
        this.#show();
    }

    #changed() {
        this.refuse(null);
        this.#show();
        this.onChange();
    }

    #show() {
        const mode = this.#mode, blocks = this.#blocks;
        this.topRow.hidden = mode !== "top";
        this.patternRow.hidden = mode !== "patterns";
        this.map.hidden = blocks === null || mode === "patterns";
        if (this.map.hidden) return;
        const warm = mode === "all" ? blocks + 1 : mode === "head" ? 0 : Math.min(blocks, Number(this.top.value) || 0);
        const cell = (label, isWarm, kind = "block") => el("li", { data: { warm: String(isWarm), kind } }, label);
        fill(this.map,
            el("ol", { "aria-label": `${mode === "all" ? "Embeddings and all" : warm} of ${counted(blocks, "block")} train, and the head` },
                cell("emb.", mode === "all"),
                Array.from({ length: blocks }, (_, i) => cell(String(i), i >= blocks - warm)),
                cell("head", true, "head")),
            el("p", { class: "muted" }, el("span", { class: "swatch swatch-warm" }), "trains", el("span", { class: "swatch swatch-cold" }), "frozen"));
    }
}
