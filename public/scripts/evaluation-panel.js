// What the model gets right and wrong on held-back data.

import { el, fill, table } from "./dom.js";
import { count, counted, number, percent } from "./format.js";

/** Shows one evaluation of a job, the best one unless another is chosen. */
export class EvaluationPanel {
    #chosen = null;

    constructor(history) {
        this.history = history;
        this.choice = el("select", { id: "evaluation-choice", "aria-label": "Evaluation" });
        this.choice.addEventListener("change", () => { this.#chosen = Number(this.choice.value); this.#render(); });
        this.body = el("div", {});
        this.node = el("section", { class: "panel", id: "evaluation", "aria-labelledby": "evaluation-title", hidden: true },
            el("div", { class: "panel-head" }, el("h2", { id: "evaluation-title" }, "Evaluation"),
                el("div", { class: "controls" }, this.choice)), this.body);
    }

    /** Shows what the history holds now; `best` is the job's best metric, or null. */
    update(best) {
        this.best = best;
        const { evaluations } = this.history;
        this.node.hidden = evaluations.length === 0;
        if (evaluations.length === 0) return;
        const steps = evaluations.map((each) => each.step);
        if (!steps.includes(this.#chosen)) this.#chosen = null;
        fill(this.choice, evaluations.map((each) => el("option", { value: String(each.step), selected: each.step === this.#shown.step },
            `Step ${count(each.step)}, epoch ${number(each.epoch, 3)}${each.step === best?.step ? " (best)" : ""}`)));
        this.choice.hidden = evaluations.length < 2;
        this.#render();
    }

    get #shown() {
        const { evaluations } = this.history;
        const find = (step) => evaluations.find((each) => each.step === step);
        return find(this.#chosen) ?? find(this.best?.step) ?? evaluations.at(-1);
    }

    #render() {
        const shown = this.#shown;
        const key = `${shown.step}/${this.history.evaluations.length}`;
        if (this.body.dataset.key === key) return;
        this.body.dataset.key = key;
        fill(this.body,
            el("p", { class: "lead" }, this.#sentence(shown)),
            el("div", { class: "evaluation" },
                shown.confusion_matrix && confusionMatrix(shown),
                shown.per_class && classTable(shown)));
    }

    #sentence({ accuracy, macro_f1: f1, valid_loss: loss, per_class: classes }) {
        const total = classes?.reduce((sum, each) => sum + each.support, 0);
        const parts = [`${percent(accuracy)} right`];
        if (total) parts.push(`of ${counted(total, "held-back example")}`);
        return `${parts.join(" ")}. Macro F1 ${percent(f1)}, loss ${number(loss)}.`;
    }
}

function confusionMatrix({ labels, confusion_matrix: matrix }) {
    const sums = matrix.map((row) => row.reduce((a, b) => a + b, 0));
    const cell = (value, i, j) => {
        const share = sums[i] > 0 ? value / sums[i] : 0;
        return el("td", {
            class: share > 0.55 ? "strong" : null, vars: { "--share": share.toFixed(3) },
            data: { kind: value === 0 ? "none" : i === j ? "right" : "wrong" },
            title: `${count(value)} of ${counted(sums[i], "example")} of ${labels[i]} were taken for ${labels[j]}`,
        }, value === 0 ? el("span", { class: "faint" }, "0") : count(value));
    };
    return el("figure", { class: "confusion" },
        el("figcaption", { class: "label" }, "Confusion: rows are the true label, columns what the model said"),
        el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Confusion matrix" },
            el("table", { id: "confusion-matrix" },
                el("thead", {}, el("tr", {}, el("td", {}), labels.map((label) => el("th", { scope: "col", title: label }, el("span", {}, label))))),
                el("tbody", {}, matrix.map((row, i) => el("tr", {}, el("th", { scope: "row" }, labels[i]), row.map((value, j) => cell(value, i, j))))))));
}

function classTable({ per_class: classes }) {
    const bar = (value) => el("span", { class: "meter-cell" }, el("span", { class: "meter", vars: { "--share": value.toFixed(3) } }), percent(value, 0));
    return el("figure", {},
        el("figcaption", { class: "label" }, "By label"),
        el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Results by label" }, table({
            caption: "Precision, recall and F1 by label", className: "classes",
            columns: [{ title: "Label" }, { title: "Precision", number: true }, { title: "Recall", number: true }, { title: "F1" }, { title: "Examples", number: true }],
            rows: classes.map((each) => [each.label, percent(each.precision, 0), percent(each.recall, 0), bar(each.f1), count(each.support)]),
        })));
}
