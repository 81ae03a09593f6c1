// The parts of an evaluation, drawn: results by label, the worst examples, and what only some jobs have.

import { el, table, useStyle } from "./dom.js";
import { count, number, percent } from "./format.js";

const shownWorst = 10;

/** All parts that an evaluation has. */
export async function evaluationParts(evaluation) {
    const { confusion_matrix: matrix, per_class: classes, per_entity_type: types, calibration, scores, adversarial, worst_examples: worst } = evaluation;
    const hasScores = scores?.truth.length > 0;
    const [classification, regression, adversary] = await Promise.all([
        (matrix || calibration) && import("./classification-parts.js"), hasScores && import("./regression-parts.js"), adversarial && import("./attack-part.js"),
        (matrix || calibration) && useStyle("classification"), hasScores && useStyle("regression"), useStyle("evaluation"),
    ]);
    return [
        matrix && classification.confusionMatrix(evaluation),
        classes?.length > 0 && scoreTable(classes, "By label", "Label", "Examples"),
        types?.length > 0 && scoreTable(types, "By kind of entity", "Kind", "Entities"),
        calibration && classification.reliability(calibration, evaluation.metrics.ece),
        hasScores && regression.scatter(scores, evaluation.metrics.mae),
        adversarial && adversary.attack(adversarial),
        worst?.length > 0 && worstTable(worst),
    ];
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
            rows: worst.slice(0, shownWorst).map((each) => [count(each.line), each.text, el("span", { class: "right" }, each.truth), each.answer === each.truth ? el("span", { class: "muted" }, "the same, but unsure") : el("span", { class: "wrong" }, shortened(each.answer)), number(each.loss, 3)]),
        }));
}
