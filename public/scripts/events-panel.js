import { get, jobPath } from "./api.js";
import { el, fill, setText } from "./dom.js";
import { clock } from "./format.js";
import { notifyError } from "./notices.js";

const levels = { info: "All", warn: "Warnings and errors", error: "Errors" };
const weight = { info: 0, warn: 1, error: 2 };

/** The messages of a job, newest first. */
export class EventsPanel {
    #known = new Map();
    #least = "info";

    constructor(id, signal) {
        this.id = id;
        this.signal = signal;
        this.list = el("ol", { class: "events", id: "events" });
        this.nothing = el("p", { class: "muted" }, "No message yet.");
        this.older = el("button", { type: "button", class: "plain", hidden: true, on: { click: () => this.load().catch(notifyError) } }, "Show older messages");
        const choice = el("select", { id: "event-level", "aria-label": "Which messages" },
            Object.entries(levels).map(([value, name]) => el("option", { value }, name)));
        choice.addEventListener("change", () => { this.#least = choice.value; this.#render(); });
        this.node = el("section", { class: "panel", "aria-labelledby": "events-title" },
            el("div", { class: "panel-head" }, el("h2", { id: "events-title" }, "Events"), el("div", { class: "controls" }, choice)),
            this.nothing, this.list, this.older);
    }

    /** Reads the next page of older messages. */
    async load() {
        const after = this.last ? `&after=${encodeURIComponent(this.last)}` : "";
        const page = await get(jobPath(this.id, `/events?limit=50${after}`), { signal: this.signal });
        this.last = page.last_id ?? page.data.at(-1)?.id;
        this.older.hidden = !page.has_more;
        page.data.forEach((event) => this.#keep(event));
        this.#render();
    }

    /** Adds an event of the stream. */
    add(event) {
        this.#keep(event);
        this.#render();
    }

    #keep(event) {
        if (event.type !== "metrics") this.#known.set(event.id, event);
    }

    #render() {
        const shown = [...this.#known.values()].filter((event) => (weight[event.level] ?? 0) >= weight[this.#least])
            .sort((a, b) => (b.seq ?? b.created_at) - (a.seq ?? a.created_at));
        this.nothing.hidden = shown.length > 0;
        setText(this.nothing, this.#least === "info" ? "No message yet." : "No message of this kind.");
        fill(this.list, shown.map((event) => el("li", { data: { level: event.level } },
            el("time", { datetime: new Date(event.created_at * 1000).toISOString(), title: new Date(event.created_at * 1000).toLocaleString("en-GB") }, clock(event.created_at)),
            el("span", { class: "level" }, { info: "Info", warn: "Warning", error: "Error" }[event.level] ?? event.level),
            el("span", { class: "message" }, event.message))));
    }
}
