import { get, jobPath } from "./api.js";
import { el, onceAFrame, setText } from "./dom.js";
import { clock } from "./format.js";
import { notifyError } from "./notices.js";

const levels = { info: "All", warn: "Warnings and errors", error: "Errors" };
const weight = { info: 0, warn: 1, error: 2 };

const pageSize = 50;

/** The messages of a job, newest first; as many as fill the pages that were asked for. */
export class EventsPanel {
    #known = new Map();
    #least = "info";
    #most = pageSize;
    #fitting = 0;
    #hasMore = false;
    #render;

    constructor(id, signal) {
        this.id = id;
        this.signal = signal;
        this.#render = onceAFrame(() => this.#draw(), signal, 100);
        this.list = el("ol", { class: "events", id: "events" });
        this.nothing = el("p", { class: "muted" }, "No message yet.");
        this.older = el("button", { type: "button", class: "plain", hidden: true, on: { click: () => this.#showOlder() } }, "Show older messages");
        const choice = el("select", { id: "event-level", "aria-label": "Which messages" },
            Object.entries(levels).map(([value, name]) => el("option", { value }, name)));
        choice.addEventListener("change", () => { this.#least = choice.value; this.#render(); });
        this.node = el("section", { class: "panel", "aria-labelledby": "events-title" },
            el("div", { class: "panel-head" }, el("h2", { id: "events-title" }, "Events"), el("div", { class: "controls" }, choice)),
            this.nothing, this.list, this.older);
    }

    /** Shows a page more: of what is known, from the stream too, or of what the server tells. */
    #showOlder() {
        const isAllShown = this.#fitting <= this.#most;
        this.#most += pageSize;
        if (isAllShown) this.load().catch(notifyError);
        else this.#draw();
    }

    /** Reads the newest messages, and each time after that a page of older ones. */
    async load() {
        const after = this.last ? `&after=${encodeURIComponent(this.last)}` : "";
        const page = await get(jobPath(this.id, `/events?metrics=false&limit=${pageSize}${after}`), { signal: this.signal });
        this.last = page.last_id ?? page.data.at(-1)?.id;
        this.#hasMore = page.has_more;
        page.data.forEach((event) => this.#keep(event));
        this.#draw();
    }

    /** Adds an event of the stream. */
    add(event) {
        this.#keep(event);
        this.#render();
    }

    #keep(event) {
        if (event.type !== "metrics" && !this.#known.has(event.id)) this.#known.set(event.id, { event, row: null });
    }

    #draw() {
        const fitting = [...this.#known.values()].filter(({ event }) => (weight[event.level] ?? 0) >= weight[this.#least])
            .sort((a, b) => (b.event.seq ?? b.event.created_at) - (a.event.seq ?? a.event.created_at));
        this.#fitting = fitting.length;
        this.nothing.hidden = fitting.length > 0;
        setText(this.nothing, this.#least === "info" ? "No message yet." : "No message of this kind.");
        this.older.hidden = !this.#hasMore && fitting.length <= this.#most;
        const shown = fitting.slice(0, this.#most);
        for (const each of shown) each.row ??= eventRow(each.event);
        this.list.replaceChildren(...shown.map(({ row }) => row));
    }
}

function eventRow({ level, created_at: created, message }) {
    const date = new Date(created * 1000);
    return el("li", { data: { level } },
        el("time", { datetime: date.toISOString(), title: date.toLocaleString("en-GB") }, clock(created)),
        el("span", { class: "level" }, { info: "Info", warn: "Warning", error: "Error" }[level] ?? level),
        el("span", { class: "message" }, message));
}
