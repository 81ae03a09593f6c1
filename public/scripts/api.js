// The HTTP API of the server, spoken as any other client would.

const tokenKey = "finetuned.token";
let askToken = null;
let pendingToken = null;

/** An answer other than 2xx, or none at all (status 0). The message is the server's own. */
export class APIError extends Error {
    constructor(status, { message, type, param, code } = {}) {
        super(message ?? `The server answered ${status}.`);
        Object.assign(this, { status, type: type ?? null, param: param ?? null, code: code ?? null });
    }
}

/** Registers how the token is asked for: an async function that is told why and returns the token. */
export function onTokenNeeded(ask) {
    askToken = ask;
}

/** The bearer token of this browser tab, or null. */
export function token() {
    return sessionStorage.getItem(tokenKey);
}

/** Forgets or keeps the token for this browser tab. */
export function setToken(value) {
    if (value) sessionStorage.setItem(tokenKey, value);
    else sessionStorage.removeItem(tokenKey);
}

function authorization() {
    return token() ? { Authorization: `Bearer ${token()}` } : {};
}

/** Asks for a token once, however many requests wait for it. */
async function renewToken(error) {
    pendingToken ??= askToken(token() ? `The server refused the token: ${error.message}` : error.message)
        .then(setToken)
        .finally(() => { pendingToken = null; });
    return pendingToken;
}

let clockOffset = 0;  // seconds that the server's clock is ahead of ours

function noteClock(response) {
    const date = Date.parse(response.headers.get("date") ?? "");
    if (Number.isNaN(date)) return;
    const offset = (date - Date.now()) / 1000;
    clockOffset = Math.abs(offset) > 2 ? offset : 0;
}

/** The server's time in unix seconds, by the Date header of its last answer. */
export function serverNow() {
    return Date.now() / 1000 + clockOffset;
}

async function failure(response) {
    const body = await response.json().catch(() => null);
    return new APIError(response.status, body?.error ?? { message: `${response.status} ${response.statusText}`.trim() });
}

/** One request; asks for a token at 401 and tries again. Returns the Response of a 2xx. */
export async function send(method, path, { body, headers = {}, signal } = {}) {
    for (;;) {
        let response;
        try {
            response = await fetch(path, { method, body, signal, headers: { ...headers, ...authorization() } });
        } catch (error) {
            if (signal?.aborted) throw error;
            throw new APIError(0, { code: "unreachable",
                message: `The server at ${location.origin} does not answer. Check that finetuned is running there.` });
        }
        noteClock(response);
        if (response.ok) return response;
        const error = await failure(response);
        if (response.status !== 401 || !askToken) throw error;
        await renewToken(error);
    }
}

/** GET, answered by JSON. */
export async function get(path, options) {
    return (await send("GET", path, options)).json();
}

/** `ask` as a function that may be called at any time: it runs once at a time, and once more after the last call. */
export function inTurn(ask) {
    let isAsking = false, isStale = false;
    return async () => {
        isStale = true;
        if (isAsking) return;
        isAsking = true;
        while (isStale) {
            isStale = false;
            await ask();
        }
        isAsking = false;
    };
}

/** POST of a JSON value, answered by JSON. */
export async function post(path, value, options = {}) {
    const request = { ...options, headers: { "Content-Type": "application/json", ...options.headers } };
    if (value !== undefined) request.body = JSON.stringify(value);
    return (await send("POST", path, request)).json();
}

/** DELETE, answered by JSON. */
export async function remove(path) {
    return (await send("DELETE", path)).json();
}

/** Path of one job, with what follows it. */
export function jobPath(id, rest = "") {
    return `/v1/fine_tuning/jobs/${encodeURIComponent(id)}${rest}`;
}

/** Uploads a file for fine-tuning; `onProgress` gets the share sent, 0…1. */
export async function upload(file, { onProgress, signal } = {}) {
    for (;;) {
        const { status, body } = await sendForm(file, onProgress, signal);
        if (status >= 200 && status < 300) return body;
        const error = new APIError(status, body?.error ?? { message: `The upload was answered with ${status}.` });
        if (status !== 401 || !askToken) throw error;
        await renewToken(error);
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
