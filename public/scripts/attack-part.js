// What an attack on the embeddings costs a model.

import { el } from "./dom.js";
import { metric, metricName } from "./format.js";

/** The metric clean and attacked, a bar each. */
export function attack({ metric: name, clean, attacked }) {
    const line = (label, value, tone) => el("li", {}, el("span", {}, label),
        el("span", { class: "meter", vars: { "--share": Math.max(0, Math.min(1, value)).toFixed(3), "--meter": `var(${tone})` } }),
        el("strong", { class: "number" }, metric(name, value)));
    return el("figure", { id: "attack" },
        el("figcaption", { class: "label" }, `Under attack: ${metricName(name)} while small changes of the embeddings try to mislead it`),
        el("ul", { class: "attack" }, line("clean", clean, "--frost"), line("attacked", attacked, "--ember")),
        el("p", { class: "muted" }, clean === attacked ? "It loses nothing." : `The attack costs it ${metric(name, Math.abs(clean - attacked)).replace(" %", " points")}.`));
}
