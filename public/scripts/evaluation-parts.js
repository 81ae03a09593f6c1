// The parts of an evaluation, drawn: confusions, results by label, calibration, the attack, the worst examples.

import { el, svg, table } from "./dom.js";
import { count, counted, metric, metricName, number, percent } from "./format.js";

const shownWorst = 10;
const denseFrom = 17;

/** All parts that an evaluation has. */
export function evaluationParts(evaluation) {
    const { confusion_matrix: matrix, per_class: classes, per_entity_type: types, calibration, adversarial, worst_examples: worst } = evaluation;
    return [
        matrix && confusionMatrix(evaluation),
        classes?.length > 0 && scoreTable(classes, "By label", "Label", "Examples"),
        types?.length > 0 && scoreTable(types, "By kind of entity", "Kind", "Entities"),
        calibration && reliability(calibration, evaluation.metrics.ece),
        adversarial && attack(adversarial),
        worst?.length > 0 && worstTable(worst),
    ];
}

function confusionMatrix({ labels, confusion_matrix: matrix }) {
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

function scoreTable(rows, caption, name, examples) {
    const bar = (value) => el("span", { class: "meter-cell" }, el("span", { class: "meter", vars: { "--share": value.toFixed(3) } }), percent(value, 0));
    return el("figure", {},
        el("figcaption", { class: "label" }, caption),
        el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": caption }, table({
            caption: `Precision, recall and F1 ${caption.toLowerCase()}`, className: "classes",
            columns: [{ title: name }, { title: "Precision", number: true }, { title: "Recall", number: true }, { title: "F1" }, { title: examples, number: true }],
            rows: rows.map((each) => [each.label, percent(each.precision, 0), percent(each.recall, 0), bar(each.f1), count(each.support)]),
        })));
}

/** A reliability diagram: how often answers are right, by how sure the model was; on the diagonal it knows itself. */
function reliability({ bins, temperature, scaled_ece: after }, before) {
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
    const words = Number.isFinite(before)
        ? `Sure and right differ by ${percent(before)} on average (ECE). ` : "";
    const mend = temperature === 1 ? "No temperature mends more." : `Dividing the logits by ${number(temperature, 3)} leaves ${percent(after)}.`;
    return el("figure", { class: "reliability", id: "calibration" },
        el("figcaption", { class: "label" }, "Calibration: how often it is right, by how sure it is"),
        el("div", { class: "reliability-body" },
            svg("svg", { viewBox: "-34 -6 242 252", role: "img", "aria-label": `Reliability diagram. ${words}${mend}` },
                [0, 0.5, 1].map((at) => [
                    svg("path", { class: "grid", d: `M0 ${side - at * side}H${side}` }),
                    svg("text", { x: -6, y: side - at * side + 3, "text-anchor": "end" }, percent(at, 0)),
                ]),
                bars, svg("path", { class: "ideal", d: `M0 ${side} ${side} 0` }), svg("path", { class: "axis", d: `M0 ${side}H${side}M0 ${side + 26}H${side}` }),
                svg("text", { x: 0, y: side + 40 }, "unsure"), svg("text", { x: side, y: side + 40, "text-anchor": "end" }, "sure"),
                svg("text", { x: side / 2, y: side + 40, "text-anchor": "middle" }, "answers")),
            el("div", { class: "reliability-words" }, el("p", {}, words, mend),
                el("ul", { class: "legend" },
                    el("li", {}, el("span", { class: "swatch swatch-right" }), "right"),
                    el("li", {}, el("span", { class: "swatch swatch-over" }), "surer than right"),
                    el("li", {}, el("span", { class: "swatch swatch-under" }), "righter than sure")))));
}

function attack({ metric: name, clean, attacked }) {
    const line = (label, value, tone) => el("li", {}, el("span", {}, label),
        el("span", { class: "meter", vars: { "--share": Math.max(0, Math.min(1, value)).toFixed(3), "--meter": `var(${tone})` } }),
        el("strong", { class: "number" }, metric(name, value)));
    return el("figure", { id: "attack" },
        el("figcaption", { class: "label" }, `Under attack: ${metricName(name)} while small changes of the embeddings try to mislead it`),
        el("ul", { class: "attack" }, line("clean", clean, "--frost"), line("attacked", attacked, "--ember")),
        el("p", { class: "muted" }, clean === attacked ? "It loses nothing." : `The attack costs it ${metric(name, Math.abs(clean - attacked)).replace(" %", " points")}.`));
}

/** An answer as it is, a number to a sensible number of digits. */
function shortened(answer) {
    return /^-?\d+\.\d{4,}$/.test(answer) ? number(Number(answer)) : answer;
}

function worstTable(worst) {
    return el("figure", { class: "wide", id: "worst" },
        el("figcaption", { class: "label" }, "Where it is furthest off: held-back examples with the highest loss"),
        table({
            caption: "Worst examples", className: "worst",
            columns: [{ title: "Line", number: true }, { title: "Text" }, { title: "Right" }, { title: "The model" }, { title: "Loss", number: true }],
            rows: worst.slice(0, shownWorst).map((each) => [count(each.line), each.text, el("span", { class: "right" }, each.truth), el("span", { class: "wrong" }, shortened(each.answer)), number(each.loss, 3)]),
        }));
}
