// What a classifier takes for what, and how far it can be believed.

import { el, svg } from "./dom.js";
import { count, counted, number, percent } from "./format.js";

const denseFrom = 17;

/** A table of true labels by the labels that the model gave, each cell as strong as its share of the row. */
export function confusionMatrix({ labels, confusion_matrix: matrix }) {
    const sums = matrix.map((row) => row.reduce((a, b) => a + b, 0));
    const dense = labels.length >= denseFrom;
    const cell = (value, i, j) => {
        const share = sums[i] > 0 ? value / sums[i] : 0;
        return el("td", {
            class: share > 0.55 ? "strong" : null, vars: { "--share": share.toFixed(3) },
            data: { kind: value === 0 ? "none" : i === j ? "right" : "wrong" },
            title: `${count(value)} of ${counted(sums[i], "example")} of ${labels[i]} were taken for ${labels[j]}`,
        }, dense ? el("span", { class: "visually-hidden" }, count(value)) : value === 0 ? el("span", { class: "faint" }, "0") : count(value));
    };
    return el("figure", { class: "confusion" },
        el("figcaption", { class: "label" }, "Confusion: rows are the true label, columns what the model said"),
        el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Confusion matrix" },
            el("table", { id: "confusion-matrix", data: { dense: String(dense) } },
                el("thead", {}, el("tr", {}, el("td", {}), labels.map((label) => el("th", { scope: "col", title: label }, el("span", {}, label))))),
                el("tbody", {}, matrix.map((row, i) => el("tr", {}, el("th", { scope: "row" }, labels[i]), row.map((value, j) => cell(value, i, j))))))));
}

/** A reliability diagram: how often answers are right, by how sure the model was; on the diagonal it knows itself. */
export function reliability({ bins, temperature, scaled_ece: after }, before) {
    const side = 200, most = Math.max(1, ...bins.map((bin) => bin.count));
    let from = 0;
    const bars = bins.map((bin) => {
        const x = from * side, width = (bin.up_to - from) * side;
        from = bin.up_to;
        if (bin.count === 0) return null;
        const right = bin.accuracy * side, sure = bin.confidence * side;
        return svg("g", {},
            svg("title", {}, `${counted(bin.count, "answer")} given with ${percent(bin.confidence, 0)} on average: ${percent(bin.accuracy, 0)} right`),
            svg("rect", { class: "reliable", x: x + 1, y: side - right, width: Math.max(1, width - 2), height: right, "fill-opacity": 0.3 + 0.7 * Math.sqrt(bin.count / most) }),
            svg("rect", { class: right < sure ? "gap-over" : "gap-under", x: x + 1, y: side - Math.max(right, sure), width: Math.max(1, width - 2), height: Math.abs(right - sure) }),
            svg("rect", { class: "bin-count", x: x + 1, y: side + 26 - 22 * bin.count / most, width: Math.max(1, width - 2), height: 22 * bin.count / most }));
    });
    const points = (share) => percent(share).replace(" %", " points");
    const words = Number.isFinite(before) ? `Its confidence is off by ${points(before)} on average (ECE). ` : "";
    const mend = temperature === 1 ? "No temperature makes it better." : `Dividing the logits by ${number(temperature, 3)} would leave ${points(after)}.`;
    return el("figure", { class: "reliability", id: "calibration" },
        el("figcaption", { class: "label" }, "Calibration: how often it is right, by how sure it is"),
        el("div", { class: "diagram" },
            svg("svg", { viewBox: "-34 -6 242 252", role: "img", "aria-label": `Reliability diagram. ${words}${mend}` },
                [0, 0.5, 1].map((at) => [
                    svg("path", { class: "grid", d: `M0 ${side - at * side}H${side}` }),
                    svg("text", { x: -6, y: side - at * side + 3, "text-anchor": "end" }, percent(at, 0)),
                ]),
                bars, svg("path", { class: "ideal", d: `M0 ${side} ${side} 0` }), svg("path", { class: "axis", d: `M0 ${side}H${side}M0 ${side + 26}H${side}` }),
                svg("text", { x: 0, y: side + 40 }, "unsure"), svg("text", { x: side, y: side + 40, "text-anchor": "end" }, "sure"),
                svg("text", { x: side / 2, y: side + 40, "text-anchor": "middle" }, "answers")),
            el("div", { class: "diagram-words" }, el("p", {}, words, mend),
                el("ul", { class: "legend" },
                    el("li", {}, el("span", { class: "swatch swatch-right" }), "right"),
                    el("li", {}, el("span", { class: "swatch swatch-over" }), "overconfident by so much"),
                    el("li", {}, el("span", { class: "swatch swatch-under" }), "underconfident by so much")))));
}
