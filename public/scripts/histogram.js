import { el } from "./dom.js";
import { count, counted } from "./format.js";

/** How long the rows of a file are: a bar a bin, with the longest and the shortest beneath. */
export function histogram({ unit, edges, counts }) {
    const highest = Math.max(1, ...counts);
    return el("figure", { class: "histogram" },
        el("figcaption", { class: "label" }, `Length of a row in ${unit}`),
        el("ol", { "aria-label": `Rows by length in ${unit}` }, counts.map((value, i) => el("li", {
            vars: { "--share": (value / highest).toFixed(3) }, title: `${count(edges[i])} to ${count(edges[i + 1])} ${unit}: ${counted(value, "row")}`,
        }, el("span", { class: "visually-hidden" }, `${edges[i]} to ${edges[i + 1]} ${unit}: ${counted(value, "row")}`)))),
        el("p", { class: "ends muted", "aria-hidden": "true" }, el("span", {}, count(edges[0])), el("span", {}, count(edges.at(-1)))));
}

/** How often each label occurs. */
export function labelBars(labels) {
    const highest = Math.max(1, ...labels.map((each) => each.count));
    return el("figure", { class: "label-bars" },
        el("figcaption", { class: "label" }, counted(labels.length, "label")),
        el("ul", {}, labels.map((each) => el("li", {},
            el("span", { class: "clip", title: each.label }, each.label),
            el("span", { class: "meter", vars: { "--share": (each.count / highest).toFixed(3) } }),
            el("span", { class: "number" }, count(each.count))))));
}
