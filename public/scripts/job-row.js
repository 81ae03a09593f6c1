// A row of the list of jobs.

import { serverNow } from "./api.js";
import { el, fill, setText } from "./dom.js";
import { count, counted, duration, metric, metricName, number, roughly, shortID, when } from "./format.js";
import { elapsed, isTerminal, jobName, queuePlace, stateBadge, taskName } from "./job.js";
import { Sparkline } from "./sparkline.js";
import { settingsText } from "./sweep.js";
import { Pace } from "./pace.js";

/** One row; built once, then kept up to date in place. A sweep can be opened: `onOpen` is told whether it is. */
export class JobRow {
    constructor(job, signal, onOpen) {
        this.pace = new Pace();
        this.spark = new Sparkline("Training loss", signal);
        this.link = el("a", { class: "job-name", href: `#/jobs/${encodeURIComponent(job.id)}` });
        this.made = el("span", { class: "muted" });
        this.state = el("td", { role: "cell", data: { label: "State" } });
        this.model = el("span", { class: "clip" });
        this.task = el("span", { class: "muted" });
        this.bar = el("progress", { max: "1", value: 0, "aria-label": "Progress" });
        this.progress = el("span", { class: "muted" });
        this.loss = el("span", { class: "spark-value" });
        this.best = el("span", {});
        this.bestName = el("span", { class: "muted" });
        this.time = el("td", { role: "cell", class: "number", data: { label: "Duration" } });
        this.toggle = el("button", { type: "button", class: "quiet trial-toggle", "aria-expanded": "false", hidden: true, on: { click: () => {
            const isOpen = this.toggle.getAttribute("aria-expanded") !== "true";
            this.toggle.setAttribute("aria-expanded", String(isOpen));
            onOpen(isOpen);
        } } });
        const cell = (label, className, ...children) => el("td", { role: "cell", class: className, data: { label } }, children);
        this.node = el("tr", { role: "row", data: { job: job.id } },
            el("th", { role: "rowheader", scope: "row", data: { label: "Job" } }, this.link, this.made, this.toggle),
            this.state,
            cell("Model", "stack", this.model, this.task),
            cell("Progress", "stack progress-cell", this.bar, this.progress),
            cell("Loss", "spark-cell", this.spark.canvas, this.loss),
            cell("Best", "stack number", this.best, this.bestName),
            this.time);
        this.update(job);
    }

    /** Tells where it stands: below its sweep or not, and which `trial` of a sweep it is, if any. */
    place(isChild, trial = null) {
        this.node.dataset.child = String(isChild);
        this.trial = trial;
        this.#name();
    }

    #name() {
        const { job, trial } = this;
        setText(this.link, trial ? `${this.node.dataset.child === "true" ? "Trial" : `${jobName(job)}, trial`} ${trial.number + 1}` : jobName(job));
        setText(this.made, trial ? settingsText(trial.parameters) : `${shortID(job.id)} · ${when(job.created_at, serverNow())}`);
    }

    update(job) {
        this.job = job;
        this.#name();
        if (this.node.dataset.state !== job.status) {
            this.node.dataset.state = job.status;
            fill(this.state, stateBadge(job.status));
        }
        this.node.dataset.began = String(Boolean(job.started_at));
        setText(this.model, job.model);
        this.model.title = job.model;
        setText(this.task, taskName(job));
        this.toggle.hidden = !job.trials;
        if (job.trials) setText(this.toggle, counted(job.trials.length, "trial"));
        this.spark.live = job.status === "running";
        if (job.best) {
            setText(this.best, metric(job.best.metric, job.best.value));
            setText(this.bestName, metricName(job.best.metric));
        } else {
            setText(this.best, "–");
        }
        this.showProgress();
        this.tick();
    }

    showProgress() {
        const { job } = this;
        if (job.trials) return this.#showTrials(job.trials);
        const progress = job.progress;
        const share = progress?.total_steps ? progress.step / progress.total_steps : job.status === "succeeded" ? 1 : 0;
        this.bar.value = share;
        this.bar.hidden = job.status === "queued" || job.status === "validating_files" || (isTerminal(job.status) && !progress);
        const steps = progress ? `${count(progress.step)} of ${counted(progress.total_steps, "step")}` : "";
        if (job.status === "running" && progress) {
            const left = this.pace.secondsTo(progress.total_steps) ?? progress.eta_seconds;
            setText(this.progress, Number.isFinite(left) ? `${Math.floor(share * 100)} %, ${roughly(left)} left` : `${Math.floor(share * 100)} %`);
        } else if (job.status === "running") setText(this.progress, "loading the model");
        else if (job.status === "queued") setText(this.progress, queuePlace(job));
        else if (job.status === "validating_files") setText(this.progress, "reading the file");
        else if (job.status === "paused") setText(this.progress, `${Math.floor(share * 100)} %, waits to be resumed`);
        else if (job.status === "failed") setText(this.progress, job.error?.message ?? "failed");
        else setText(this.progress, steps || "not started");
        this.progress.title = job.status === "failed" ? job.error?.message ?? "" : steps;
        setText(this.loss, this.spark.latest === null ? "" : number(this.spark.latest, 3));
    }

    #showTrials(trials) {
        const ended = trials.filter((trial) => isTerminal(trial.status)).length;
        this.bar.value = trials.length > 0 ? ended / trials.length : 0;
        setText(this.progress, `${count(ended)} of ${counted(trials.length, "trial")} ended`);
    }

    /** Takes one measured point. */
    measure(data) {
        this.pace.note(data.step);
        this.spark.add(data.step, data.train_loss);
        this.job.progress = { ...this.job.progress, step: data.step, total_steps: data.total_steps, epoch: data.epoch };
    }

    tick() {
        const seconds = elapsed(this.job, serverNow());
        setText(this.time, seconds === null ? "–" : duration(seconds));
    }
}
