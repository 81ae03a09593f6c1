// The curves of a job: the loss large, the rest as small multiples over the same steps.

import { Chart } from "./chart.js";
import { ChartView } from "./chart-view.js";
import { el, fill, onceAFrame, setText } from "./dom.js";
import { count, metric, metricTitle, number } from "./format.js";
import { headlineMetrics } from "./job.js";
import { nearest } from "./scale.js";
import { smooth } from "./training-history.js";

const smoothingKey = "finetuned.smoothing";
const smoothedSteps = 400;  // up to so many steps the smoothing is by step, beyond by their share of the run

/** Draws a TrainingHistory; call `update()` when it has grown. */
export class LossPanel {
    constructor(history, signal) {
        this.history = history;
        /** Redraws at the next frame with what the history holds then. */
        this.update = onceAFrame(() => this.#apply(), signal);
        this.view = new ChartView();
        this.chart = new Chart({ label: "Loss by step", view: this.view, signal });
        this.smoothing = Number(localStorage.getItem(smoothingKey) ?? 0.9);
        this.small = [
            { key: "learning_rate", title: "Learning rate", color: "--trace", format: (v) => number(v, 3), bounds: { low: 0 } },
            { key: "grad_norm", title: "Gradient norm", color: "--trace", format: (v) => number(v, 3) },
            { key: "samples_per_second", title: "Throughput", color: "--trace", format: (v) => `${number(v, 3)} samples/s`, bounds: { low: 0 } },
        ].map((spec) => {
            const chart = new Chart({ label: `${spec.title} by step`, view: this.view, compact: true, bounds: spec.bounds, format: spec.format, signal });
            return { ...spec, chart, value: el("span", { class: "figure" }, "–") };
        });
        this.#build();
        this.view.addEventListener("change", () => this.#read(), { signal });
        this.view.addEventListener("zoom", () => { this.reset.hidden = this.view.range === null; }, { signal });
    }

    #build() {
        const slider = el("input", { type: "range", min: "0", max: "0.99", step: "0.01", value: this.smoothing, id: "smoothing" });
        slider.addEventListener("input", () => {
            this.smoothing = Number(slider.value);
            localStorage.setItem(smoothingKey, slider.value);
            this.update();
        });
        const log = el("input", { type: "checkbox", id: "log-scale" });
        log.addEventListener("change", () => { this.chart.log = log.checked; this.chart.invalidate(); });
        this.reset = el("button", { type: "button", class: "quiet", hidden: true, on: { click: () => this.view.zoom(null) } }, "Show all steps");
        this.readout = el("dl", { class: "readout", hidden: true, "aria-hidden": "true" });
        const { canvas } = this.chart;
        canvas.tabIndex = 0;
        canvas.id = "loss-chart";
        canvas.setAttribute("role", "slider");
        canvas.setAttribute("aria-describedby", "loss-help");
        canvas.addEventListener("keydown", (event) => this.#key(event));
        canvas.addEventListener("blur", () => this.view.point(null));
        this.chart.node.append(this.readout);
        this.waiting = el("p", { class: "plot-note" }, "The first step has not been measured yet.");
        this.chart.node.append(this.waiting);
        const swatch = (kind, text) => el("li", {}, el("span", { class: `swatch swatch-${kind}` }), text);
        this.node = el("section", { class: "panel", "aria-labelledby": "loss-title" },
            el("div", { class: "panel-head" },
                el("h2", { id: "loss-title" }, "Loss"),
                el("ul", { class: "legend" }, swatch("smooth", "training, smoothed"), swatch("faint", "each step"), swatch("valid", "validation"), swatch("best", "best checkpoint")),
                el("div", { class: "controls" }, this.reset,
                    el("label", { class: "inline", for: "smoothing" }, "Smoothing", slider),
                    el("label", { class: "inline", for: "log-scale" }, log, "Log scale"))),
            this.chart.node,
            el("p", { class: "visually-hidden", id: "loss-help" }, "Arrow keys move along the steps, plus and minus zoom, 0 shows all, Home and End jump."),
            el("div", { class: "multiples" }, this.small.map(({ title, value, chart }) => el("figure", {},
                el("figcaption", {}, el("span", { class: "label" }, title), value), chart.node))));
    }

    /** Tells whether the run goes on, how many steps it will have, and which step is the best. */
    describe({ live, totalSteps, best }) {
        Object.assign(this, { totalSteps, best });
        this.chart.live = live;
        for (const { chart } of this.small) chart.live = live;
        this.update();
    }

    #apply() {
        const { train, evaluations } = this.history;
        // Of a long run a step keeps the more of the past, or nothing would be seen of the smoothing.
        this.smoothed = smooth(train.step, train.train_loss, this.smoothing ** Math.min(1, smoothedSteps / train.step.at(-1)));
        const steps = evaluations.map((each) => each.step), losses = evaluations.map((each) => each.valid_loss);
        this.chart.series = [
            { name: "each step", x: train.step, y: train.train_loss, color: "--ember", kind: "faint" },
            { name: "training", x: train.step, y: this.smoothed, color: "--ember", kind: "line", width: 2.25 },
            { name: "validation", x: steps, y: losses, color: "--frost", kind: "points", width: 1.5 },
        ];
        this.chart.dividers = this.history.epochStarts();
        this.chart.extent = this.chart.live && this.totalSteps ? [0, Math.max(train.step.at(-1) ?? 0, Math.min(this.totalSteps, (train.step.at(-1) ?? 0) * 1.25 + 4))] : null;
        const best = evaluations.find((each) => each.step === this.best?.step);
        this.chart.marks = best ? [{ x: best.step, y: best.valid_loss, color: "--frost", text: `best, ${number(best.valid_loss, 3)}` }] : [];
        this.chart.invalidate();
        this.waiting.hidden = this.history.length > 0;
        for (const { key, chart, color } of this.small) {
            chart.extent = this.chart.extent;
            chart.series = [{ name: key, x: train.step, y: train[key], color, kind: "line", width: 1.5 }];
            chart.invalidate();
        }
        this.node.dataset.points = String(this.history.length);
        this.node.dataset.evaluations = String(evaluations.length);
        this.#read();
    }

    #read() {
        const { train, evaluations } = this.history;
        const cursor = this.view.cursor;
        const i = cursor === null ? train.step.length - 1 : nearest(train.step, cursor);
        for (const small of this.small) {
            setText(small.value, i < 0 || train[small.key][i] === null ? "–" : small.format(train[small.key][i]));
        }
        this.#describeCanvas(i);
        this.readout.hidden = cursor === null || i < 0 || !this.chart.x;
        if (this.readout.hidden) return;
        const evaluation = evaluations.find((each) => each.step === train.step[i]);
        const rows = [
            ["Step", `${count(train.step[i])}, epoch ${number(train.epoch[i], 3)}`],
            ["Training", number(train.train_loss[i])],
            ["Smoothed", number(this.smoothed?.[i])],
            ...(evaluation ? [["Validation", number(evaluation.valid_loss)], ...headlineMetrics(evaluation.metrics).map((name) => [metricTitle(name), metric(name, evaluation.metrics[name])])] : []),
        ];
        fill(this.readout, rows.map(([name, value]) => el("div", {}, el("dt", {}, name), el("dd", {}, value))));
        const at = this.chart.x.at(train.step[i]), width = this.chart.node.clientWidth;
        this.readout.dataset.side = at > width * 0.6 ? "left" : "right";
        this.readout.style.setProperty("--at", `${Math.round(at)}px`);
    }

