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

/** The header that carries the token, where there is one. */
export function authorization() {
    return token() ? { Authorization: `Bearer ${token()}` } : {};
}

/** Asks for a token once, however many requests wait for it; false where nobody can be asked. */
export async function renewToken(error) {
    if (!askToken) return false;
    pendingToken ??= askToken(token() ? `The server refused the token: ${error.message}` : error.message)
        .then(setToken)
        .finally(() => { pendingToken = null; });
    await pendingToken;
    return true;
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
        if (response.status !== 401 || !await renewToken(error)) throw error;
    }
}

/** GET, answered by JSON. */
export async function get(path, options) {
    return (await send("GET", path, options)).json();
}

/**
 * `ask` as a function that may be called at any time: it runs once at a time, and once more after the last call, with
 * `rest` milliseconds between two runs.
 */
export function inTurn(ask, rest = 0) {
    let isAsking = false, isStale = false;
    return async () => {
        isStale = true;
        if (isAsking) return;
        isAsking = true;
        while (isStale) {
            isStale = false;
            await ask();
            if (isStale && rest > 0) await new Promise((resolve) => setTimeout(resolve, rest));
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
