import { el } from "./dom.js";

/**
 * Puts a message on the screen that stays until it is dismissed. One message of the same text is shown once.
 * `advice` says what to do about it.
 */
export function notify(message, { advice = null, kind = "error" } = {}) {
    const list = document.getElementById("notices");
    for (const known of list.children) if (known.dataset.message === message) return known;
    const notice = el("section", { class: "notice", data: { kind, message } },
        el("div", { class: "notice-text" }, el("p", {}, message), advice && el("p", { class: "muted" }, advice)),
        el("button", { type: "button", class: "quiet", "aria-label": `Dismiss: ${message}`, on: {
            click: () => { notice.remove(); document.getElementById("main").focus(); },
        } }, "Dismiss"));
    list.append(notice);
    return notice;
}

/** Shows an error of the API or of the page; one that came from leaving a page is silent. */
export function notifyError(error, context = "") {
    if (error?.name === "AbortError") return;
    const message = [context, error?.message ?? String(error)].filter(Boolean).join(": ");
    notify(message, { advice: whatToDo(error) });
}

function whatToDo(error) {
    if (error?.status === 0) return "The page goes on by itself once the server is back.";
    if (error?.status === 403) return "The token is not allowed to do this; ask for one with a wider scope.";
    if (error?.status === 404) return "It may have been deleted meanwhile. Go back to the list to see what is there.";
    if (error?.status === 429) return "Wait a moment and try again.";
    if (error?.status === 507) return "Free some disk space on the server and try again.";
    if (error?.status >= 500) return "Try again; if it stays, the server's log tells more under the request's time.";
    if (error?.param) return `The field concerned is ${error.param}.`;
    return null;
}
