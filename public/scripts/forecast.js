// Which blocks of a network will train, told from its model's card before the run has begun and says so itself.

import { depthOf, heightOf, kindOf } from "./network.js";

/** Whether a pattern of parameter names, with * and ?, can match a parameter of the block. */
function reaches(pattern, block) {
    const literal = pattern.split(/[*?]/)[0];
    return `${block}.`.startsWith(literal) || literal.startsWith(`${block}.`);
}

function trains(name, layers, height) {
    const train = layers?.train ?? "all", kind = kindOf(name);
    if (kind === "head") return true;
    if (layers?.lora || train === "head") return false;
    if (train === "all") return true;
    if (train.top !== undefined) return depthOf({ name, kind }, height) > height - train.top;
    const include = train.include ?? ["*"], exclude = train.exclude ?? [];
    return include.some((pattern) => reaches(pattern, name)) && !exclude.some((pattern) => /^\*?$/.test(pattern) || pattern === `${name}.*`);
}

/** The blocks of a model as a job with these `layers` will name them. */
export function foretoldBlocks(card, layers) {
    const known = card.layers ?? [], height = heightOf(known.map(({ name }) => name));
    return known.map(({ name, parameters }) => ({ block: name, parameters, trainable: trains(name, layers, height) ? parameters : 0 }));
}
