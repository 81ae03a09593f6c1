// Files on their way to the server and from it, with how far they are.

import { APIError, authorization, renewToken, send } from "./api.js";

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

/** Downloads what needs a token (a plain link cannot send one) and hands it to the browser as `name`. */
export async function download(path, name, onProgress) {
    const response = await send("GET", path);
    const total = Number(response.headers.get("content-length"));
    const parts = [];
    let received = 0;
    for (const reader = response.body.getReader(); ;) {
        const { done, value } = await reader.read();
        if (done) break;
        parts.push(value);
        received += value.length;
        onProgress?.(received, total);
    }
    const address = URL.createObjectURL(new Blob(parts));
    const link = document.createElement("a");
    link.href = address;
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
