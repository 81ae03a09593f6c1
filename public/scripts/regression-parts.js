// How the answers of a model that says numbers lie to the truth.

import { el, svg } from "./dom.js";
import { counted, number } from "./format.js";
import { Scale, ticks } from "./scale.js";

const side = 260;

/** What the points say in words: which way they are off, and whether they shy from the ends. */
function reading(truth, answers) {
    const bias = answers.reduce((sum, each, i) => sum + each - truth[i], 0) / truth.length;
    const range = (values) => `${number(Math.min(...values), 3)} to ${number(Math.max(...values), 3)}`;
    const lean = number(Math.abs(bias), 2), isEven = parseFloat(lean) === 0;
    return [
        isEven ? "Its answers are as often too high as too low." : `Its answers are ${lean} too ${bias > 0 ? "high" : "low"} on average.`,
        `They span ${range(answers)}; the truth spans ${range(truth)}.`,
    ];
}

/** A scatter plot: a point for each held-back example, right by the truth and up by the answer; on the diagonal it is right. */
export function scatter({ truth, answers }, error) {
    const all = [...truth, ...answers].filter(Number.isFinite);
    const least = Math.min(...all), most = Math.max(...all), margin = (most - least || Math.abs(most) || 1) * 0.05;
    const low = least - margin, high = most + margin;
    const x = new Scale(low, high, 0, side), y = new Scale(low, high, side, 0);
    const stops = ticks(low, high, 5), decimals = Math.max(0, ...stops.map((stop) => (String(parseFloat(stop.toPrecision(6))).split(".")[1] ?? "").length));
    const words = reading(truth, answers), counts = counted(truth.length, "held-back example");
    const band = Number.isFinite(error) && error > 0 ? [[low, low + error], [high - error, high], [high, high], [high, high - error], [low + error, low], [low, low]] : null;
    return el("figure", { id: "scatter" },
        el("figcaption", { class: "label" }, `Answers beside the truth: ${counts}, on the line where the model is right`),
        el("div", { class: "diagram" },
            svg("svg", { viewBox: `-42 -8 ${side + 52} ${side + 50}`, role: "img", "aria-label": `Scatter plot of ${counts}. ${words.join(" ")}` },
                stops.map((stop) => [
                    svg("path", { class: "grid", d: `M0 ${y.at(stop).toFixed(1)}H${side}M${x.at(stop).toFixed(1)} 0V${side}` }),
                    svg("text", { x: -7, y: y.at(stop) + 4, "text-anchor": "end" }, stop.toFixed(decimals)),
                    svg("text", { x: x.at(stop), y: side + 15, "text-anchor": "middle" }, stop.toFixed(decimals)),
                ]),
                band ? svg("path", { class: "near", d: `M${band.map(([right, up]) => `${x.at(right).toFixed(1)} ${y.at(up).toFixed(1)}`).join("L")}Z` }) : "",
                svg("path", { class: "ideal", d: `M0 ${side} ${side} 0` }),
                truth.map((value, i) => svg("circle", { class: "point", cx: x.at(value).toFixed(1), cy: y.at(answers[i]).toFixed(1), r: truth.length > 120 ? 3 : 4 },
                    svg("title", {}, `Right is ${number(value, 3)}, the model says ${number(answers[i], 3)}`))),
                svg("path", { class: "axis", d: `M0 0V${side}H${side}` }),
                svg("text", { x: side / 2, y: side + 34, "text-anchor": "middle" }, "what is right"),
                svg("text", { x: -side / 2, y: -32, "text-anchor": "middle", transform: "rotate(-90)" }, "what the model says")),
            el("div", { class: "diagram-words" }, words.map((each) => el("p", {}, each)),
                el("ul", { class: "legend" },
                    el("li", {}, el("span", { class: "swatch swatch-valid" }), "one held-back example"),
                    band && el("li", {}, el("span", { class: "swatch swatch-near" }), `off by the mean error, ${number(error, 2)}, or less`)))));
}
