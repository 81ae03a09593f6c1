// A new job: the five parts as cards, the request and its price beside them.

import { get, jobPath, post } from "./api.js";
import { DataCard } from "./data-card.js";
import { copyButton, el, fill, setText } from "./dom.js";
import { bytes, count, counted, number, roughly } from "./format.js";
import { dataFields, fileOptions } from "./data-fields.js";
import { choiceField, numberField, setAt, textField, valueAt } from "./form-fields.js";
import { jobName, requestBody } from "./job.js";
import { jsonView } from "./json-view.js";
import { LayersField } from "./layers-field.js";
import { notify, notifyError } from "./notices.js";
import { SchedulePreview } from "./schedule.js";
import { strategyFields } from "./strategy-fields.js";
import { TaskField, grid, isSeldom } from "./task-fields.js";
import { defaultLearningRate } from "./tasks.js";

function resourceFields() {
    return [
        numberField({ path: "seed", label: "Seed", fallback: null, min: 0, max: 2147483647, step: 1, placeholder: "random", hint: "The same seed gives the same run." }),
        numberField({ path: "resources.threads", label: "Threads", fallback: null, min: 1, max: 1024, step: 1, placeholder: "all of a worker" }),
        numberField({ path: "resources.priority", label: "Priority", fallback: 0, min: -1000, max: 1000, step: 1, hint: "Higher starts first." }),
    ];
}

/** The form, its fields and the request that they make. */
class JobForm {
    #timer = 0;
    #asked = null;

