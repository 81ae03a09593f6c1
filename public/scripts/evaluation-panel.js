// What the model gets right and wrong on held-back data.

import { Chart } from "./chart.js";
import { el, fill, setText } from "./dom.js";
import { count, counted, metric, metricName, metricTitle, number, percent } from "./format.js";
import { ledgerTitle } from "./job.js";

/** Shows one evaluation of a job, the best one unless another is chosen, and each metric over the epochs. */
export class EvaluationPanel {
    #chosen = null;
    #charts = new Map();
    #asked = 0;

    constructor(history, view, signal) {
        Object.assign(this, { history, view, signal });
        this.choice = el("select", { id: "evaluation-choice", "aria-label": "Evaluation" });
        this.choice.addEventListener("change", () => { this.#chosen = Number(this.choice.value); this.#render(); });
        this.link = el("a", { class: "button plain", id: "ledger-link", hidden: true });
        this.sentence = el("p", { class: "lead" });
        this.metrics = el("div", { class: "multiples", id: "metrics" });
        this.body = el("div", { class: "evaluation" });
        this.node = el("section", { class: "panel", id: "evaluation", "aria-labelledby": "evaluation-title", hidden: true },
            el("div", { class: "panel-head" }, el("h2", { id: "evaluation-title" }, "Evaluation"),
                el("div", { class: "controls" }, this.link, this.choice)), this.sentence, this.metrics, this.body);
    }

    /** Shows what the history holds now, for a job as it stands. */
    update(job) {
        this.job = job;
        const { evaluations } = this.history, { best } = job;
        this.node.hidden = evaluations.length === 0;
        if (evaluations.length === 0) return;
        const steps = evaluations.map((each) => each.step);
        if (!steps.includes(this.#chosen)) this.#chosen = null;
        const choices = `${steps.length}/${steps.at(-1)}/${best?.step}`;
        if (this.choice.dataset.key !== choices) {
            this.choice.dataset.key = choices;
            fill(this.choice, evaluations.map((each) => el("option", { value: String(each.step) },
                `Step ${count(each.step)}, epoch ${number(each.epoch, 3)}${each.step === best?.step ? " (best)" : ""}`)));
            this.choice.value = String(this.#shown.step);
        }
        this.choice.hidden = evaluations.length < 2;
        this.link.hidden = !job.ledger;
        setText(this.link, ledgerTitle(job));
        this.link.href = `#/ledger/${encodeURIComponent(job.id)}`;
        this.#render();
    }

    get #shown() {
        const { evaluations } = this.history;
        const find = (step) => evaluations.find((each) => each.step === step);
        return find(this.#chosen) ?? find(this.job.best?.step) ?? evaluations.at(-1);
    }

    async #render() {
        const shown = this.#shown;
        const key = `${shown.step}/${this.history.evaluations.length}`;
        if (this.body.dataset.key === key) return;
        this.body.dataset.key = key;
        setText(this.sentence, sentence(shown));
        this.#showMetrics(shown);
        const asked = this.#asked += 1;
        const parts = await (await import("./evaluation-parts.js")).evaluationParts(shown);
        if (asked === this.#asked && !this.signal.aborted) fill(this.body, parts);
    }

    #showMetrics(shown) {
        const { evaluations } = this.history;
        const names = Object.keys(shown.metrics).filter((name) => name !== "valid_loss");
        for (const name of names) if (!this.#charts.has(name)) this.#charts.set(name, this.#metric(name));
        if (this.metrics.children.length !== names.length) fill(this.metrics, names.map((name) => this.#charts.get(name).node));
        const steps = evaluations.map((each) => each.step);
        const before = evaluations.filter((each) => each.step < shown.step).at(-1);
        for (const name of names) {
            const { chart, value, detail } = this.#charts.get(name);
            setText(value, metric(name, shown.metrics[name]));
            const change = shown.metrics[name] - before?.metrics[name];
            const size = metric(name, Math.abs(change)).replace(" %", " points");
            setText(detail, !Number.isFinite(change) ? "" : parseFloat(size) === 0 ? "no change" : `${change < 0 ? "−" : "+"}${size}`);
            detail.title = "Against the evaluation before";
            chart.series = [{ name, x: steps, y: evaluations.map((each) => each.metrics[name] ?? null), color: "--frost", kind: "points", width: 1.75 }];
            chart.chosen = evaluations.length > 1 ? shown.step : null;
            chart.invalidate();
        }
    }

    #metric(name) {
        const chart = new Chart({ label: `${metricName(name)} by step`, view: this.view, compact: true, signal: this.signal });
        const value = el("span", { class: "figure" }), detail = el("span", { class: "muted" });
        return { chart, value, detail, node: el("figure", { data: { metric: name } },
            el("figcaption", {}, el("span", { class: "label" }, metricTitle(name)), value, detail), chart.node) };
    }
}

/** What an evaluation says, in a sentence for the task that it is of. */
export function sentence({ metrics, per_class: classes, valid_loss: loss }) {
    const { accuracy, macro_f1: macroF1, entity_f1: entityF1, perplexity, recall_at_1: recall, mae, spearman } = metrics;
    const end = Number.isFinite(loss) ? `Loss ${number(loss)}.` : "";
    if (entityF1 !== undefined) {
        return `${percent(metrics.entity_recall)} of the entities were found whole, and ${percent(metrics.entity_precision)} of what was found is right: F1 ${percent(entityF1)}. ${end}`;
    }
    if (perplexity !== undefined) {
        return `${percent(accuracy)} of the hidden words were guessed; the model is as unsure as between ${number(perplexity, 3)} words that are equally likely. ${end}`;
    }
    if (recall !== undefined) {
        return `For ${percent(recall)} of the texts the right partner is the nearest of all${metrics.recall_at_10 === undefined ? "" : `, for ${percent(metrics.recall_at_10)} it is among the ten nearest`}. ${end}`;
    }
    if (mae !== undefined && accuracy === undefined) {
        return `Off by ${number(mae, 3)} on average; the order of the scores agrees to ${number(spearman, 3)} (Spearman). ${end}`;
    }
    if (accuracy === undefined) return spearman === undefined ? end : `The order of the scores agrees to ${number(spearman, 3)} (Spearman). ${end}`;
    const total = classes?.reduce((sum, each) => sum + each.support, 0);
    const of = total && metrics.subset_accuracy === undefined ? ` of ${counted(total, "held-back example")}` : "";
    return `${percent(accuracy)} right${of}.${macroF1 === undefined ? "" : ` Macro F1 ${percent(macroF1)}.`} ${end}`;
}
