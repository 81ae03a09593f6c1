// The network of a job as a list of blocks: what each holds, and which of it trains.

/** What a block is, by the name that the model's family gives it. */
export function kindOf(name) {
    if (/layer\.\d+/.test(name)) return "layer";
    if (/embeddings/.test(name)) return "embeddings";
    if (/pooler/.test(name)) return "pooler";
    return "head";
}

function titleOf(name, kind) {
    if (kind === "layer") return `layer ${/layer\.(\d+)/.exec(name)[1]}`;
    return kind === "head" ? { classifier: "head", "cls.predictions": "head", lm_head: "head" }[name] ?? name : kind;
}

/**
 * The blocks of a job's network from the embeddings to the head:
 * {name, title, kind, depth, parameters, trainable, adapter, thawsAt}. `adapter` counts the parameters of a side branch, which
 * `parameters` leaves out. `thawsAt` is the epoch (from 0) in which a block begins to train, 0 where it trains from the start,
 * null where it never does.
 *
 * Once the run has begun, the job says it all (`blocks`); until then they are as `foretold`.
 */
export function networkOf(job, foretold) {
    const source = job.blocks?.length ? job.blocks : foretold;
    if (!source?.length) return [];
    const blocks = source.map(({ block, ...rest }) => ({ name: block, kind: kindOf(block), ...rest }));
    if (!blocks.some((each) => each.kind === "head") && job.task?.type !== "text-embedding") blocks.push({ name: "head", kind: "head", parameters: null });
    const height = heightOf(blocks.map((block) => block.name));
    for (const block of blocks) {
        block.depth = depthOf(block, height);
        block.title = titleOf(block.name, block.kind);
        block.adapter = 0;
        if (job.layers?.lora && block.kind !== "head" && block.trainable > 0) {
            block.adapter = block.trainable;
            block.parameters -= block.adapter;
            block.trainable = 0;
        }
    }
    const learns = (block) => block.kind === "head" || block.trainable > 0 || block.adapter > 0;
    const every = job.layers?.gradual_unfreezing?.every_epochs;
    // Blocks of one depth thaw together, the topmost that train first.
    const depths = [...new Set(blocks.filter((block) => block.kind !== "head" && learns(block)).map((block) => block.depth))].sort((a, b) => b - a);
    for (const block of blocks) {
        const place = block.kind === "head" ? 0 : depths.indexOf(block.depth) + 1;
        block.thawsAt = !learns(block) ? null : every ? place * every : 0;
    }
    return blocks;
}

function layerNumber(name) {
    return Number(/layer\.(\d+)/.exec(name)[1]);
}

/** How many layers a network has, by the names of its blocks. */
export function heightOf(names) {
    return Math.max(0, ...names.filter((name) => kindOf(name) === "layer").map((name) => layerNumber(name) + 1));
}

/** How far up a block stands in a network of so many layers: embeddings at 0, the head above all. */
export function depthOf({ name, kind }, height) {
    return { embeddings: 0, pooler: height, head: height + 1 }[kind] ?? layerNumber(name) + 1;
}

/** Whether a block trains in an epoch (with fraction, from 0). */
export function isWarm(block, epoch) {
    return block.thawsAt !== null && block.thawsAt <= epoch;
}

/** How warm a weight drift is drawn, 0…1: a hundredth of a percent is the coldest, all of the weight the hottest. */
export function heat(drift) {
    if (!(drift > 0)) return 0;
    return Math.min(1, Math.max(0, (Math.log10(drift) + 4) / 4));
}

/** The weight drift by block of an evaluation, as a map; empty where it was not measured. */
export function driftOf(evaluation) {
    return new Map((evaluation?.drift ?? []).map(({ block, ratio }) => [block, ratio]));
}
