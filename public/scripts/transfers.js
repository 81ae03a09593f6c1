// Files on their way to the server and from it, with how far they are.

import { APIError, authorization, renewToken, send } from "./api.js";
import { el, setText } from "./dom.js";
import { bytes } from "./format.js";
import { notifyError } from "./notices.js";

/** Uploads a file for fine-tuning; `onProgress` gets the share sent, 0…1. */
export async function upload(file, { onProgress, signal } = {}) {
    for (;;) {
        const { status, body } = await sendForm(file, onProgress, signal);
        if (status >= 200 && status < 300) return body;
        const error = new APIError(status, body?.error ?? { message: `The upload was answered with ${status}.` });
        if (status !== 401 || !await renewToken(error)) throw error;
    }
}

// XMLHttpRequest, as fetch does not tell how much of a body has been sent.
function sendForm(file, onProgress, signal) {
    return new Promise((resolve, reject) => {
        const request = new XMLHttpRequest();
        const form = new FormData();
        form.append("purpose", "fine-tune");
        form.append("file", file, file.name);
        request.open("POST", "/v1/files");
        for (const [name, value] of Object.entries(authorization())) request.setRequestHeader(name, value);
        request.upload.addEventListener("progress", (event) => {
            if (event.lengthComputable) onProgress?.(event.loaded / event.total);
        });
        request.addEventListener("load", () => {
            let body = null;
            try { body = JSON.parse(request.responseText); } catch { /* Not JSON: the status says enough. */ }
            resolve({ status: request.status, body });
        });
        request.addEventListener("error", () => reject(new APIError(0, { code: "unreachable",
            message: `The upload of ${file.name} broke off. Check that finetuned is running and try again.` })));
        request.addEventListener("abort", () => reject(new DOMException("aborted", "AbortError")));
        signal?.addEventListener("abort", () => request.abort());
        request.send(form);
    });
}

/** Downloads what a link leads to and needs a token, which a plain link cannot send; the link says meanwhile how far it is. */
export async function downloadFrom(link) {
    if (link.ariaBusy === "true") return;
    const label = link.textContent;
    link.ariaBusy = "true";
    try {
        const blob = await received(link.href, (done, total) => setText(link, total ? `${bytes(done)} of ${bytes(total)}` : bytes(done)));
        const address = URL.createObjectURL(blob);
        el("a", { href: address, download: link.download }).click();
        setTimeout(() => URL.revokeObjectURL(address), 60_000);
    } catch (error) {
        notifyError(error, "The download");
    } finally {
        link.ariaBusy = null;
        setText(link, label);
    }
}

async function received(path, onProgress) {
    const response = await send("GET", path);
    const total = Number(response.headers.get("content-length"));
    const parts = [];
    let done = 0;
    for await (const part of response.body) {
        parts.push(part);
        done += part.length;
        onProgress(done, total);
    }
    return new Blob(parts);
}
