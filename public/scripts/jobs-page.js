// The list of jobs, alive.

import { get, jobPath, post, serverNow, upload } from "./api.js";
import { announce, el, fill, setText, svg } from "./dom.js";
import { follow } from "./event-stream.js";
import { count, counted, duration, metric, metricName, number, roughly, shortID, when } from "./format.js";
import { elapsed, isTerminal, jobName, queuePlace, stateBadge, stateNames, taskName } from "./job.js";
import { notifyError } from "./notices.js";
import { Sparkline } from "./sparkline.js";
import { Pace } from "./training-history.js";

const pageSize = 50;
const samplePath = "/samples/support-messages.jsonl";
const filters = {
    all: { name: "All", holds: () => true },
    active: { name: "Active", holds: (job) => !isTerminal(job.status) },
    succeeded: { name: "Succeeded", holds: (job) => job.status === "succeeded" },
    failed: { name: "Failed", holds: (job) => job.status === "failed" },
    cancelled: { name: "Cancelled", holds: (job) => job.status === "cancelled" },
};
const rank = { running: 0, validating_files: 1, paused: 2, queued: 3 };

/** Active jobs first, in the order in which they will run; then the others, newest first. */
function inOrder(a, b) {
    const byState = (rank[a.status] ?? 9) - (rank[b.status] ?? 9);
    if (byState !== 0) return byState;
    if (a.status === "queued" && b.status === "queued") {
        return (a.queue_position ?? Infinity) - (b.queue_position ?? Infinity) || a.created_at - b.created_at;
    }
    return b.created_at - a.created_at;
}

/** One row; built once, then kept up to date in place. */
class JobRow {
    constructor(job, signal) {
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
        const cell = (label, className, ...children) => el("td", { role: "cell", class: className, data: { label } }, children);
        this.node = el("tr", { role: "row", data: { job: job.id } },
            el("th", { role: "rowheader", scope: "row", data: { label: "Job" } }, this.link, this.made),
            this.state,
            cell("Model", "stack", this.model, this.task),
            cell("Progress", "stack progress-cell", this.bar, this.progress),
            cell("Loss", "spark-cell", this.spark.canvas, this.loss),
            cell("Best", "stack number", this.best, this.bestName),
            this.time);
        this.update(job);
    }

