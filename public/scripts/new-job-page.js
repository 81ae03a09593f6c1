// A new job: the five parts as cards, the request and its price beside them.

import { get, jobPath, post } from "./api.js";
import { DataCard } from "./data-card.js";
import { copyButton, el, fill, setText } from "./dom.js";
import { bytes, count, counted, roughly } from "./format.js";
import { Field, choiceField, numberField, setAt, switchField, textField, valueAt } from "./form-fields.js";
import { jobName, requestBody } from "./job.js";
import { jsonView } from "./json-view.js";
import { LayersField } from "./layers-field.js";
import { notify, notifyError } from "./notices.js";
import { curlCommand, pythonProgram } from "./snippets.js";

const hyper = "method.supervised.hyperparameters";

function strategyFields() {
    return {
        main: [
            numberField({ path: `${hyper}.n_epochs`, label: "Epochs", fallback: 3, min: 1, max: 1000, step: 1, hint: "Passes over the data." }),
            numberField({ path: `${hyper}.batch_size`, label: "Batch size", fallback: 16, min: 1, max: 4096, step: 1, hint: "Examples a step." }),
            numberField({ path: "strategy.learning_rate", label: "Learning rate", fallback: null, min: 1e-10, max: 10, placeholder: "5e-5", hint: "Empty: 5e-5, or 1e-3 for the head alone." }),
            choiceField({ path: "strategy.schedule", label: "Schedule", fallback: "linear", options: [["linear", "linear"], ["cosine", "cosine"], ["constant", "constant"]], hint: "How the rate falls." }),
        ],
        more: [
            numberField({ path: "strategy.warmup_ratio", label: "Warm-up", fallback: 0.06, min: 0, max: 1, hint: "Share of the steps." }),
            numberField({ path: "strategy.weight_decay", label: "Weight decay", fallback: 0.01, min: 0, max: 10 }),
            numberField({ path: "strategy.max_grad_norm", label: "Gradient clipping", fallback: 1, min: 1e-6, max: 1e6, hint: "Greatest norm." }),
            numberField({ path: "strategy.label_smoothing", label: "Label smoothing", fallback: 0, min: 0, max: 0.99 }),
            numberField({ path: "strategy.dropout", label: "Dropout", fallback: null, min: 0, max: 0.95, placeholder: "the model's own" }),
            numberField({ path: "strategy.keep_checkpoints", label: "Checkpoints kept", fallback: 2, min: 1, max: 1000, step: 1 }),
            choiceField({ path: "strategy.keep", label: "Result is the", fallback: "best", options: [["best", "best checkpoint"], ["last", "last checkpoint"]] }),
            earlyStopping(),
        ],
    };
}

function earlyStopping() {
    const input = el("select", {}, [["", "off"], ["valid_loss", "by validation loss"], ["accuracy", "by accuracy"], ["macro_f1", "by macro F1"]]
        .map(([value, name]) => el("option", { value }, name)));
    return new Field({
        path: "strategy.early_stopping", label: "Early stopping", hint: "After 3 evaluations without progress.", input, fallback: null,
        read: () => (input.value ? { metric: input.value, patience: 3 } : null),
        write: (value) => { input.value = value?.metric ?? ""; },
    });
}

function taskFields() {
    return [
        choiceField({ path: "task.type", label: "Task", fallback: "text-classification", options: [["text-classification", "text classification"]], hint: "One label for each text." }),
        choiceField({ path: "task.head.pooling", label: "Pooling", fallback: "auto", options: [["auto", "auto"], ["cls", "first token"], ["mean", "mean"], ["max", "maximum"]], hint: "What the head reads." }),
        numberField({ path: "task.head.dropout", label: "Head dropout", fallback: null, min: 0, max: 0.95, placeholder: "the model's own" }),
        choiceField({ path: "task.head_init", label: "Head", fallback: "auto", options: [["auto", "keep if labels match"], ["new", "always new"]] }),
    ];
}

function dataFields() {
    return [
        numberField({ path: "data.max_length", label: "Maximum length", fallback: 128, min: 8, max: 8192, step: 1, hint: "Tokens; longer texts are cut." }),
        numberField({ path: "data.validation_split", label: "Held back", fallback: 0.1, min: 0, max: 0.9, hint: "Share for validation." }),
        textField({ path: "data.fields.text", label: "Text field", fallback: "text" }),
        textField({ path: "data.fields.label", label: "Label field", fallback: "label" }),
        switchField({ path: "data.shuffle", label: "Shuffle in each epoch", fallback: true }),
    ];
}

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
        this.data = new DataCard({ model: () => this.model.value, signal, onChange: () => this.changed() });
        this.layers = new LayersField(() => this.changed());
        this.validationFile = choiceField({ path: "validation_file", label: "Validation file", fallback: "", options: [["", "none, hold back a share"]] });
        const strategy = strategyFields();
        this.groups = { task: taskFields(), data: dataFields(), strategy: strategy.main, more: strategy.more, resources: resourceFields() };
        this.fields = [this.suffix, this.validationFile, ...Object.values(this.groups).flat()];
        for (const { input } of this.fields) input.addEventListener("input", () => this.changed());
        this.#build();
    }

    #build() {
        const card = (number, id, title, text, ...content) => el("section", { class: "card", "aria-labelledby": id },
            el("header", {}, el("span", { class: "ordinal", "aria-hidden": "true" }, number), el("div", {}, el("h2", { id }, title), el("p", { class: "muted" }, text))),
            content);
        const grid = (fields) => el("div", { class: "fields" }, fields.map((field) => field.node));
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
                card("2", "card-data", "Data", "What it shall learn, one labelled example a line.", this.data.node,
                    more("How the data is read", grid([this.validationFile, ...this.groups.data]))),
                card("3", "card-task", "Task layer", "A new output layer on top of the model. Its labels come from the data.", grid(this.groups.task)),
                card("4", "card-layers", "Layers that train", "What is not trained stays frozen, as it was.", this.layers.node),
                card("5", "card-strategy", "Strategy", "How it learns.", grid(this.groups.strategy), more("Regularisation and checkpoints", grid(this.groups.more)),
                    more("Seed and resources", grid(this.groups.resources)))),
            el("aside", { class: "side", "aria-label": "Quote and request" },
                el("div", { class: "order" }, el("h2", {}, "Quote"), this.quote, this.submit, this.blocked),
                el("div", { class: "request" }, el("div", { class: "panel-head" }, el("h2", {}, "Request"), el("div", { class: "controls" },
                    copyButton("curl", () => curlCommand(this.body)), copyButton("Python", () => pythonProgram(this.body)))),
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
        const wrong = this.fields.find((field) => !field.input.checkValidity());
        if (wrong) {
            wrong.refuse(wrong.input.validationMessage);
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
        const field = [...this.fields, this.layers].find(({ path }) => path === error.param || path.endsWith(`.${error.param}`) || error.param.startsWith(`${path}.`));
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
        fill(this.validationFile.input, el("option", { value: "" }, "none, hold back a share"),
            this.data.files.map((file) => el("option", { value: file.id }, `${file.filename} (${bytes(file.bytes)})`)));
    }

    /** Fills the form with the settings of a job. */
    async copy(job) {
        const body = requestBody(job);
        if (this.models.some((each) => each.id === body.model)) this.model.value = body.model;
        else notify(`The model ${body.model} of that job is no longer here.`, { advice: "Choose another one.", kind: "warn" });
        for (const field of this.fields) {
            const value = valueAt(body, field.path);
            if (value !== undefined && field.path !== "seed") field.write(value);
        }
        this.layers.write(body.layers?.train ?? "all");
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
