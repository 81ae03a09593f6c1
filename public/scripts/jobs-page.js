// The list of jobs, alive.

import { get, jobPath } from "./api.js";
import { announce, el, fill, setText } from "./dom.js";
import { emptyState } from "./empty-jobs.js";
import { follow } from "./event-stream.js";
import { JobRow } from "./job-row.js";
import { isTerminal, jobName, stateNames } from "./job.js";
import { LossLoader } from "./loss-loader.js";
import { notifyError } from "./notices.js";

const pageSize = 50;
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

/**
 * The jobs to list: a sweep stands for its trials, which follow it where it is open. A trial whose sweep is not listed, and any that
 * was searched for, stands for itself.
 */
function grouped(jobs, isOpen, isSearching) {
    if (isSearching) return jobs.map((job) => ({ job, isChild: false }));
    const known = new Set(jobs.map((job) => job.id));
    const children = new Map();
    for (const job of jobs) if (job.parent_job_id) children.set(job.parent_job_id, [...(children.get(job.parent_job_id) ?? []), job]);
    return jobs.filter((job) => !known.has(job.parent_job_id)).flatMap((job) => [
        { job, isChild: false },
        ...(isOpen(job.id) ? (job.trials ?? []).flatMap((trial) => (children.get(job.id) ?? []).filter((child) => child.id === trial.job_id)).map((child) => ({ job: child, isChild: true })) : []),
    ]);
}

/** The page of all jobs. */
export async function showJobs(content, { signal, showConnection, title, query }) {
    title("Jobs");
    const rows = new Map(), open = new Set();
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
        const row = new JobRow(job, signal, (isOpen) => {
            if (isOpen) open.add(job.id);
            else open.delete(job.id);
            arrange();
        });
        rows.set(job.id, row);
        loader.watch(row);
    };

    const arrange = () => {
        const jobs = [...rows.values()].map((row) => row.job);
        const shown = jobs.filter(filters[filter].holds).filter((job) => matches(job, words)).sort(inOrder);
        const wanted = grouped(shown, (id) => open.has(id), words !== "").map(({ job, isChild }) => {
            const row = rows.get(job.id);
            row.place(isChild, rows.get(job.parent_job_id)?.job.trials?.find((trial) => trial.job_id === job.id));
            return row.node;
        });
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
