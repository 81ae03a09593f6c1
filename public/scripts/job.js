// What the pages know of a job: its states in words, its name, and the request that would make it again.

import { el, svg } from "./dom.js";
import { shortID } from "./format.js";

/** The states of a job, in words. */
export const stateNames = {
    validating_files: "Checking data", queued: "Queued", running: "Running", paused: "Paused",
    succeeded: "Succeeded", failed: "Failed", cancelled: "Cancelled",
};

const terminal = new Set(["succeeded", "failed", "cancelled"]);

/** Whether nothing more will happen to a job in this state. */
export function isTerminal(status) {
    return terminal.has(status);
}

const shapes = {
    validating_files: ["M2 6h8", "M2 3h5", "M2 9h6"],
    queued: ["M6 1.500a4.500 4.500 0 1 0 .01 0z"],
    running: ["M3 1.500 10 6 3 10.500z"],
    paused: ["M4 2v8", "M8 2v8"],
    succeeded: ["M1.500 6.500 4.500 9.500 10.500 2.500"],
    failed: ["M2 2l8 8", "M10 2l-8 8"],
    cancelled: ["M2 10 10 2", "M6 1.500a4.500 4.500 0 1 0 .01 0z"],
};

/** A state as shape, colour and word, so that none of them has to carry it alone. */
export function stateBadge(status) {
    return el("span", { class: "state", data: { state: status } },
        svg("svg", { viewBox: "0 0 12 12", "aria-hidden": "true", class: "state-shape" },
            (shapes[status] ?? shapes.queued).map((path) => svg("path", { d: path }))),
        el("span", {}, stateNames[status] ?? status));
}

/** The name people know a job by. */
export function jobName(job) {
    return job.suffix || job.metadata?.name || shortID(job.id);
}

/** The task in words. */
export function taskName(job) {
    return (job.task?.type ?? "").replaceAll("-", " ");
}

const headlines = ["entity_f1", "perplexity", "recall_at_1", "spearman", "accuracy", "macro_f1", "mrr", "pearson", "mae"];

/** The two metrics of an evaluation that tell most. */
export function headlineMetrics(metrics) {
    return headlines.filter((name) => Number.isFinite(metrics?.[name])).slice(0, 2);
}

/** What the first lines of a job's ledger are: suspicious where people gave the answers, else just hard. */
export function ledgerTitle(job) {
    return ["masked-language-modeling", "text-embedding"].includes(job.task?.type) ? "Lines that are hard to learn" : "Lines that look mislabelled";
}

/** A queued job's place; `queue_position` is how many start before it. */
export function queuePlace(job) {
    return job.queue_position > 0 ? `${job.queue_position} ahead of it` : "next in the queue";
}

/** Seconds from a job's start to its end, up to now while it runs; null while it waits or is paused. */
export function elapsed(job, now) {
    const end = job.finished_at ?? (job.status === "running" ? now : null);
    return job.started_at && end ? end - job.started_at : null;
}

const reproduced = ["model", "training_file", "validation_file", "suffix", "seed", "metadata"];
const parts = ["task", "layers", "strategy", "data", "resources", "sweep"];

/** The body of the request that would create this job again with everything resolved. */
export function requestBody(job) {
    const body = {};
    const take = (name) => {
        const value = job[name];
        if (value === null || value === undefined || (name === "metadata" && Object.keys(value).length === 0)) return;
        body[name] = value;
    };
    reproduced.forEach(take);
    const { hyperparameters } = job;
    if (hyperparameters) body.method = { type: "supervised", supervised: { hyperparameters } };
    parts.forEach(take);
    return body;
}
