import { jobPath, post, serverNow } from "./api.js";
import { el, fill, setText, useStyle } from "./dom.js";
import { bytes, count, duration, metric, metricName, metricTitle, number, roughly, when } from "./format.js";
import { elapsed, headlineMetrics, isTerminal, jobName, queuePlace, stateBadge, taskName } from "./job.js";
import { notifyError } from "./notices.js";

/** The top of the page: state, progress, figures and what can be done. */
export class JobHeader {
    #busy = null;
    /** Settles when all of it stands, also what is loaded for some jobs only. */
    drawn = Promise.resolve();

    constructor(id, history) {
        this.id = id;
        this.history = history;
        /** The Pace of its steps; of a job that runs. */
        this.pace = null;
        this.name = el("h1", { tabindex: "-1" });
        this.crumbs = el("p", { class: "crumbs" }, el("a", { href: "#/jobs" }, "Jobs"));
        this.state = el("div", { id: "job-state", role: "status" });
        this.facts = el("p", { class: "facts" });
        this.bar = el("progress", { max: "1", value: 0, "aria-label": "Progress of the job", id: "job-progress" });
        this.steps = el("span", {});
        this.left = el("span", {});
        this.actions = el("div", { class: "actions", role: "group", "aria-label": "What to do with this job" });
        this.figures = el("dl", { class: "figures" });
        this.progress = el("div", { class: "progress-line" }, this.bar, el("p", {}, this.steps, this.left));
        this.failure = el("div", { id: "job-error" });
        this.node = el("header", { class: "job-head" },
            this.crumbs,
            el("div", { class: "title-line" }, this.name, this.state, this.actions),
            this.facts, this.failure, this.progress, this.figures);
    }

