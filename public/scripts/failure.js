// Why a job failed, and what to do about it.

import { el } from "./dom.js";

const remedies = {
    invalid_training_file: "Correct the file at the place named above, upload it again, and clone the job with the new file.",
    invalid_model: "Check the model's directory on the server or choose another model, then clone the job.",
    invalid_recipe: "Clone the job and change the setting named above.",
    diverged: "Clone the job with a lower learning rate, or with more warm-up.",
    worker_died: "The events below tell what the worker said last. Clone the job to try it again.",
    out_of_memory: "Clone the job with a smaller batch or a shorter maximum length, or train fewer layers.",
    disk_full: "Free some disk space on the server, then clone the job.",
    internal_error: "This is a fault of the program, not of your data. Keep the events below and report them; cloning the job may still succeed.",
};

/** The error of a job with what would help; `clone` is the address of the form filled with the job's settings. */
export function failure(error, clone) {
    return el("section", { class: "failure", role: "alert", "aria-labelledby": "failure-title" },
        el("h2", { id: "failure-title" }, "This job failed"),
        el("p", { class: "lead" }, error?.message ?? "The server gave no reason."),
        error?.param && el("p", {}, "Where: ", el("code", {}, error.param)),
        el("p", {}, el("strong", {}, "What to do: "), remedies[error?.code] ?? "The events below tell what led to it. Clone the job to change its settings and try again."),
        el("p", { class: "actions" }, el("a", { class: "button primary", href: clone, data: { action: "clone" } }, "Clone and change it"),
            error?.code && el("span", { class: "muted" }, "Code ", el("code", {}, error.code))));
}
