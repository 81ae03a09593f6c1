// The model map: every block of the network in order, what is frozen cold, what trains warm, and how far it has moved.

import { el, fill, setText, svg } from "./dom.js";
import { compact, count, number, percent } from "./format.js";
import { isTerminal } from "./job.js";
import { driftOf, heat, isWarm, networkOf } from "./network.js";

const shownEvaluations = 24;
const answers = {
    "text-classification": "a label", "text-regression": "a score", "token-classification": "a tag for each word",
    "masked-language-modeling": "the hidden words", "text-embedding": "a vector",
};

/** The side branch of low rank: down to few dimensions, up again, and back into the block's sum. */
function branch() {
    return svg("svg", { viewBox: "0 0 64 28", class: "branch", "aria-hidden": "true" },
        svg("path", { class: "branch-path", d: "M0 20.500H14M32 20.500H42a6.500 6.500 0 0 0 0-13H32M14 7.500H0" }),
        svg("path", { class: "branch-plate", d: "M14 15 32 19V22L14 26Z" }),
        svg("path", { class: "branch-plate", d: "M14 2 32 6V9L14 13Z" }));
}

/** One block: a row of the table, kept and brought up to date in place. */
class BlockRow {
    constructor(block, widest) {
        this.block = block;
        const share = block.parameters ? Math.sqrt(block.parameters / widest) : 0.1;
        this.slab = el("span", { class: "slab", vars: { "--size": Math.max(0.05, share).toFixed(3) } }, block.adapter > 0 && branch());
        this.state = el("td", { role: "cell", class: "block-state" });
        this.moved = el("td", { role: "cell", class: "number block-moved" });
        this.strip = el("span", { class: "strip" });
        this.node = el("tr", { role: "row", data: { kind: block.kind, block: block.name } },
            el("th", { scope: "row", role: "rowheader", title: block.name }, block.title),
            el("td", { class: "tower", "aria-hidden": "true" }, this.slab),
            el("td", { role: "cell", class: "number block-size", title: block.parameters ? count(block.parameters) : null }, compact(block.parameters)),
            this.state, this.moved, el("td", { class: "block-strip", "aria-hidden": "true" }, this.strip));
    }

    /** Shows the block as it stands in an epoch; `drifts` are those of the evaluations so far, oldest first. */
    update({ epoch, over, drifts }) {
        const { block } = this;
        const warm = isWarm(block, epoch), now = drifts.at(-1)?.value;
        this.node.dataset.warm = String(warm);
        this.node.dataset.learns = String(block.thawsAt !== null);
        this.node.dataset.adapter = String(block.adapter > 0);
        this.node.style.setProperty("--heat", (now === undefined ? (!warm ? 0 : block.kind === "head" ? 0.85 : 0.5) : heat(now)).toFixed(3));
        setText(this.state, this.#words(warm, over));
        setText(this.moved, now === undefined ? "–" : now === 0 ? "0" : percent(now, now < 0.01 ? 2 : 1));
        if (this.strip.children.length !== drifts.length) {
            fill(this.strip, drifts.map(({ epoch: at, value }) => el("i", {
                title: `Epoch ${epochName(at)}: ${percent(value, 2)}`, data: { cold: String(!(value > 0)) }, vars: { "--heat": heat(value).toFixed(3) },
            })));
        }
    }

    #words(warm, over) {
        const { parameters, trainable, adapter, thawsAt, kind } = this.block;
        if (thawsAt === null) return "frozen";
        if (!warm) return over ? "stayed frozen" : `thaws after epoch ${count(thawsAt)}`;
        if (adapter > 0 && trainable === 0) return `${compact(adapter)} beside it`;
        if (parameters === null) return "new";
        const part = trainable === parameters ? kind === "head" ? "new, all" : "all" : compact(trainable);
        return adapter > 0 ? `${part} and ${compact(adapter)} beside it` : part;
    }
}

/** Draws the network of a job; call `update` whenever the job or its evaluations have changed. */
export class ModelMap {
    #rows = [];
    #key = "";

    constructor() {
        this.sentence = el("p", { class: "lead", id: "map-sentence" });
        this.legend = el("ul", { class: "legend" });
        this.body = el("tbody", { role: "rowgroup" });
        this.epochs = el("th", { scope: "col", role: "columnheader", class: "block-strip" });
        this.into = el("td", { class: "tower" });
        this.out = el("td", { class: "tower" });
        const heading = (text, className = "") => el("th", { scope: "col", role: "columnheader", class: className }, text);
        const end = (cell) => el("tr", { class: "tower-end", "aria-hidden": "true" }, el("td", {}), cell,
            ["block-size", "block-state", "block-moved", "block-strip"].map((name) => el("td", { class: name })));
        this.table = el("table", { class: "network", role: "table", id: "network" },
            el("caption", { class: "visually-hidden" }, "The blocks of the network, the head first"),
            el("thead", { role: "rowgroup" }, el("tr", { role: "row" }, heading("Block"), el("td", {}), heading("Parameters", "number block-size"),
                heading("Trains", "block-state"), el("th", { scope: "col", role: "columnheader", class: "number block-moved", title: "‖ΔW‖ / ‖W‖: the distance from where the weights began, by their size" }, "Moved"), this.epochs)),
            el("tbody", {}, end(this.out)), this.body, el("tbody", {}, end(this.into)));
        this.node = el("section", { class: "panel", id: "model-map", "aria-labelledby": "map-title", hidden: true },
            el("div", { class: "panel-head" }, el("h2", { id: "map-title" }, "What trains"), this.legend), this.sentence, this.table);
    }