    #describeCanvas(i) {
        const { canvas } = this.chart;
        const { train, evaluations } = this.history;
        canvas.setAttribute("aria-valuemin", String(train.step[0] ?? 0));
        canvas.setAttribute("aria-valuemax", String(train.step.at(-1) ?? 0));
        canvas.setAttribute("aria-valuenow", String(train.step[i] ?? 0));
        const valid = evaluations.at(-1);
        canvas.setAttribute("aria-valuetext", i < 0 ? "No step measured yet"
            : `Step ${train.step[i]}: training loss ${number(train.train_loss[i])}`
            + (valid ? `. Last validation at step ${valid.step}: loss ${number(valid.valid_loss)}` : ""));
    }

    #key(event) {
        const { step } = this.history.train;
        if (step.length === 0 || event.ctrlKey || event.metaKey || event.altKey) return;
        const i = this.view.cursor === null ? step.length - 1 : nearest(step, this.view.cursor);
        const stride = event.shiftKey ? Math.max(1, Math.round(step.length / 20)) : 1;
        const move = {
            ArrowLeft: () => this.view.point(step[Math.max(0, i - stride)]),
            ArrowRight: () => this.view.point(step[Math.min(step.length - 1, i + stride)]),
            Home: () => this.view.point(step[0]),
            End: () => this.view.point(step.at(-1)),
            "+": () => this.chart.zoomBy(0.6, this.view.cursor ?? undefined),
            "=": () => this.chart.zoomBy(0.6, this.view.cursor ?? undefined),
            "-": () => this.chart.zoomBy(1.6, this.view.cursor ?? undefined),
            0: () => this.view.zoom(null),
            Escape: () => this.view.point(null),
        }[event.key];
        if (!move) return;
        event.preventDefault();
        move();
    }
}
