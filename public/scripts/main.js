// The shell: which page is shown, the connection's state, and errors that nobody caught.

import { get, onTokenNeeded } from "./api.js";
import { announce, el, fill, setText, useStyle } from "./dom.js";
import { bytes, count } from "./format.js";
import { notify, notifyError } from "./notices.js";

const main = document.getElementById("main");
const connection = document.getElementById("connection");
let current = null;

const connectionNames = { connecting: "Connecting", live: "Live", waiting: "Reconnecting", ended: "Up to date", quiet: "Connected" };

/** Shows whether what is on the screen is live. */
function showConnection(state) {
    connection.dataset.connection = state;
    setText(connection.firstElementChild, connectionNames[state]);
    connection.title = {
        live: "Events arrive as they happen.",
        waiting: "The server does not answer; trying again. Nothing is lost: the page catches up by itself.",
        ended: "This job has ended; nothing more will arrive.",
    }[state] ?? "";
}

/** Undoes percent-encoding; what is encoded wrongly stays as it is, and will not be found. */
function decoded(text) {
    try { return decodeURIComponent(text); } catch { return text; }
}

/** Splits "#/jobs/ftjob-1?x=y" into its page, the identifier and the query. */
function readAddress() {
    const [path, query = ""] = location.hash.replace(/^#\/?/, "").split("?");
    const [page = "", id = ""] = path.split("/");
    return { page: page || "jobs", id: decoded(id), query: new URLSearchParams(query) };
}

// A page's code and style are loaded when it is first shown.
const pages = {
    jobs: { nav: "jobs", styles: ["jobs"], load: async () => (await import("./jobs-page.js")).showJobs },
    job: { nav: "jobs", styles: ["job"], load: async () => (await import("./job-page.js")).showJob },
    ledger: { nav: "jobs", styles: ["ledger"], load: async () => (await import("./ledger-page.js")).showLedger },
    models: { nav: "models", styles: ["forms", "models"], load: async () => (await import("./models-page.js")).showModels },
    new: { nav: "new", styles: ["forms", "new-job"], load: async () => (await import("./new-job-page.js")).showNewJob },
};

async function navigate() {
    if (location.hash === "#main") {
        // The link that skips the navigation; a page opened with it is yet to be shown.
        if (current) return;
        history.replaceState(null, "", "#/jobs");
    }
    const address = readAddress();
    const name = address.page === "jobs" && address.id ? "job" : address.page;
    const page = Object.hasOwn(pages, name) ? pages[name] : null;
    current?.abort();
    current = new AbortController();
    const { signal } = current;
    for (const link of document.querySelectorAll("[data-nav]")) {
        if (link.dataset.nav === page?.nav) link.setAttribute("aria-current", "page");
        else link.removeAttribute("aria-current");
    }
    document.documentElement.dataset.page = page ? name : "unknown";
    main.dataset.ready = "false";
    const content = el("div", { class: `page page-${page ? name : "unknown"}` });
    if (!page) {
        fill(main, el("h1", {}, "There is no such page"), el("p", {}, el("a", { href: "#/jobs" }, "Go to the jobs")));
        return;
    }
    const context = {
        ...address, signal, showConnection,
        title(text) { document.title = text === "finetuned" ? text : `${text} · finetuned`; },
    };
    const waiting = setTimeout(() => {
        if (!signal.aborted) fill(main, el("p", { class: "lead" }, "Waiting for the server …"));
    }, 400);
    try {
        const [show] = await Promise.all([page.load(), ...page.styles.map(useStyle)]);
        await show(content, context);
        if (signal.aborted) return;
        clearTimeout(waiting);
        fill(main, content);
        main.dataset.ready = "true";
        announce(document.title);
        if (navigate.shown) content.querySelector("h1")?.focus({ preventScroll: true });
        if (navigate.shown) window.scrollTo(0, 0);
        navigate.shown = true;
    } catch (error) {
        if (signal.aborted) return;
        fill(main, failedPage(error));
        main.dataset.ready = "failed";
        showConnection("quiet");
        if (error.status === 0) retryLater(signal);
    } finally {
        clearTimeout(waiting);
    }
}

function failedPage(error) {
    const unreachable = error.status === 0;
    return el("div", { class: "page empty", role: "alert" },
        el("h1", { tabindex: "-1" }, unreachable ? "The server does not answer" : error.status === 404 ? "That is not here" : "This page could not be shown"),
        el("p", { class: "lead" }, error.message),
        el("p", { class: "muted" }, unreachable
            ? "Start it with “finetuned serve”. This page tries again every few seconds."
            : "Go back to the jobs, or reload this page to try again."),
        el("p", { class: "actions" },
            el("button", { type: "button", class: "primary", on: { click: navigate } }, "Try again"),
            el("a", { class: "button plain", href: "#/jobs" }, "All jobs")));
}

function retryLater(signal) {
    showConnection("waiting");
    setTimeout(async () => {
        if (signal.aborted) return;
        const answers = await fetch("/healthz").then((response) => response.ok, () => false);
        if (signal.aborted) return;
        if (answers) navigate();
        else retryLater(signal);
    }, 2000);
}

async function showSystem() {
    const system = await get("/v1/system").catch(() => null);
    if (!system) return;
    const { workers, memory, disk, cores, version } = system;
    document.body.append(el("footer", { class: "colophon" },
        el("p", {}, `finetuned ${version ?? ""}`),
        el("dl", {},
            el("div", {}, el("dt", {}, "Cores"), el("dd", {}, count(cores))),
            el("div", {}, el("dt", {}, "Memory free"), el("dd", {}, `${bytes(memory?.available_bytes)} of ${bytes(memory?.total_bytes)}`)),
            el("div", {}, el("dt", {}, "Disk free"), el("dd", {}, bytes(disk?.free_bytes))),
            el("div", {}, el("dt", {}, "Workers"), el("dd", {}, `${count(workers?.busy)} of ${count(workers?.total)} busy`)))));
}

onTokenNeeded(async (reason) => (await import("./dialogs.js")).askForToken(reason));
addEventListener("hashchange", navigate);
addEventListener("unhandledrejection", (event) => { event.preventDefault(); notifyError(event.reason); });
addEventListener("error", (event) => notify(`The page has a fault: ${event.message}`, { advice: "Reload the page; the jobs are not affected." }));
document.querySelector(".skip").addEventListener("click", (event) => { event.preventDefault(); main.focus(); });
navigate().then(showSystem);
