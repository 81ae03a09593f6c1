// The training file: choosing, uploading, and what the check of its lines found.

import { get, post, send } from "./api.js";
import { el, fill, setText, table } from "./dom.js";
import { bytes, count, counted, number, when } from "./format.js";
import { histogram, labelBars } from "./histogram.js";
import { notifyError } from "./notices.js";
import { guessTask, taskOf } from "./tasks.js";
import { upload } from "./transfers.js";

const shownFindings = 50;
const headBytes = 16_384;

/**
 * Lets one choose the training file; `onChange` is called whenever the file or what is known of it changes, `onHead` with the
 * task that its beginning looks like.
 */
export class DataCard {
    file = null;
    validation = null;
    #check = null;

    constructor({ model, request, onChange, onHead, signal }) {
        Object.assign(this, { model, request, onChange, onHead, signal });
        const input = el("input", { type: "file", id: "file-input", class: "visually-hidden", accept: ".jsonl,.json,.csv,.tsv,.txt,.conll,.gz" });
        input.addEventListener("change", () => { if (input.files[0]) this.#send(input.files[0]); input.value = ""; });
        this.zone = el("label", { class: "dropzone", for: "file-input" }, input,
            el("strong", {}, "Drop a file here or choose one"),
            el("span", { class: "muted" }, "JSONL, JSON, CSV, TSV, CoNLL or plain text, also gzipped. It is checked at once, line by line."));
        this.known = el("select", { id: "known-files", "aria-label": "A file that is on the server already" });
        this.known.addEventListener("change", () => {
            const file = this.files.find((each) => each.id === this.known.value);
            if (file) this.choose(file);
        });
        this.sample = el("button", { type: "button", class: "quiet", id: "use-sample", on: { click: () => this.#useSample() } });
        this.choices = el("div", {}, this.zone, el("div", { class: "choices" }, this.known, this.sample));
        this.chosen = el("div", { class: "chosen", hidden: true });
        this.result = el("div", { id: "file-check", "aria-live": "polite" });
        this.node = el("div", { class: "data-card" }, this.choices, this.chosen, this.result);
        for (const type of ["dragover", "dragenter"]) this.zone.addEventListener(type, (event) => { event.preventDefault(); this.zone.dataset.over = "true"; });
        for (const type of ["dragleave", "drop"]) this.zone.addEventListener(type, () => delete this.zone.dataset.over);
        this.zone.addEventListener("drop", (event) => {
            event.preventDefault();
            if (event.dataTransfer.files[0]) this.#send(event.dataTransfer.files[0]);
        });
    }

    /** Offers the sample of the task. */
    adapt(state) {
        setText(this.sample, `Use the sample ${taskOf(state.task).sampleName}`);
    }

    /** Reads which files the server has. */
    async load() {
        const { data } = await get("/v1/files?purpose=fine-tune&limit=200", { signal: this.signal });
        this.files = data;
        this.known.hidden = data.length === 0;
        fill(this.known, el("option", { value: "" }, "Or take one from the server"), data.map((file) => el("option", { value: file.id },
            `${file.filename} (${bytes(file.bytes)}, ${when(file.created_at)})`)));
    }

    async #useSample() {
        this.sample.disabled = true;
        try {
            const { sample } = taskOf(this.request().task);
            const response = await fetch(`/samples/${sample}`, { signal: this.signal });
            if (!response.ok) throw new Error(`The sample file samples/${sample} is missing on this server (${response.status}).`);
            await this.#send(new File([await response.blob()], sample));
        } catch (error) {
            notifyError(error, "The sample");
        } finally {
            this.sample.disabled = false;
        }
    }

    async #send(file) {
        const bar = el("progress", { max: "1", value: 0, "aria-label": "Upload" });
        const text = el("span", {}, `Uploading ${file.name} (${bytes(file.size)})`);
        fill(this.result, el("p", { class: "waiting" }, text, bar));
        try {
            const stored = await upload(file, { signal: this.signal, onProgress: (share) => { bar.value = share; } });
            this.files = [stored, ...(this.files ?? [])];
            await this.choose(stored);
        } catch (error) {
            fill(this.result);
            notifyError(error, `${file.name} was not uploaded`);
        }
    }

    /** Takes a file of the server and has it checked. */
    async choose(file) {
        this.file = file;
        this.choices.hidden = true;
        this.chosen.hidden = false;
        fill(this.chosen,
            el("span", { class: "file-name" }, file.filename), el("span", { class: "muted" }, `${bytes(file.bytes)}, `, el("code", {}, file.id)),
            el("button", { type: "button", class: "quiet", on: { click: () => this.#forget() } }, "Choose another"));
        await this.#look(file);
        await this.check();
    }

    /** Reads the beginning of a file, to tell what it is for. */
    async #look(file) {
        if (/\.gz$/.test(file.filename)) return;
        try {
            const response = await send("GET", `/v1/files/${encodeURIComponent(file.id)}/content`, { headers: { Range: `bytes=0-${headBytes - 1}` }, signal: this.signal });
            this.onHead(guessTask(file.filename, await response.text()), file.filename);
        } catch (error) {
            if (!this.signal.aborted) notifyError(error, `The beginning of ${file.filename}`);
        }
    }

    #forget() {
        this.#check?.abort();
        this.file = null;
        this.validation = null;
        this.known.value = "";
        this.choices.hidden = false;
        this.chosen.hidden = true;
        fill(this.result);
        this.onChange();
    }

    /** Has the file checked line by line for the chosen model, and shows what was found. */
    async check() {
        if (!this.file) return;
        this.#check?.abort();
        const check = this.#check = new AbortController();
        this.validation = null;
        this.onChange();
        fill(this.result, el("p", { class: "waiting" }, el("span", {}, "Checking the file line by line"), el("progress", { "aria-label": "Check of the file" })));
        const path = `/v1/files/${encodeURIComponent(this.file.id)}`;
        const model = this.model();
        const query = `?task=${encodeURIComponent(this.request().task)}${model ? `&model=${encodeURIComponent(model)}` : ""}`;
        try {
            const validation = await post(`${path}/validate${query}`, undefined, { signal: check.signal });
            const preview = validation.rows > 0 ? await get(`${path}/preview`, { signal: check.signal }).catch(() => null) : null;
            if (check.signal.aborted) return;
            this.validation = validation;
            fill(this.result, checkResult(validation, preview));
        } catch (error) {
            if (check.signal.aborted) return;
            fill(this.result, el("p", { class: "failure" }, `The check did not come to an end: ${error.message}`));
        }
        this.onChange();
    }
}

/** What a row teaches, as text. */
function answerOf({ label, labels, score, tags }) {
    return labels?.join(", ") ?? tags?.join(" ") ?? (Number.isFinite(score) ? number(score) : label ?? "–");
}

/** What the check says: the verdict, the findings by line, labels, lengths and the first rows. */
function checkResult(validation, preview) {
    const { valid, rows, errors, warnings, labels = [], findings = [], length_histogram: lengths } = validation;
    const verdict = valid
        ? `${counted(rows, "row")}${labels.length > 0 ? `, ${counted(labels.length, "label")}` : ""}, no error${warnings ? `, ${counted(warnings, "warning")}` : ""}. Ready to train.`
        : `${counted(errors, "error")} in ${counted(rows, "row")}${warnings ? ` and ${counted(warnings, "warning")}` : ""}. Correct the lines below and drop the file again.`;
    const more = (validation.findings_truncated ?? 0) + Math.max(0, findings.length - shownFindings);
    return [
        el("p", { class: "verdict", id: "verdict", data: { valid: String(valid) } }, verdict),
        findings.length > 0 && el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Findings by line" }, table({
            caption: "Findings by line", className: "findings",
            columns: [{ title: "Line", number: true }, { title: "Field" }, { title: "What is wrong" }, { title: "What would be right" }],
            rows: findings.slice(0, shownFindings).map((finding) => [
                finding.line ? count(finding.line) : "file", finding.field ? el("code", {}, finding.field) : "–",
                el("span", { class: "finding", data: { severity: finding.severity } }, finding.reason), finding.fix ?? "",
            ]),
        })),
        more > 0 && el("p", { class: "muted" }, `${counted(more, "further finding")} not shown.`),
        el("div", { class: "distribution" }, labels.length > 0 && labelBars(labels), lengths?.counts?.length > 0 && histogram(lengths)),
        preview?.rows?.length > 0 && el("details", {}, el("summary", {}, "The first rows as they were read"), table({
            caption: "First rows", className: "preview",
            columns: [{ title: "Line", number: true }, { title: "Text" }, { title: "Answer" }],
            rows: preview.rows.slice(0, 8).map((row) => [count(row.line), [row.text, row.text_pair, row.negative].filter(Boolean).join(" | "), answerOf(row)]),
        })),
    ];
}
