// A sweep: its trials as lines through their settings to what they reached, and as a table.

import { el, fill, setText, svg } from "./dom.js";
import { count, counted, metric as metricText, metricName } from "./format.js";
import { isTerminal, stateBadge } from "./job.js";
import { axisOf, parameterName, parametersOf, ranked, settingsText, valueText } from "./sweep.js";

/** Shows the trials of a sweep. */
export class SweepPanel {
    #pointed = null;

    constructor(job) {
        this.sentence = el("p", { class: "lead", id: "sweep-sentence" });
        this.drawing = el("div", { class: "scroll parallel-box", tabindex: "0", role: "region", "aria-label": "Trials drawn by their settings" });
        this.table = el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Trials" });
        this.node = el("section", { class: "panel", id: "sweep", "aria-labelledby": "sweep-title" },
            el("div", { class: "panel-head" }, el("h2", { id: "sweep-title" }, "Trials")), this.sentence, this.drawing, this.table);
        this.update(job);
    }

    /** Shows the job as it stands. */
    update(job) {
        this.job = job;
        const metric = this.metric = job.sweep?.metric ?? job.best?.metric ?? "valid_loss";
        const trials = job.trials ?? [];
        const key = JSON.stringify(trials);
        if (key === this.key) return;
        this.key = key;
        const ended = trials.filter((trial) => isTerminal(trial.status)).length;
        const order = ranked(trials, metric), paths = parametersOf(job);
        const best = trials.find((trial) => trial.job_id === job.best_trial) ?? (Number.isFinite(order[0]?.value) ? order[0] : null);
        setText(this.sentence, trials.length === 0 ? "The trials have not been made yet."
            : `${count(ended)} of ${counted(trials.length, "trial")} ended.${best ? ` The best ${metricName(metric)}${ended < trials.length ? " so far" : ""} is ${metricText(metric, best.value)}, with ${settingsText(best.parameters)}.` : ""}`);
        fill(this.drawing, trials.some((trial) => Number.isFinite(trial.value)) && this.#draw(order, paths, best));
        fill(this.table, trials.length > 0 && this.#list(order, trials, paths, best));
    }

    #draw(order, paths, best) {
        const measured = order.filter((trial) => Number.isFinite(trial.value));
        const axes = [...paths.map((path) => ({ name: parameterName(path), of: (trial) => trial.parameters[path] })), { name: metricName(this.metric), of: (trial) => trial.value, isMetric: true }];
        const width = Math.max(640, axes.length * 230), height = 260, top = 34, bottom = height - 16, left = 70, right = width - 84;
        const x = (i) => left + i * (right - left) / (axes.length - 1);
        for (const axis of axes) axis.scale = axisOf(measured.map(axis.of), !axis.isMetric);
        const y = (axis, trial) => bottom - axis.scale.at(axis.of(trial)) * (bottom - top);
        // The better a trial, the warmer its line; the best lies on top.
        const lines = measured.map((trial, place) => {
            const points = axes.map((axis, i) => [x(i), y(axis, trial)]);
            const d = points.map(([px, py], i) => {
                if (i === 0) return `M${px} ${py.toFixed(1)}`;
                const [ox, oy] = points[i - 1], half = (px - ox) / 2;
                return `C${ox + half} ${oy.toFixed(1)} ${px - half} ${py.toFixed(1)} ${px} ${py.toFixed(1)}`;
            }).join("");
            const line = svg("g", { class: "trial-line", "data-trial": trial.job_id, "data-best": String(trial === best) },
                svg("title", {}, `${settingsText(trial.parameters)}: ${metricName(this.metric)} ${metricText(this.metric, trial.value)}`),
                svg("path", { class: "hit", d }), svg("path", { class: "line", d }), svg("circle", { cx: x(axes.length - 1), cy: points.at(-1)[1], r: trial === best ? 5 : 3 }));
            line.style.setProperty("--warmth", (1 - place / Math.max(1, measured.length)).toFixed(3));
            line.addEventListener("pointerenter", () => this.#point(trial.job_id));
            line.addEventListener("pointerleave", () => this.#point(null));
            line.addEventListener("click", () => { location.hash = `#/jobs/${encodeURIComponent(trial.job_id)}`; });
            return line;
        }).reverse();
        const label = `Parallel coordinates: ${counted(measured.length, "trial")} over ${axes.map((axis) => axis.name).join(", ")}. The table below holds the same.`;
        const picture = svg("svg", { viewBox: `0 0 ${width} ${height}`, class: "parallel", role: "img", "aria-label": label },
            axes.map((axis, i) => svg("g", { class: axis.isMetric ? "axis metric-axis" : "axis" },
                svg("path", { d: `M${x(i)} ${top - 6}V${bottom + 6}` }),
                svg("text", { class: "axis-name", x: x(i), y: 16, "text-anchor": "middle" }, axis.name))),
            lines,
            axes.map((axis, i) => axis.scale.ticks.map(({ at, text, value }) => {
                const end = axis.isMetric, py = bottom - at * (bottom - top);
                return svg("text", { class: "tick", x: x(i) + (end ? 10 : -8), y: py + 4, "text-anchor": end ? "start" : "end" }, end ? metricText(this.metric, value) : text);
            })));
        picture.style.setProperty("min-width", `${Math.min(width, 560)}px`);
        return picture;
    }

    #list(order, trials, paths, best) {
        const hasRungs = trials.some((trial) => trial.rung > 0);
        const heading = (text, number) => el("th", { scope: "col", role: "columnheader", class: number ? "number" : null }, text);
        return el("table", { class: "trials", role: "table", id: "trials" },
            el("caption", { class: "visually-hidden" }, "Trials, the best first"),
            el("thead", { role: "rowgroup" }, el("tr", { role: "row" }, heading("Trial"), heading(metricName(this.metric), true), heading("State"), hasRungs && heading("Epochs", true), paths.map((path) => el("th", { scope: "col", role: "columnheader", class: "number", title: path }, parameterName(path))))),
            el("tbody", { role: "rowgroup" }, order.map((trial) => {
                const row = el("tr", { role: "row", data: { trial: trial.job_id } },
                    el("th", { scope: "row", role: "rowheader" }, el("a", { href: `#/jobs/${encodeURIComponent(trial.job_id)}` }, `Trial ${(trial.number ?? trials.indexOf(trial)) + 1}`),
                        trial === best && el("span", { class: "tag", data: { kind: "best" } }, "best")),
                    el("td", { role: "cell", class: "number trial-value" }, Number.isFinite(trial.value) ? metricText(this.metric, trial.value) : "–"),
                    el("td", { role: "cell" }, stateBadge(trial.status)),
                    hasRungs && el("td", { role: "cell", class: "number" }, count(trial.epochs)),
                    paths.map((path) => el("td", { role: "cell", class: "number", data: { label: parameterName(path) } }, valueText(trial.parameters[path]))));
                row.addEventListener("pointerenter", () => this.#point(trial.job_id));
                row.addEventListener("pointerleave", () => this.#point(null));
                return row;
            })));
    }

    /** Lets one trial stand out in drawing and table. */
    #point(id) {
        if (this.#pointed === id) return;
        this.#pointed = id;
        this.node.toggleAttribute("data-pointing", id !== null);
        for (const each of this.node.querySelectorAll("[data-trial]")) each.toggleAttribute("data-pointed", each.dataset.trial === id);
    }
}