    update(job, onJob) {
        const changed = this.job?.status !== job.status;
        this.job = job;
        this.onJob = onJob;
        setText(this.name, jobName(job));
        if (changed) {
            fill(this.state, stateBadge(job.status));
            this.node.dataset.state = job.status;
            fill(this.actions, this.#buttons());
            if (job.status === "failed") this.drawn = this.#fail();
        }
        if (job.parent_job_id && this.crumbs.children.length === 1) {
            fill(this.crumbs, el("a", { href: `#/jobs/${encodeURIComponent(job.parent_job_id)}` }, "All trials of its sweep"));
        }
        fill(this.facts, [
            el("code", { title: job.id }, job.id), job.model, taskName(job),
            job.attempt > 1 && `attempt ${job.attempt}`, `created ${when(job.created_at, serverNow())}`,
        ].filter(Boolean).map((fact) => el("span", {}, fact)));
        this.tick();
    }

    async #fail() {
        const [{ failure }] = await Promise.all([import("./failure.js"), useStyle("failure")]);
        fill(this.failure, failure(this.job.error, this.#cloneAddress));
    }

    get #cloneAddress() {
        return `#/new?from=${encodeURIComponent(this.id)}`;
    }

    #buttons() {
        const { status, fine_tuned_model: model } = this.job;
        const active = !isTerminal(status);
        const act = (label, verb, word) => el("button", { type: "button", class: verb === "cancel" ? "danger" : "plain", data: { action: verb }, on: {
            click: (event) => this.#act(event.currentTarget, verb, word),
        } }, label);
        return [
            active && status !== "paused" && act("Pause", "pause", "Pausing …"),
            status === "paused" && act("Resume", "resume", "Resuming …"),
            active && act("Cancel", "cancel", "Cancelling …"),
            status !== "failed" && el("a", { class: "button plain", href: this.#cloneAddress, data: { action: "clone" } }, "Clone"),
            status === "succeeded" && model && el("a", { class: "button primary", href: `#/models/${encodeURIComponent(model)}`, data: { action: "try" } }, "Try the model"),
        ];
    }

    async #act(button, verb, word) {
        if (this.#busy) return;
        if (verb === "cancel" && !await (await import("./dialogs.js")).confirmAction({
            title: "Cancel this job?", action: "Cancel the job",
            text: "It stops at the next step. Checkpoints written so far stay; the job cannot be resumed.",
        })) return;
        this.#busy = verb;
        const label = button.textContent;
        button.disabled = true;
        setText(button, word);
        try {
            this.onJob(await post(jobPath(this.id, `/${verb}`)));
        } catch (error) {
            notifyError(error, `The job was not ${{ pause: "paused", resume: "resumed", cancel: "cancelled" }[verb]}`);
        } finally {
            this.#busy = null;
            button.disabled = false;
            setText(button, label);
        }
    }

    /** Brings up to date what changes with time and with each step. */
    tick() {
        const { job, history } = this;
        const { progress } = job;
        const total = progress?.total_steps ?? 0;
        const share = total > 0 ? progress.step / total : 0;
        this.bar.value = share;
        this.progress.hidden = !progress && isTerminal(job.status);
        if (!progress && !isTerminal(job.status)) this.bar.removeAttribute("value");
        setText(this.steps, this.#where(progress, total, share));
        setText(this.left, this.#remaining(progress, total));
        const { best } = job;
        const latest = history.evaluations.at(-1);
        const at = best ? history.evaluations.find((each) => each.step === best.step) ?? latest : latest;
        const seconds = elapsed(job, serverNow()), quoted = job.estimate;
        this.figures.hidden = (isTerminal(job.status) && history.length === 0) || Boolean(job.trials);
        const figures = [
            ["Training loss", number(history.latest("train_loss"), 3), history.length ? `at step ${count(history.latest("step"))}` : ""],
            ["Validation loss", number(at?.valid_loss, 3), at ? `at step ${count(at.step)}` : ""],
            ...this.#headlines(at).map((name, i) => [metricTitle(name), metric(name, at?.metrics?.[name]),
                !at ? "" : i === 0 ? "on held-back data" : best ? `best by ${metricName(best.metric)}` : ""]),
            ["Duration", seconds === null ? "–" : duration(seconds),
                quoted?.seconds ? `${roughly(quoted.seconds)} estimated` : job.finished_at ? `ended ${when(job.finished_at, serverNow())}` : ""],
            ...(quoted?.actual_peak_memory_bytes ? [["Memory", bytes(quoted.actual_peak_memory_bytes), quoted.peak_memory_bytes ? `${bytes(quoted.peak_memory_bytes)} estimated` : "at its highest"]] : []),
        ];
        const names = figures.map(([name]) => name).join();
        if (this.figures.dataset.names !== names) {
            this.figures.dataset.names = names;
            fill(this.figures, figures.map(([name]) => el("div", {}, el("dt", {}, name), el("dd", {}), el("dd", { class: "muted" }))));
        }
        figures.forEach(([, value, note], i) => {
            setText(this.figures.children[i].children[1], value);
            setText(this.figures.children[i].children[2], note);
        });
    }

    /** What the figures name: known from the first evaluation, until then what the task will give. */
    #headlines(evaluation) {
        const found = headlineMetrics(evaluation?.metrics);
        if (found.length > 0) return found;
        return {
            "text-regression": ["spearman", "mae"], "token-classification": ["entity_f1", "accuracy"],
            "masked-language-modeling": ["perplexity", "accuracy"], "text-embedding": ["recall_at_1", "mrr"],
        }[this.job.task?.type] ?? ["accuracy", "macro_f1"];
    }

    #where(progress, total, share) {
        const { status } = this.job;
        if (this.job.trials) return `${count(progress.step)} of ${count(total)} trials ended`;
        if (progress) return `${Math.floor(share * 100)} %, step ${count(progress.step)} of ${count(total)}, epoch ${number(progress.epoch, 3)}`;
        if (status === "queued") return `Waiting for a worker, ${queuePlace(this.job)}`;
        if (status === "validating_files") return "Checking the file line by line";
        if (status === "running") return "Loading the model";
        return "";
    }

    #remaining(progress, total) {
        const { status } = this.job;
        if (this.job.intent && status === "running") return { cancel: "Cancelling at the next step", pause: "Pausing at the next step" }[this.job.intent] ?? "";
        if (status === "paused") return "Paused; nothing is lost, it resumes from its checkpoint";
        if (status !== "running" || !progress || this.job.trials) return "";
        const speed = progress.samples_per_second ? `${number(progress.samples_per_second, 3)} samples/s` : "";
        const seconds = this.pace?.secondsTo(total) ?? progress.eta_seconds;
        if (!Number.isFinite(seconds)) return speed;
        return [`${roughly(seconds)} left, done about ${clockAt(seconds)}`, speed].filter(Boolean).join(", ");
    }

    /** Takes a measured point. */
    measure(data) {
        this.pace?.note(data.step);
        this.job.progress = { ...this.job.progress, ...data };
    }
}

function clockAt(seconds) {
    return new Date(Date.now() + seconds * 1000).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
}