    update(job) {
        this.job = job;
        setText(this.link, jobName(job));
        setText(this.made, `${shortID(job.id)} · ${when(job.created_at, serverNow())}`);
        if (this.node.dataset.state !== job.status) {
            this.node.dataset.state = job.status;
            fill(this.state, stateBadge(job.status));
        }
        this.node.dataset.began = String(Boolean(job.started_at));
        setText(this.model, job.model);
        this.model.title = job.model;
        setText(this.task, taskName(job));
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

/** Fetches the loss of rows as they come into view, a few at a time. */
class LossLoader {
    #waiting = [];
    #running = 0;

    constructor(signal) {
        this.signal = signal;
        this.observer = new IntersectionObserver((entries) => {
            for (const entry of entries.filter((each) => each.isIntersecting)) {
                this.observer.unobserve(entry.target);
                this.#waiting.push(entry.target.row);
            }
            this.#next();
        });
        signal.addEventListener("abort", () => this.observer.disconnect());
    }

    watch(row) {
        row.node.row = row;
        this.observer.observe(row.node);
    }

    async #next() {
        if (this.#running >= 3 || this.#waiting.length === 0 || this.signal.aborted) return;
        const row = this.#waiting.shift();
        this.#running += 1;
        try {
            if (row.job.progress || row.job.started_at) {
                const history = await get(jobPath(row.job.id, "/metrics?max_points=120"), { signal: this.signal });
                row.spark.load(history.train.step, history.train.train_loss);
                row.showProgress();
            }
        } catch (error) {
            notifyError(error, `The loss of ${jobName(row.job)}`);
        } finally {
            this.#running -= 1;
            this.#next();
        }
        this.#next();
    }
}

/** Uploads the sample messages that come with the server and starts a job on them; returns the job. */
async function startSampleJob(model) {
    const response = await fetch(samplePath);
    if (!response.ok) throw new Error(`The sample file ${samplePath} is missing on this server (${response.status}).`);
    const file = await upload(new File([await response.blob()], "support-messages.jsonl", { type: "application/jsonl" }));
    return post("/v1/fine_tuning/jobs", {
        model, training_file: file.id, suffix: "support-messages", task: { type: "text-classification" },
        method: { type: "supervised", supervised: { hyperparameters: { n_epochs: 6, batch_size: 16 } } },
    });
}

function emptyState(models) {
    const model = models.find((each) => each.kind === "base");
    if (!model) {
        return el("section", { class: "empty" },
            el("h2", {}, "No model here yet"),
            el("p", { class: "lead" }, "Fine-tuning starts from a pretrained model. Get a small one on the server:"),
            el("pre", { class: "code" }, el("code", {}, "finetuned pull hf:sentence-transformers/all-MiniLM-L6-v2")),
            el("p", { class: "muted" }, "Then reload this page."));
    }
    const button = el("button", { type: "button", class: "primary large", id: "start-sample" }, "Start the sample job");
    button.addEventListener("click", async () => {
        button.disabled = true;
        setText(button, "Uploading the messages …");
        try {
            const job = await startSampleJob(model.id);
            location.hash = `#/jobs/${encodeURIComponent(job.id)}`;
        } catch (error) {
            notifyError(error, "The sample job was not started");
            button.disabled = false;
            setText(button, "Start the sample job");
        }
    });
    return el("section", { class: "empty empty-drawn" }, fallingLoss(), el("div", { class: "empty-text" },
        el("h2", {}, "Nothing has been trained here yet"),
        el("p", { class: "lead" }, "The sample job teaches ", el("strong", {}, model.id),
            " to sort customer messages into seven kinds, from billing to praise. Watch its loss fall, then try it on messages of your own."),
        el("p", { class: "actions" }, button, el("a", { class: "button plain", href: "#/new" }, "Set up a job of your own")),
        el("p", { class: "muted" }, "485 messages, written for this purpose; ", el("a", { href: samplePath }, "have a look"), ".")));
}

/** A drawing of what is to come: a loss that falls, with three validation points. */
function fallingLoss() {
    const trace = "M4 16 8 17 12 31 16 9 20 26 24 11 28 37 32 31 36 42 40 29 44 38 48 35 52 34 56 43 60 36 64 47 68 59 72 59 76 61 80 86 84 76 88 77 92 88 96 89 100 96 104 101 108 121 112 113 116 117 120 124 124 133 128 124 132 125 136 140 140 125 144 131 148 135 152 141 156 132 160 129 164 138 168 135 172 136 176 138 180 138 184 138 188 137 192 141 196 142 200 138 204 137 208 140 212 140 216 136 220 137 224 141 228 138 232 138 236 139 240 139 244 139 248 134 252 143 256 140";
    const curve = "M4 25.3 10 25.9 16 26.6 22 27.6 28 28.9 34 30.5 40 32.7 46 35.6 52 39.2 58 43.8 64 49.4 70 56.1 76 63.7 82 72.2 88 81.0 94 89.8 100 98.3 106 105.9 112 112.6 118 118.2 124 122.8 130 126.4 136 129.3 142 131.5 148 133.2 154 134.4 160 135.4 166 136.1 172 136.7 178 137.1 184 137.4 190 137.7 196 137.9 202 138.1 208 138.2 214 138.4 220 138.5 226 138.6 232 138.7 238 138.8 244 138.8 250 138.9 256 139.0";
    return svg("svg", { viewBox: "0 0 260 170", class: "drawing", "aria-hidden": "true" },
        [40, 80, 120].map((y) => svg("path", { class: "drawing-rule", d: `M0 ${y}h260` })),
        svg("path", { class: "drawing-axis", d: "M0 160h260" }),
        svg("path", { class: "drawing-trace", d: trace }),
        svg("path", { class: "drawing-curve", d: curve }),
        svg("path", { class: "drawing-valid", d: "M88 75 170 130 252 130" }),
        [[88, 75], [170, 130], [252, 130]].map(([cx, cy]) => svg("circle", { class: "drawing-point", cx, cy, r: 4 })));
}

/** The page of all jobs. */
export async function showJobs(content, { signal, showConnection, title, query }) {
    title("Jobs");
    const rows = new Map();
    const loader = new LossLoader(signal);
    let page = await get(`/v1/fine_tuning/jobs?limit=${pageSize}`, { signal });
    let filter = filters[query.get("show")] ? query.get("show") : "all";
    let words = "";

    const chips = el("div", { class: "chips", role: "group", "aria-label": "Show" });
    const search = el("input", { type: "search", id: "job-search", placeholder: "Name, model or id", "aria-label": "Search the jobs" });
    const body = el("tbody", { role: "rowgroup" });
    const headings = ["Job", "State", "Model", "Progress", "Loss", "Best", "Duration"];
    const list = el("table", { class: "jobs", role: "table", id: "jobs" },
        el("caption", { class: "visually-hidden" }, "Jobs, active ones first"),
        el("thead", { role: "rowgroup" }, el("tr", { role: "row" }, headings.map((heading) => el("th", {
            scope: "col", role: "columnheader", class: ["Best", "Duration"].includes(heading) ? "number" : null,
        }, heading)))), body);
    const nothing = el("p", { class: "lead", hidden: true, id: "no-match" });
    const older = el("button", { type: "button", class: "plain", id: "older", hidden: true }, "Show older jobs");
    const summary = el("p", { class: "lead", id: "summary" });
    const empty = el("div", { id: "empty", hidden: true });
    const tools = el("div", { class: "toolbar" }, chips, search);
    const listing = el("div", {}, tools, list, nothing, el("p", {}, older));
    content.append(el("div", { class: "page-head" },
        el("div", {}, el("h1", { tabindex: "-1" }, "Jobs"), summary),
        el("a", { class: "button primary", href: "#/new" }, "New job")), empty, listing);

    const insert = (job) => {
        const known = rows.get(job.id);
        if (known) return known.update(job);
        const row = new JobRow(job, signal);
        rows.set(job.id, row);
        loader.watch(row);
    };

    const arrange = () => {
        const jobs = [...rows.values()].map((row) => row.job);
        const shown = jobs.filter(filters[filter].holds).filter((job) => matches(job, words)).sort(inOrder);
        const wanted = shown.map((job) => rows.get(job.id).node);
        const same = wanted.length === body.children.length && wanted.every((node, i) => node === body.children[i]);
        if (!same) body.replaceChildren(...wanted);
        fill(chips, Object.entries(filters).map(([key, { name, holds }]) => {
            const of = jobs.filter(holds).length;
            return el("button", { type: "button", class: "chip", data: { filter: key }, "aria-pressed": String(key === filter), on: {
                click: () => { filter = key; arrange(); chips.querySelector(`[data-filter=${key}]`).focus(); },
            } }, name, el("span", { class: "muted" }, ` ${of}`));
        }));
        const isEmpty = jobs.length === 0;
        empty.hidden = !isEmpty;
        listing.hidden = isEmpty;
        list.hidden = shown.length === 0;
        nothing.hidden = shown.length > 0 || isEmpty;
        setText(nothing, words ? `No job matches “${words}”${filter === "all" ? "" : ` among the ${filters[filter].name.toLowerCase()} ones`}.`
            : `No job is ${filters[filter].name.toLowerCase()}.`);
        older.hidden = !page.has_more;
        setText(summary, summarize(jobs, page.has_more));
        summary.hidden = isEmpty;
        if (isEmpty && !empty.hasChildNodes()) {
            empty.append(el("p", { class: "lead" }, "Looking which models are here …"));
            get("/v1/models", { signal }).then(({ data }) => fill(empty, emptyState(data)), (error) => notifyError(error, "The models"));
        }
    };

    search.addEventListener("input", () => { words = search.value.trim(); arrange(); });
    document.addEventListener("keydown", (event) => {
        if (event.key !== "/" || event.target.closest("input, textarea, select")) return;
        event.preventDefault();
        search.focus();
    }, { signal });
    older.addEventListener("click", async () => {
        older.disabled = true;
        try {
            page = await get(`/v1/fine_tuning/jobs?limit=${pageSize}&after=${encodeURIComponent(page.last_id)}`, { signal });
            page.data.forEach(insert);
            arrange();
        } catch (error) {
            notifyError(error, "The older jobs");
        } finally {
            older.disabled = false;
        }
    });

    page.data.forEach(insert);
    arrange();
    content.dataset.jobs = String(rows.size);
    const clock = setInterval(() => { for (const row of rows.values()) if (!isTerminal(row.job.status)) row.tick(); }, 1000);
    signal.addEventListener("abort", () => clearInterval(clock));
    followAll({ rows, insert, arrange, content, signal, showConnection });
}

function matches(job, words) {
    const text = [job.id, jobName(job), job.model, job.fine_tuned_model, job.task?.type, stateNames[job.status]].join(" ").toLowerCase();
    return words.toLowerCase().split(/\s+/).every((word) => text.includes(word));
}

function summarize(jobs, more) {
    if (jobs.length === 0) return "";
    const of = (status) => jobs.filter((job) => job.status === status).length;
    const parts = [];
    if (of("running")) parts.push(`${of("running")} running`);
    if (of("validating_files")) parts.push(`${of("validating_files")} checking data`);
    if (of("paused")) parts.push(`${of("paused")} paused`);
    if (of("queued")) parts.push(`${of("queued")} queued`);
    const ended = jobs.filter((job) => isTerminal(job.status)).length;
    if (ended) parts.push(`${ended}${more ? "+" : ""} finished`);
    return parts.join(", ");
}

/** Keeps the rows up to date from the stream of all jobs; asks for a job again when its state changes. */
function followAll({ rows, insert, arrange, content, signal, showConnection }) {
    const dirty = new Set();
    let frame = 0;
    const repaint = () => {
        frame = 0;
        for (const row of dirty) row.showProgress();
        dirty.clear();
    };
    const asked = new Map();
    // However many events arrive meanwhile, a job is asked for once at a time, and once more after the last of them.
    const refresh = async (id) => {
        if (asked.has(id)) return asked.set(id, true);
        do {
            asked.set(id, false);
            try {
                await fetchJob(id);
            } catch (error) {
                if (error.status !== 404) notifyError(error);
            }
        } while (asked.get(id) && !signal.aborted);
        return asked.delete(id);
    };
    const fetchJob = async (id) => {
        const job = await get(jobPath(id), { signal });
        const before = rows.get(id)?.job.status;
        insert(job);
        if (before !== job.status) announce(`Job ${jobName(job)}: ${stateNames[job.status] ?? job.status}`);
        content.dataset.jobs = String(rows.size);
        arrange();
    };
    const reload = async () => {
        const { data } = await get(`/v1/fine_tuning/jobs?limit=${pageSize}`, { signal });
        data.forEach(insert);
        arrange();
    };
    follow("/v1/events", {
        signal,
        onState(state) {
            showConnection(state);
            if (state === "live") reload().catch(notifyError);
        },
        onLost: (error) => notifyError(error, "The live events"),
        onEvent(type, event) {
            const row = rows.get(event.job_id);
            if (type === "metrics" && row) {
                row.measure(event.data);
                dirty.add(row);
                frame ||= requestAnimationFrame(repaint);
            } else if (type === "status" || type === "evaluation" || (!row && event.job_id)) {
                refresh(event.job_id);
            }
        },
    });
}
