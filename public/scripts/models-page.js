// Models, what they are made of, and a place to try them.

import { get, remove } from "./api.js";
import { confirmAction } from "./dialogs.js";
import { el, fill } from "./dom.js";
import { count, when } from "./format.js";
import { notifyError } from "./notices.js";
import { TryIt } from "./try-it.js";

/** Parameters of a model by block, the largest as wide as the column. */
function layerList(layers) {
    const blocks = new Map();
    for (const { name, parameters } of layers) {
        const block = /^(.*?layer\.\d+)\b/.exec(name)?.[1] ?? name.split(".").slice(0, name.startsWith("classifier") ? 1 : 2).join(".");
        blocks.set(block, (blocks.get(block) ?? 0) + parameters);
    }
    const highest = Math.max(1, ...blocks.values());
    return el("ol", { class: "layers" }, [...blocks].map(([name, parameters]) => el("li", {},
        el("code", { class: "clip", title: name }, name),
        el("span", { class: "meter", vars: { "--share": (parameters / highest).toFixed(4) } }),
        el("span", { class: "number" }, count(parameters)))));
}

function cardPanel(model, card) {
    const fact = (name, value) => (value || value === 0) && el("div", {}, el("dt", {}, name), el("dd", {}, value));
    return el("section", { class: "panel", "aria-labelledby": "card-title" },
        el("div", { class: "panel-head" }, el("h2", { id: "card-title" }, "Card")),
        el("dl", { class: "card-facts" },
            fact("Task", (card.task ?? model.task)?.replaceAll("-", " ")),
            fact("Family", card.family),
            fact("Parameters", count(card.parameters)),
            fact("Tokenizer", card.tokenizer && `${card.tokenizer.type}, ${count(card.tokenizer.vocabulary_size)} entries`),
            fact("Longest text", card.tokenizer?.max_length && `${count(card.tokenizer.max_length)} tokens`),
            fact("Licence", card.license),
            fact("Labels", (card.labels ?? model.labels)?.length > 0 && el("span", { class: "tags" }, (card.labels ?? model.labels).map((label) => el("span", { class: "tag" }, label))))),
        card.layers?.length > 0 && el("details", {}, el("summary", {}, "Layers and their sizes"), layerList(card.layers)));
}

function lineage(model, models) {
    const chain = [];
    for (let each = model; each && chain.length < 20; each = models.find((one) => one.id === each.parent)) chain.unshift(each);
    if (chain[0].parent) chain.unshift({ id: chain[0].parent, gone: true });
    if (chain.length < 2) return null;
    return el("ol", { class: "lineage", "aria-label": "Where this model comes from" }, chain.map((each) => el("li", {},
        each.gone || each.id === model.id ? el("span", {}, each.id) : el("a", { href: `#/models/${encodeURIComponent(each.id)}` }, each.id))));
}

function listOf(title, models, chosen) {
    const names = models.map(nameOf), isShared = (name) => names.indexOf(name) !== names.lastIndexOf(name);
    return models.length > 0 && el("section", {}, el("h2", { class: "label" }, title), el("ul", { class: "model-list" }, models.map((model) => el("li", {},
        el("a", { href: `#/models/${encodeURIComponent(model.id)}`, data: { model: model.id }, "aria-current": model.id === chosen?.id ? "true" : null },
            el("span", { class: "model-name" }, nameOf(model), isShared(nameOf(model)) && el("span", { class: "muted" }, ` ${model.id.split(":").at(-1)}`)),
            el("span", { class: "muted" }, model.kind === "fine-tuned" ? `from ${model.parent ?? "a base model"}, ${when(model.created)}` : "pretrained"))))));
}

/** The suffix of a fine-tuned model where it has one, else its id. */
function nameOf(model) {
    return model.id.startsWith("ft:") && model.id.split(":")[3] || model.id;
}

async function showDetail(detail, model, models, signal) {
    const deleteButton = model.kind === "fine-tuned" && el("button", { type: "button", class: "danger", id: "delete-model" }, "Delete");
    const card = el("div", {}, el("p", { class: "waiting" }, el("span", {}, "Reading the model's card"), el("progress", { "aria-label": "Card" })));
    if (deleteButton) {
        deleteButton.addEventListener("click", async () => {
            if (!await confirmAction({ title: `Delete ${nameOf(model)}?`, text: `${model.id} can then no longer be used or trained further. The job and its checkpoints stay.`, action: "Delete the model" })) return;
            try {
                await remove(`/v1/models/${encodeURIComponent(model.id)}`);
                location.hash = "#/models";
            } catch (error) {
                notifyError(error, "The model was not deleted");
            }
        });
    }
    const known = get(`/v1/models/${encodeURIComponent(model.id)}/card`, { signal });
    known.catch(() => {});
    fill(detail,
        el("header", { class: "model-head" }, el("h2", {}, nameOf(model)), nameOf(model) !== model.id && el("p", { class: "facts" }, el("code", {}, model.id)), lineage(model, models),
            el("div", { class: "actions" },
                el("a", { class: "button plain", href: `#/new?model=${encodeURIComponent(model.id)}` }, model.kind === "fine-tuned" ? "Train it further" : "Fine-tune it"),
                model.job_id && el("a", { class: "button plain", href: `#/jobs/${encodeURIComponent(model.job_id)}` }, "Its job"), deleteButton)),
        model.task || model.labels?.length > 0 ? new TryIt(model, known, signal).node
            : el("section", { class: "panel" }, el("p", { class: "muted" }, "This model has no task layer yet, so there is nothing to try. Fine-tune it first.")),
        card);
    try {
        fill(card, cardPanel(model, await known));
    } catch (error) {
        if (signal.aborted) return;
        fill(card, el("p", { class: "failure" }, `The card could not be read: ${error.message}`));
    }
}

/** The page of models. */
export async function showModels(content, { id, signal, showConnection, title }) {
    const { data: models } = await get("/v1/models", { signal });
    const newest = models.filter((model) => model.kind === "fine-tuned").sort((a, b) => b.created - a.created);
    const base = models.filter((model) => model.kind !== "fine-tuned");
    const chosen = id ? models.find((model) => model.id === id) : newest[0] ?? base[0];
    title(chosen ? nameOf(chosen) : "Models");
    showConnection("quiet");
    content.append(el("div", { class: "page-head" }, el("h1", { tabindex: "-1" }, "Models")));
    if (models.length === 0) {
        content.append(el("section", { class: "empty", id: "no-models" },
            el("h2", {}, "No model here yet"), el("p", { class: "lead" }, "Get a small pretrained one on the server:"),
            el("pre", { class: "code" }, el("code", {}, "finetuned pull hf:sentence-transformers/all-MiniLM-L6-v2")),
            el("p", { class: "muted" }, "Then reload this page.")));
        return;
    }
    const detail = el("div", { class: "model-detail" });
    content.append(el("div", { class: "models" }, el("nav", { class: "model-nav", "aria-label": "Models" },
        listOf("Fine-tuned here", newest, chosen), listOf("Pretrained", base, chosen)), detail));
    if (chosen) showDetail(detail, chosen, models, signal).catch(notifyError);
    else detail.append(el("section", { class: "empty" }, el("h2", {}, "This model is not here"), el("p", { class: "lead" }, `${id} was deleted or never made. Choose one of the others.`)));
}
