// The task: which one, and what its layer on top of the model looks like.

import { el, fill, setText } from "./dom.js";
import { choiceField, listField, numberField, switchField } from "./form-fields.js";
import { taskOf, tasks } from "./tasks.js";

/** Which of the tasks; remembers whether a person chose it or a file suggested it. */
export class TaskField {
    path = "task.type";
    isChosen = false;

    constructor(onChange) {
        this.onChange = onChange;
        this.error = el("p", { class: "field-error", hidden: true });
        this.why = el("p", { class: "hint", id: "task-why", role: "status" });
        this.example = el("code", {});
        this.also = el("p", { class: "hint" });
        this.input = el("fieldset", { class: "options task-options", data: { path: this.path } }, el("legend", { class: "visually-hidden" }, "Task"),
            tasks.map(({ type, name, says }, i) => el("label", { class: "option" },
                el("input", { type: "radio", name: "task", id: `task-${type}`, value: type, checked: i === 0, on: { change: () => this.#chosen() } }),
                el("span", {}, el("strong", {}, name), el("span", { class: "muted" }, says)))));
        this.node = el("div", {}, this.input, this.why,
            el("div", { class: "line-format" }, el("p", { class: "label" }, "A line of the file"), el("pre", { class: "code", tabindex: "0" }, this.example), this.also), this.error);
        this.fields = taskLayerFields();
    }

    get type() {
        return this.input.querySelector("input:checked").value;
    }

    /** The value for the request; always sent, as it is the heart of it. */
    get value() {
        return this.type;
    }

    get isFine() {
        return true;
    }

    #chosen() {
        this.isChosen = true;
        setText(this.why, "");
        this.onChange();
    }

    /** Takes what a file looks like, unless a person has decided. */
    suggest(guess, filename) {
        if (!guess || this.isChosen) return;
        this.write(guess.type);
        if (guess.kind) for (const field of this.fields) if (field.path === "task.multi_label" || field.path === "task.embedding.loss") field.input.value = guess.kind;
        setText(this.why, `${filename} looks like it; choose another task if it is not.`);
    }

    /** Shows a value of task.type. */
    write(type) {
        const input = this.input.querySelector(`[value="${taskOf(type).type}"]`);
        input.checked = true;
    }

    /** Shows the line that the file should have by the state of the form. */
    adapt(state) {
        const task = taskOf(state.task);
        setText(this.example, task.lines[state.labels] ?? task.lines[state.loss] ?? Object.values(task.lines)[0]);
        setText(this.also, task.also);
    }

    /** Shows why the value was not accepted; null clears it. */
    refuse(message) {
        this.error.hidden = !message;
        setText(this.error, message ?? "");
    }
}

/** A second path that the input of another field decides. */
function linked(field, path, read, write) {
    return {
        path, input: field.input, node: field.node, isFine: true, adapt() {}, write, refuse: (message) => field.refuse(message),
        get value() { return field.node.hidden || !read() ? undefined : true; },
    };
}

function taskLayerFields() {
    const classifies = (state) => state.task === "text-classification";
    const embeds = (state) => state.task === "text-embedding";
    const masks = (state) => state.task === "masked-language-modeling";
    const kind = choiceField({
        path: "task.multi_label", label: "Labels of a text", fallback: "one", when: classifies, hint: "Ordered ones are ranks, such as stars.",
        options: [["one", "one"], ["several", "any number"], ["ordered", "one, and they are ordered"]],
    });
    kind.read = () => (kind.input.value === "several" ? true : "one");
    kind.write = (value) => { if (value === true) kind.input.value = "several"; };
    const ordinal = linked(kind, "task.ordinal", () => kind.input.value === "ordered", (value) => { if (value) kind.input.value = "ordered"; });
    const hasOwnHead = (state) => taskOf(state.task).hasHead && !masks(state);
    return [
        kind, ordinal,
        listField({ path: "task.labels", label: "Labels in order", fallback: undefined, placeholder: "from the file", hint: "Separated by commas.", when: (state) => taskOf(state.task).hasLabels }),
        choiceField({
            path: "task.embedding.loss", label: "Learns from", fallback: "in_batch_negatives", when: embeds,
            options: [["in_batch_negatives", "pairs, against the rest of the batch"], ["triplet", "triplets"], ["cosine", "pairs with a similarity"]],
        }),
        numberField({ path: "task.embedding.temperature", label: "Temperature", fallback: undefined, placeholder: "0.05", min: 1e-4, max: 100, when: (state) => embeds(state) && state.loss === "in_batch_negatives" }),
        numberField({ path: "task.embedding.margin", label: "Margin", fallback: undefined, placeholder: "0.5", min: 0, max: 100, when: (state) => embeds(state) && state.loss === "triplet" }),
        numberField({ path: "task.masking.probability", label: "Hidden words", fallback: 0.15, min: 0.01, max: 0.9, hint: "Share of a text.", when: masks }),
        switchField({ path: "task.masking.whole_word", label: "Hide whole words", fallback: true, when: masks }),
        choiceField({
            path: "task.head.pooling", label: "Pooling", fallback: "auto", hint: "What stands for the whole text.", when: (state) => taskOf(state.task).pools,
            options: [["auto", "auto"], ["cls", "first token"], ["mean", "mean"], ["max", "maximum"]],
        }),
        listField({ path: "task.head.hidden_sizes", label: "Layers before the output", fallback: [], placeholder: "none", hint: "Their sizes, such as 256.", each: Number, when: hasOwnHead }),
        numberField({ path: "task.head.dropout", label: "Head dropout", fallback: null, min: 0, max: 0.95, placeholder: "the model's own", when: hasOwnHead }),
        choiceField({ path: "task.head_init", label: "Head", fallback: "auto", options: [["auto", "keep if it fits"], ["new", "always new"]], when: (state) => taskOf(state.task).hasHead }),
        switchField({ path: "task.embedding.normalize", label: "Vectors of length 1", fallback: true, when: embeds }),
    ];
}

/** Those of the task's fields that are seldom wanted. */
export function isSeldom(field) {
    return ["task.labels", "task.head.hidden_sizes", "task.head.dropout", "task.head_init", "task.embedding.temperature", "task.embedding.margin", "task.embedding.normalize"].includes(field.path);
}

/** A grid of fields. */
export function grid(fields) {
    const box = el("div", { class: "fields" });
    fill(box, [...new Set(fields.map((field) => field.node))]);
    return box;
}