    constructor(models, signal) {
        this.models = models;
        this.signal = signal;
        this.model = el("select", { id: "model", data: { path: "model" } }, [["base", "Pretrained"], ["fine-tuned", "Fine-tuned here"]].map(([kind, name]) => {
            const of = models.filter((each) => (each.kind ?? "base") === kind);
            return of.length > 0 && el("optgroup", { label: name }, of.map((each) => el("option", { value: each.id }, each.id)));
        }));
        this.model.addEventListener("change", () => { this.#describeModel(); this.data.check(); });
        this.suffix = textField({ path: "suffix", label: "Name", fallback: undefined, placeholder: "tickets", maxlength: 64, pattern: "[A-Za-z0-9._\\-]+", hint: "Letters, digits, - _ and dot. It becomes part of the model's name." });
        this.task = new TaskField(() => { this.data.check(); this.changed(); });
        this.data = new DataCard({
            model: () => this.model.value, request: () => this.state, signal,
            onChange: () => this.changed(), onHead: (guess, name) => { this.task.suggest(guess, name); this.#adapt(); },
        });
        this.layers = new LayersField(() => this.changed());
        this.validationFile = choiceField({ path: "validation_file", label: "Validation file", fallback: "", options: [["", "none, hold back a share"]] });
        this.strategy = strategyFields();
        this.reading = dataFields(() => this.changed());
        this.sweep = el("details", { id: "sweep-fields", on: { toggle: () => this.#offerSweep().catch(notifyError) } }, el("summary", {}, "Several settings at once (sweep)"));
        this.preview = new SchedulePreview();
        this.resources = resourceFields();
        this.fields = [this.suffix, this.validationFile, this.task, ...this.task.fields, ...this.reading.reading, ...this.reading.variety,
            ...Object.values(this.strategy).flat(), ...this.resources];
        for (const { input } of this.fields) input.addEventListener("input", () => this.changed());
        for (const field of this.task.fields) field.input.addEventListener("input", () => this.data.check());
        this.#build();
    }

    #build() {
        const card = (number, id, title, text, ...content) => el("section", { class: "card", "aria-labelledby": id },
            el("header", {}, el("span", { class: "ordinal", "aria-hidden": "true" }, number), el("div", {}, el("h2", { id }, title), el("p", { class: "muted" }, text))),
            content);
        const more = (name, ...content) => el("details", {}, el("summary", {}, name), content);
        this.facts = el("p", { class: "hint", id: "model-facts" });
        this.quote = el("div", { class: "quote", id: "quote", "aria-live": "polite" });
        this.json = el("div", {});
        this.submit = el("button", { type: "submit", class: "primary large", id: "create-job" }, "Start the job");
        this.blocked = el("p", { class: "hint", id: "blocked" });
        this.node = el("form", { class: "new-job", novalidate: true, on: { submit: (event) => { event.preventDefault(); this.#create(); } } },
            el("div", { class: "cards" },
                card("1", "card-model", "Pretrained model", "Where the run starts: weights that have learned from much text.",
                    el("div", { class: "fields" }, el("div", { class: "field" }, el("label", { for: "model" }, "Model"), this.model, this.facts), this.suffix.node)),
                card("2", "card-task", "Task", "What it shall learn: a new output layer on top of the model.", this.task.node,
                    grid(this.task.fields.filter((field) => !isSeldom(field))), more("The layer in detail", grid(this.task.fields.filter(isSeldom)))),
                card("3", "card-data", "Data", "The examples it learns from, one a line.", this.data.node,
                    more("How the file is read", grid([this.validationFile, ...this.reading.reading])),
                    more("Variety and balance", grid(this.reading.variety))),
                card("4", "card-layers", "Layers that train", "What is not trained stays frozen, as it was.", this.layers.node),
                card("5", "card-strategy", "Strategy", "How it learns.", grid(this.strategy.main), this.preview.node,
                    Object.entries(this.strategy).filter(([name]) => name !== "main").map(([name, fields]) => more(name, grid(fields))),
                    more("Seed and resources", grid(this.resources)), this.sweep)),
            el("aside", { class: "side", "aria-label": "Quote and request" },
                el("div", { class: "order" }, el("h2", {}, "Quote"), this.quote, this.submit, this.blocked),
                el("div", { class: "request" }, el("div", { class: "panel-head" }, el("h2", {}, "Request"), el("div", { class: "controls" },
                    copyButton("curl", async () => (await import("./snippets.js")).curlCommand(this.body)), copyButton("Python", async () => (await import("./snippets.js")).pythonProgram(this.body)))),
                this.json, el("p", { class: "hint" }, "What is not named here takes its default."))));
        this.#describeModel();
        this.changed();
    }

    async #describeModel() {
        const id = this.model.value;
        if (!id) return;
        setText(this.facts, "Reading the model's card …");
        try {
            const card = await get(`/v1/models/${encodeURIComponent(id)}/card`, { signal: this.signal });
            if (this.model.value !== id) return;
            setText(this.facts, `${card.family}, ${count(card.parameters / 1e6) === "0" ? count(card.parameters) : `${(card.parameters / 1e6).toFixed(1)} million`} parameters, up to ${count(card.tokenizer?.max_length)} tokens`);
            this.layers.describe(card);
        } catch (error) {
            if (this.signal.aborted) return;
            setText(this.facts, error.message);
            this.layers.describe(null);
        }
    }

    /** Makes the fields of a sweep, which few jobs want, when they are asked for. */
    async #offerSweep() {
        if (!this.sweepField) {
            const { SweepField } = await import("./sweep-field.js");
            if (!this.sweepField) {
                this.sweepField = new SweepField(() => this.changed());
                this.fields.push(this.sweepField);
                this.sweep.append(this.sweepField.node);
                this.#adapt();
            }
        }
        return this.sweepField;
    }

    /** What fields go by: the choices that others depend on. */
    get state() {
        const at = (path) => this.fields.find((field) => field.path === path)?.input.value;
        return {
            task: this.task.type, labels: at("task.multi_label"), loss: at("task.embedding.loss"), optimizer: at("strategy.optimizer.type"),
            schedule: at("strategy.schedule"), stopping: at("strategy.early_stopping.metric"), adversarial: at("strategy.adversarial.type"),
            format: at("data.format"), ...this.layers.state,
        };
    }

    /** Hides what does not apply, and draws the learning rate. */
    #adapt() {
        this.layers.adapt(this.state);
        const { state } = this;
        for (const field of this.fields) field.adapt(state);
        this.data.adapt(state);
        const value = (path) => { const field = this.fields.find((each) => each.path === path); return field.node.hidden ? undefined : field.read(); };
        const rate = this.fields.find((each) => each.path === "strategy.learning_rate");
        const usual = defaultLearningRate(state);
        rate.input.placeholder = number(usual, 2);
        const hyper = "method.supervised.hyperparameters";
        this.preview.show({
            schedule: state.schedule, warmup: value("strategy.warmup_ratio") ?? (state.schedule === "slanted_triangular" ? 0.1 : 0.06), power: value("strategy.schedule_power") ?? 1,
            steps: this.steps ?? 300, epochs: Math.max(1, value(`${hyper}.n_epochs`) ?? 3), peak: value("strategy.learning_rate") ?? usual, head: value("strategy.head_learning_rate") ?? null,
            decay: value("strategy.layer_decay") ?? 1, blocks: state.blocks, every: state.every, frozen: state.frozen,
        });
    }

    /** The request that the form makes: only what differs from the defaults. */
    get body() {
        const body = {};
        if (this.model.value) body.model = this.model.value;
        if (this.data.file) body.training_file = this.data.file.id;
        for (const field of [...this.fields, this.layers]) {
            const { value } = field;
            if (value !== undefined && value !== "") setAt(body, field.path, value);
        }
        if (body.method) body.method = { type: "supervised", ...body.method };
        return body;
    }

    /** Brings the request, the quote and the button up to date. */
    changed() {
        if (!this.submit) return;
        this.#adapt();
        fill(this.json, jsonView(this.body));
        const reason = this.#missing();
        this.submit.disabled = Boolean(reason);
        setText(this.blocked, reason ?? "");
        clearTimeout(this.#timer);
        this.#asked?.abort();
        if (reason) return fill(this.quote, el("p", { class: "muted" }, "Time, memory and disk are estimated once model and file are chosen."));
        this.#timer = setTimeout(() => this.#estimate(), 350);
    }

    #missing() {
        if (!this.model.value) return "No model is on this server yet. Get one with: finetuned pull hf:sentence-transformers/all-MiniLM-L6-v2";
        if (!this.data.file) return "Choose a training file first.";
        if (!this.data.validation) return "The file is being checked.";
        if (!this.data.validation.valid) return "The file has errors; they are listed with their lines.";
        const wrong = [...this.fields, ...this.layers.fields].find((field) => !field.isFine);
        if (wrong) {
            if (wrong.input.validationMessage) wrong.refuse(wrong.input.validationMessage);
            for (let box = wrong.node.closest("details"); box; box = box.parentElement.closest("details")) box.open = true;
            return "One of the settings is out of range.";
        }
        return null;
    }

    async #estimate() {
        const asked = this.#asked = new AbortController();
        fill(this.quote, el("p", { class: "waiting" }, el("span", {}, "Estimating time and memory"), el("progress", { "aria-label": "Estimate" })));
        try {
            const estimate = await post("/v1/fine_tuning/jobs/estimate", this.body, { signal: asked.signal });
            this.steps = estimate.total_steps;
            fill(this.quote, quote(estimate));
        } catch (error) {
            if (asked.signal.aborted) return;
            this.#refuse(error);
            fill(this.quote, el("p", { class: "failure" }, error.message));
        }
    }

    /** Shows an error of the API at the field that it names; false where there is none. */
    #refuse(error) {
        if (!error.param) return false;
        const field = [...this.layers.fields, ...this.fields, this.layers].find(({ path }) => path === error.param || path.endsWith(`.${error.param}`) || error.param.startsWith(`${path}.`) || error.param.startsWith(`${path}[`));
        if (!field) return false;
        field.refuse(error.message);
        for (let box = field.node.closest("details"); box; box = box.parentElement.closest("details")) box.open = true;
        field.node.scrollIntoView({ block: "nearest" });
        return true;
    }

    async #create() {
        if (this.submit.disabled) return;
        this.submit.disabled = true;
        setText(this.submit, "Starting …");
        try {
            const job = await post("/v1/fine_tuning/jobs", this.body);
            location.hash = `#/jobs/${encodeURIComponent(job.id)}`;
        } catch (error) {
            this.#refuse(error);
            notifyError(error, "The job was not started");
            this.submit.disabled = false;
            setText(this.submit, "Start the job");
        }
    }

    /** Reads the files of the server into both choices. */
    async loadFiles() {
        await this.data.load();
        fileOptions(this.validationFile.input, this.data.files, (file) => `${file.filename} (${bytes(file.bytes)})`);
    }

    /** Fills the form with the settings of a job. */
    async copy(job) {
        const body = requestBody(job);
        if (this.models.some((each) => each.id === body.model)) this.model.value = body.model;
        else notify(`The model ${body.model} of that job is no longer here.`, { advice: "Choose another one.", kind: "warn" });
        this.task.isChosen = true;
        for (const field of this.fields) {
            const value = valueAt(body, field.path);
            // A list of metrics is offered by the task, so it is there only once the task is.
            if (field.path.startsWith("strategy.early_stopping")) this.#adapt();
            if (value !== undefined && field.path !== "seed") field.write(value);
        }
        this.layers.write(body.layers);
        if (body.sweep) (await this.#offerSweep()).write(body.sweep);
        await this.#describeModel();
        const file = this.data.files.find((each) => each.id === body.training_file);
        if (file) await this.data.choose(file);
        else notify("The training file of that job is no longer on the server.", { advice: "Choose or drop another one.", kind: "warn" });
        this.changed();
    }
}

function quote({ seconds, peak_memory_bytes: memory, disk_bytes: disk, total_steps: steps, tokens, warnings = [] }) {
    const figure = (name, value) => el("div", {}, el("dt", {}, name), el("dd", {}, value));
    return [
        el("dl", { class: "figures quote-figures" },
            figure("Time", `about ${roughly(seconds)}`), figure("Memory", bytes(memory)), figure("Disk", bytes(disk))),
        el("p", { class: "muted" }, `${counted(steps, "step")}, ${counted(tokens, "token")}`),
        warnings.length > 0 && el("ul", { class: "warnings" }, warnings.map((finding) => el("li", {}, [finding.reason, finding.fix].filter(Boolean).join("; ")))),
    ];
}

/** The page that makes a job. */
export async function showNewJob(content, { signal, showConnection, title, query }) {
    title("New job");
    const { data: models } = await get("/v1/models", { signal });
    const form = new JobForm(models, signal);
    const source = query.get("from");
    const original = source ? await get(jobPath(source), { signal }) : null;
    content.append(el("div", { class: "page-head" }, el("div", {},
        el("h1", { tabindex: "-1" }, original ? `New job like ${jobName(original)}` : "New job"),
        el("p", { class: "lead" }, "Five parts, each with a default. A model and a file are enough."))), form.node);
    showConnection("quiet");
    const ready = form.loadFiles();
    ready.then(() => original && form.copy(original)).catch(notifyError);
    const wanted = query.get("model");
    if (wanted && models.some((each) => each.id === wanted)) form.model.value = wanted;
}
