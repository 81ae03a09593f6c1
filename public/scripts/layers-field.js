import { el, fill, setText } from "./dom.js";
import { foretoldBlocks } from "./forecast.js";
import { compact, counted } from "./format.js";
import { choiceField, listField, numberField, switchField } from "./form-fields.js";
import { heightOf } from "./network.js";
import { taskOf } from "./tasks.js";

const lines = (text) => text.split(/[\n,]/).map((line) => line.trim()).filter(Boolean);

/** Which layers train: everything, the top N blocks, the head, side branches (LoRA), or patterns of names. Draws the network, cold to warm. */
export class LayersField {
    path = "layers";
    isFine = true;
    #blocks = null;
    #card = null;
    #task = "text-classification";

    constructor(onChange) {
        this.onChange = onChange;
        const choice = (value, label, hint) => el("label", { class: "option" },
            el("input", { type: "radio", name: "layers", id: `layers-${value}-choice`, value, checked: value === "all", on: { change: () => this.#changed() } }),
            el("span", {}, el("strong", {}, label), el("span", { class: "muted" }, hint)));
        this.top = numberField({ path: "layers.train.top", label: "Blocks from the top", fallback: 2, min: 1, max: 100, step: 1 });
        this.include = el("textarea", { rows: "2", spellcheck: "false", id: "layers-include", placeholder: "encoder.layer.5.*", on: { input: () => this.#changed() } });
        this.exclude = el("textarea", { rows: "2", spellcheck: "false", id: "layers-exclude", placeholder: "*.bias", on: { input: () => this.#changed() } });
        this.patternRow = el("div", { class: "pair", hidden: true },
            el("div", { class: "field" }, el("label", { for: "layers-include" }, "Train these, a pattern a line"), this.include),
            el("div", { class: "field" }, el("label", { for: "layers-exclude" }, "But not these"), this.exclude));
        this.gradual = numberField({ path: "layers.gradual_unfreezing.every_epochs", label: "Thaw one by one", fallback: null, min: 1, max: 1000, step: 1, placeholder: "off", hint: "A block more every so many epochs, from the head down." });
        this.lora = {
            rank: numberField({ path: "layers.lora.rank", label: "Rank", fallback: 8, min: 1, max: 1024, step: 1, hint: "Width of the branch." }),
            alpha: numberField({ path: "layers.lora.alpha", label: "Alpha", fallback: 16, min: 0, max: 4096, hint: "Its weight is alpha / rank." }),
            dropout: numberField({ path: "layers.lora.dropout", label: "LoRA dropout", fallback: 0, min: 0, max: 0.95 }),
            targets: listField({ path: "layers.lora.targets", label: "Where", fallback: "auto", placeholder: "query and value", hint: "Names such as query, key, dense." }),
            merge: choiceField({ path: "layers.lora.merge", label: "Saved as", fallback: "adapter", options: [["adapter", "adapter beside the model"], ["merged", "merged into the model"]] }),
            rslora: switchField({ path: "layers.lora.rslora", label: "Rank-stabilised (rsLoRA)", fallback: false }),
            dora: switchField({ path: "layers.lora.dora", label: "Magnitude apart (DoRA)", fallback: false }),
        };
        this.lora.merge.read = () => this.lora.merge.input.value === "merged" || "adapter";
        this.lora.merge.write = (value) => { this.lora.merge.input.value = value ? "merged" : "adapter"; };
        this.fields = [this.top, this.gradual, ...Object.values(this.lora)];
        for (const { input } of this.fields) input.addEventListener("input", () => this.#changed());
        this.map = el("div", { class: "layer-strip", hidden: true });
        this.error = el("p", { class: "field-error", hidden: true });
        this.input = el("fieldset", { class: "options", data: { path: this.path } }, el("legend", { class: "visually-hidden" }, "Which layers train"),
            choice("all", "All", "Best quality, slowest."),
            choice("top", "Top blocks", "Most of the quality at part of the cost."),
            choice("lora", "LoRA", "Small side branches learn; the model stays as it is."),
            choice("head", "Head only", "The fastest; the model is only read."),
            choice("patterns", "By name", "Patterns of parameter names."));
        this.loraRow = el("div", { class: "fields", hidden: true }, Object.values(this.lora).map((field) => field.node));
        this.partRow = el("div", { class: "fields" }, this.top.node, this.gradual.node);
        this.node = el("div", { class: "layers-field" }, this.map, this.input, this.partRow, this.loraRow, this.patternRow, this.error);
        this.#show();
    }

    get mode() {
        return this.input.querySelector("input:checked").value;
    }

    /** What of the form's state others go by: the selection, and whether the trunk is frozen. */
    get state() {
        const { mode } = this;
        return { train: mode, lora: mode === "lora", frozen: mode === "head", every: this.gradual.node.hidden ? 0 : this.gradual.read() ?? 0, blocks: this.#blocks };
    }

    /** The value for the request, or undefined where all layers train. */
    get value() {
        const { mode } = this, value = {};
        if (mode === "lora") {
            value.lora = {};
            for (const [name, field] of Object.entries(this.lora)) if (field.value !== undefined) value.lora[name] = field.value;
            return value;
        }
        if (mode === "head") value.train = "head";
        if (mode === "top") value.train = { top: this.top.read() };
        if (mode === "patterns") {
            value.train = { include: lines(this.include.value) };
            if (lines(this.exclude.value).length > 0) value.train.exclude = lines(this.exclude.value);
        }
        if (this.gradual.value !== undefined) value.gradual_unfreezing = { every_epochs: this.gradual.value };
        return Object.keys(value).length > 0 ? value : undefined;
    }

    /** Shows a value of `layers`. */
    write(layers) {
        const train = layers?.train ?? "all";
        const mode = layers?.lora ? "lora" : typeof train === "string" ? train : train.top !== undefined ? "top" : "patterns";
        this.input.querySelector(`[value=${mode}]`).checked = true;
        if (mode === "top") this.top.write(train.top);
        if (mode === "patterns") {
            this.include.value = (train.include ?? []).join("\n");
            this.exclude.value = (train.exclude ?? []).join("\n");
        }
        for (const [name, field] of Object.entries(this.lora)) if (layers?.lora?.[name] !== undefined) field.write(layers.lora[name]);
        this.gradual.write(layers?.gradual_unfreezing?.every_epochs);
        this.#show();
    }

    /** Shows why the value was not accepted; null clears it. */
    refuse(message) {
        this.error.hidden = !message;
        setText(this.error, message ?? "");
    }

    /** Learns the blocks of the chosen model from its card; null hides the drawing. */
    describe(card) {
        this.#blocks = heightOf((card?.layers ?? []).map(({ name }) => name)) || null;
        this.#card = card;
        this.#show();
    }

    /** Follows the task: one without a head cannot train its head alone. */
    adapt(state) {
        this.#task = state.task;
        const head = this.input.querySelector("#layers-head-choice");
        head.disabled = !taskOf(state.task).hasHead;
        head.closest(".option").hidden = head.disabled;
        if (head.disabled && head.checked) this.input.querySelector("#layers-all-choice").checked = true;
        this.#show();
    }

    #changed() {
        this.refuse(null);
        this.#show();
        this.onChange();
    }

    #show() {
        const { mode } = this, blocks = this.#blocks;
        this.top.node.hidden = mode !== "top";
        this.gradual.node.hidden = mode === "head" || mode === "lora";
        this.partRow.hidden = mode === "head" || mode === "lora";
        this.loraRow.hidden = mode !== "lora";
        this.patternRow.hidden = mode !== "patterns";
        this.map.hidden = blocks === null || mode === "patterns";
        if (this.map.hidden) return;
        const every = this.state.every;
        const warm = { all: blocks + 1, head: 0, lora: 0 }[mode] ?? Math.min(blocks, this.top.read() || 0);
        const cell = (label, isWarm, kind = "block", thaws = 0) => el("li", {
            data: { warm: String(isWarm), kind, lora: String(mode === "lora" && kind === "block" && label !== "emb."), thaws: String(thaws > 0) },
            title: thaws > 0 ? `thaws after epoch ${thaws}` : null,
        }, thaws > 0 ? el("span", {}, label, el("small", {}, `+${thaws}`)) : label);
        const hasHead = taskOf(this.#task).hasHead;
        fill(this.map,
            el("ol", { "aria-label": mode === "lora" ? `LoRA branches beside ${counted(blocks, "block")}, and the head` : `${mode === "all" ? "Embeddings and all" : warm} of ${counted(blocks, "block")} train${hasHead ? ", and the head" : ""}` },
                cell("emb.", mode === "all", "block", mode === "all" ? (blocks + 1) * every : 0),
                Array.from({ length: blocks }, (_, i) => cell(String(i), i >= blocks - warm, "block", i >= blocks - warm ? (blocks - i) * every : 0)),
                hasHead && cell("head", true, "head")),
            el("p", { class: "muted" }, el("span", { class: "swatch swatch-warm" }), "trains", el("span", { class: "swatch swatch-cold" }), "frozen",
                mode === "lora" ? [el("span", { class: "swatch swatch-branch" }), "side branch"] : "", this.#share(warm)));
    }

    #share(warm) {
        if (this.mode === "lora" || this.mode === "head") return "";
        const blocks = foretoldBlocks(this.#card, { train: this.mode === "top" ? { top: warm } : this.mode });
        const sum = (name) => blocks.reduce((total, block) => total + block[name], 0);
        return el("span", { class: "share" }, `${compact(sum("trainable"))} of ${compact(sum("parameters"))} parameters`);
    }
}
