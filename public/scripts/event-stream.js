// Server-sent events read through fetch, since EventSource cannot send a token.
// https://html.spec.whatwg.org/multipage/server-sent-events.html

import { APIError, send } from "./api.js";

const silenceLimit = 40_000;  // ms; the server sends a heartbeat every 15 s
const longestWait = 15_000;   // ms between attempts
const hiddenLimit = 30_000;   // ms; a hidden tab gives its connection back, browsers allow six a host

/** Turns chunks of text into events {id, event, data}; keeps what is incomplete for the next chunk. */
export class EventParser {
    #rest = "";
    #fields = { event: "message", data: [], id: null };
    lastEventID = "";
    retry = 1000;

    /** Forgets an event that a broken connection left half read; its id is then not taken as seen. */
    reset() {
        this.#rest = "";
        this.#fields = { event: "message", data: [], id: null };
    }

    /** Feeds a chunk and returns the events that it completed. */
    push(text) {
        const events = [];
        const lines = (this.#rest + text).split(/\r\n|\n|\r(?!$)/);
        this.#rest = lines.pop();
        for (const line of lines) {
            if (line === "") {
                this.lastEventID = this.#fields.id ?? this.lastEventID;
                if (this.#fields.data.length > 0) {
                    events.push({ id: this.lastEventID, event: this.#fields.event, data: this.#fields.data.join("\n") });
                }
                this.#fields = { event: "message", data: [], id: null };
            } else this.#field(line);
        }
        return events;
    }

    #field(line) {
        const colon = line.indexOf(":");
        if (colon === 0) return;
        const name = colon < 0 ? line : line.slice(0, colon);
        const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
        if (name === "data") this.#fields.data.push(value);
        else if (name === "event") this.#fields.event = value;
        else if (name === "id" && !value.includes("\0")) this.#fields.id = value;
        else if (name === "retry" && /^\d+$/.test(value)) this.retry = Number(value);
    }
}

function pause(milliseconds, signal) {
    return new Promise((resolve) => {
        const timer = setTimeout(resolve, milliseconds);
        signal.addEventListener("abort", () => { clearTimeout(timer); resolve(); }, { once: true });
    });
}

function becomesVisible(signal) {
    if (!document.hidden) return Promise.resolve();
    return new Promise((resolve) => {
        const check = () => {
            if (document.hidden && !signal.aborted) return;
            document.removeEventListener("visibilitychange", check);
            resolve();
        };
        document.addEventListener("visibilitychange", check);
        signal.addEventListener("abort", check, { once: true });
    });
}

/** A fault in what handles an event is the page's, not the connection's: it is reported, and the stream goes on. */
function deliver(handle) {
    try {
        handle();
    } catch (error) {
        reportError(error);
    }
}

/** One connection, until it ends: "closed", or "over" where nothing more will come. Throws what broke it. */
async function readOnce(path, parser, { onEvent, onState, signal }) {
    const attempt = new AbortController();
    const stop = () => attempt.abort();
    let silence, hidden;
    const watch = () => { clearTimeout(silence); silence = setTimeout(stop, silenceLimit); };
    const visibility = () => { clearTimeout(hidden); if (document.hidden) hidden = setTimeout(stop, hiddenLimit); };
    signal.addEventListener("abort", stop);
    document.addEventListener("visibilitychange", visibility);
    try {
        watch();
        parser.reset();
        const headers = { Accept: "text/event-stream" };
        if (parser.lastEventID !== "") headers["Last-Event-ID"] = parser.lastEventID;
        const response = await send("GET", path, { headers, signal: attempt.signal });
        if (response.status === 204) return "over";
        onState("live");
        const reader = response.body.getReader(), decoder = new TextDecoder();
        for (;;) {
            const { done, value } = await reader.read();
            if (done) return "closed";
            watch();
            for (const { event, data, id } of parser.push(decoder.decode(value, { stream: true }))) {
                if (event !== "shutdown") deliver(() => onEvent(event, JSON.parse(data), id));
            }
        }
    } finally {
        clearTimeout(silence);
        clearTimeout(hidden);
        signal.removeEventListener("abort", stop);
        document.removeEventListener("visibilitychange", visibility);
    }
}

/**
 * Follows a stream until `signal` aborts or `ended()` says that nothing more will come; reconnects with Last-Event-ID.
 * `onEvent(type, object, id)` gets each event, `onState` one of "live", "waiting", "ended", `onLost` an error that will not pass.
 */
export async function follow(path, { lastEventID = "", onEvent, onState, onLost, ended = () => false, signal }) {
    const parser = new EventParser();
    parser.lastEventID = String(lastEventID);
    for (let failures = 0; !signal.aborted;) {
        await becomesVisible(signal);
        if (signal.aborted) return;
        let outcome = null;
        try {
            outcome = await readOnce(path, parser, { onEvent, signal, onState: (state) => { failures = 0; onState(state); } });
        } catch (error) {
            if (signal.aborted) return;
            if (error instanceof APIError && error.status >= 400 && error.status < 500 && error.status !== 429) {
                onState("ended");
                onLost?.(error);
                return;
            }
            failures += 1;
        }
        if (signal.aborted) return;
        if (outcome === "over" || ended()) return onState("ended");
        onState("waiting");
        await pause(Math.min(longestWait, parser.retry * 2 ** Math.min(failures, 5)), signal);
    }
}