    /** Shows the job as it stands; the blocks as `foretold` serve until the run has begun. */
    update(job, evaluations, foretold) {
        const blocks = networkOf(job, foretold);
        // What never began has trained nothing.
        this.node.hidden = blocks.length === 0 || (isTerminal(job.status) && !job.blocks?.length);
        if (this.node.hidden) return;
        const key = JSON.stringify(blocks);
        if (key !== this.#key) this.#build(job, blocks);
        this.#key = key;
        const epoch = job.progress?.epoch ?? 0;
        const over = isTerminal(job.status);
        const shown = thinned(evaluations.filter((each) => driftOf(each).size > 0), shownEvaluations);
        const maps = shown.map((each) => ({ epoch: each.epoch, drifts: driftOf(each) }));
        setText(this.epochs, shown.length > 1 ? `Epoch ${epochName(shown[0].epoch)} to ${epochName(shown.at(-1).epoch)}` : "");
        // In the last epoch's last step nothing more can thaw.
        const at = over && epoch >= (job.hyperparameters?.n_epochs ?? Infinity) ? epoch - 1e-6 : epoch;
        for (const row of this.#rows) {
            const name = row.block.name;
            const drifts = maps.filter(({ drifts: map }) => map.has(name)).map((each) => ({ epoch: each.epoch, value: each.drifts.get(name) }));
            row.update({ epoch: at, over, drifts });
        }
        setText(this.sentence, this.#say(job, blocks, at));
        this.node.dataset.state = job.status;
        this.node.dataset.evaluations = String(shown.length);
    }

    #build(job, blocks) {
        const widest = Math.max(1, ...blocks.map((each) => each.parameters ?? 0));
        this.#rows = [...blocks].reverse().map((block) => new BlockRow(block, widest));
        fill(this.body, this.#rows.map((row) => row.node));
        fill(this.into, el("span", {}, "a text"));
        fill(this.out, el("span", {}, answers[job.task?.type] ?? "an answer"));
        const has = (test) => blocks.some(test);
        const entry = (kind, text) => el("li", {}, el("span", { class: `swatch swatch-${kind}` }), text);
        fill(this.legend, entry("warm", "trains, warmer the further it moved"),
            has((each) => each.thawsAt === null || each.adapter > 0 || each.thawsAt > 0) && entry("cold", "frozen"),
            has((each) => each.adapter > 0) && el("li", {}, branch(), `LoRA${job.layers?.lora?.rank ? ` of rank ${count(job.layers.lora.rank)}` : ""}, a side branch`));
        this.table.dataset.lora = String(has((each) => each.adapter > 0));
    }

    #say(job, blocks, epoch) {
        const all = blocks.reduce((sum, each) => sum + (each.parameters ?? 0) + each.adapter, 0);
        const now = blocks.filter((each) => isWarm(each, epoch)).reduce((sum, each) => sum + (each.trainable ?? 0) + each.adapter, 0);
        const waiting = blocks.filter((each) => each.thawsAt !== null && each.thawsAt > epoch).length;
        const isOver = isTerminal(job.status);
        if (blocks.some((each) => each.parameters === null)) return `${compact(all)} parameters came with the model; a new head goes on top.`;
        const share = now / all;
        const verb = isOver ? "were trained" : job.status === "running" ? "train" : "will train";
        const text = `${compact(now)} of ${compact(all)} parameters ${verb} (${percent(share, share < 0.01 ? 2 : share === 1 ? 0 : 1)}).`;
        if (waiting > 0 && !isOver) return `${text} ${waiting === 1 ? "One block waits" : `${count(waiting)} blocks wait`} to be thawed, from the head downwards.`;
        return text;
    }
}

function epochName(epoch) {
    return Number.isInteger(epoch) ? count(epoch) : number(epoch, 3);
}

/** At most `most` of the items, evenly spread, the last one always among them. */
function thinned(items, most) {
    if (items.length <= most) return items;
    return Array.from({ length: most }, (_, i) => items[Math.round((i + 1) * items.length / most) - 1]);
}
