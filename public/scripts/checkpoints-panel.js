import { get, jobPath, token } from "./api.js";
import { copyButton, el, fill, setText } from "./dom.js";
import { bytes, count, counted, metric, metricName, when } from "./format.js";
import { headlineMetrics } from "./job.js";

const known = ["valid_loss", "full_valid_loss", "valid_mean_token_accuracy", "train_loss"];

/** The checkpoints of a job, each with its files and a download. */
export class CheckpointsPanel {
    constructor(job, signal) {
        const { id, task, layers } = job;
        Object.assign(this, { id, signal, task: task?.type, hasAdapter: Boolean(layers?.lora) && !layers.lora.merge });
        this.list = el("ul", { class: "checkpoints", id: "checkpoints" });
        this.nothing = el("p", { class: "muted" });
        this.isOver = false;
        this.node = el("section", { class: "panel", "aria-labelledby": "checkpoints-title" },
            el("div", { class: "panel-head" }, el("h2", { id: "checkpoints-title" }, "Checkpoints")), this.nothing, this.list);
    }

    /** Reads the list anew. */
    async load() {
        const { data } = await get(jobPath(this.id, "/checkpoints?limit=50"), { signal: this.signal });
        this.nothing.hidden = data.length > 0;
        setText(this.nothing, this.isOver ? "None: the job ended before its first one."
            : "None yet. One is written after each epoch, read back from disk and compared before it appears here.");
        const open = new Set([...this.list.querySelectorAll("details[open]")].map((each) => each.dataset.checkpoint));
        fill(this.list, data.map((checkpoint) => this.#item(checkpoint, open.has(checkpoint.id))));
    }

    #item(checkpoint, open) {
        const { id, step_number: step, metrics, files = [], verified, best, created_at: created } = checkpoint;
        const size = files.reduce((sum, file) => sum + file.bytes, 0);
        const name = `${this.id}-step-${step}`;
        const values = ["valid_loss", ...headlineMetrics(metrics), ...known.slice(1)].filter((key) => Number.isFinite(metrics?.[key])).slice(0, 3);
        return el("li", { data: { checkpoint: id } },
            el("div", { class: "checkpoint-head" },
                el("h3", {}, `Step ${count(step)}`),
                best && el("span", { class: "tag", data: { kind: "best" } }, "best"),
                verified && el("span", { class: "tag", title: "Read back from disk and found equal to the model in memory" }, "verified"),
                el("span", { class: "muted" }, `${bytes(size)}, ${when(created)}`)),
            el("dl", { class: "inline-figures" }, values.map((key) => el("div", {}, el("dt", {}, metricName(key)), el("dd", {}, metric(key, metrics[key]))))),
            el("div", { class: "actions" },
                this.#downloadLink(jobPath(this.id, `/checkpoints/${encodeURIComponent(id)}/content`), `${name}.tar`, this.hasAdapter ? "Download the adapter" : "Download"),
                this.hasAdapter && this.#downloadLink(jobPath(this.id, `/checkpoints/${encodeURIComponent(id)}/content?merged=true`), `${name}-merged.tar`, "Download merged")),
            el("details", { open, data: { checkpoint: id } }, el("summary", {}, `${counted(files.length, "file")} with the SHA-256 of each`),
                el("ul", { class: "files" }, files.map((file) => el("li", {},
                    el("span", { class: "file-name" }, file.name), el("span", { class: "muted" }, bytes(file.bytes)),
                    el("code", { class: "hash" }, file.sha256), copyButton("Copy", () => file.sha256)))),
                this.#program(this.hasAdapter ? `${name}-merged` : name)));
    }

    /** A program that loads the checkpoint, fetched when the files are looked at. */
    #program(name) {
        const box = el("div", { class: "snippet" });
        const write = async () => {
            const { transformersProgram } = await import("./snippets.js");
            const text = transformersProgram(name, this.task);
            fill(box, el("pre", { class: "code", tabindex: "0" }, el("code", {}, text)), copyButton("Copy the Python", () => text));
        };
        setTimeout(() => {
            const details = box.closest("details");
            if (details?.open) write();
            else details?.addEventListener("toggle", write, { once: true });
        });
        return box;
    }

    #downloadLink(path, name, label) {
        const link = el("a", { class: "button plain", href: path, download: name }, label);
        if (token()) link.addEventListener("click", async (event) => {
            event.preventDefault();
            (await import("./transfers.js")).downloadFrom(link);
        });
        return link;
    }
}
