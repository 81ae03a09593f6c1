// The loss ledger: which lines of the training file look mislabelled, as the model resisted them epoch after epoch.

import { get, jobPath } from "./api.js";
import { copyButton, el, fill, setText, svg } from "./dom.js";
import { count, counted, number, percent } from "./format.js";
import { jobName, ledgerTitle } from "./job.js";
import { notifyError } from "./notices.js";

const pageSize = 50;

/** A label, several, or a number, as text. */
function answerText(value) {
    if (value === null || value === undefined) return "–";
    if (Array.isArray(value)) return value.length > 0 ? value.join(", ") : "none";
    return typeof value === "number" ? number(value) : String(value);
}

/** The loss of one line over the epochs, on the scale of the whole page. */
function lossLine(losses, highest) {
    const width = 96, height = 26;
    const points = losses.map((loss, i) => (Number.isFinite(loss)
        ? [losses.length > 1 ? 3 + i * (width - 6) / (losses.length - 1) : width / 2, height - 3 - (height - 6) * Math.max(0, Math.min(1, loss / highest))] : null)).filter(Boolean);
    const last = points.at(-1);
    return svg("svg", { viewBox: `0 0 ${width} ${height}`, class: "loss-line", role: "img", "aria-label": `Loss by epoch: ${losses.map((loss) => number(loss, 2)).join(", ")}` },
        svg("path", { class: "base", d: `M0 ${height - 0.5}H${width}` }),
        points.length > 1 ? svg("path", { class: "line", d: `M${points.map(([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`).join("L")}` }) : "",
        last ? svg("circle", { cx: last[0], cy: last[1], r: 2.5 }) : "");
}

/** The rows of one page of the ledger. */
function ledgerTable(entries) {
    const highest = Math.max(1e-9, ...entries.flatMap((each) => each.losses.filter(Number.isFinite)));
    const most = Math.max(1e-9, ...entries.map((each) => each.score));
    const heading = (text, className) => el("th", { scope: "col", role: "columnheader", class: className }, text);
    const cell = (label, className, ...children) => el("td", { role: "cell", class: className, data: { label } }, children);
    return el("table", { class: "ledger", role: "table", id: "ledger" },
        el("caption", { class: "visually-hidden" }, "Training lines, the most suspicious first"),
        el("thead", { role: "rowgroup" }, el("tr", { role: "row" }, heading("Line", "number"), heading("Text"), heading("Label in the file"), heading("The model says"),
            heading("Loss by epoch"), heading("Suspicion"))),
        el("tbody", { role: "rowgroup" }, entries.map((entry) => {
            const belief = entry.probabilities?.findLast(Number.isFinite);
            return el("tr", { role: "row", data: { line: String(entry.line) } },
                el("th", { scope: "row", role: "rowheader", class: "number", title: `Rank ${count(entry.rank)}` }, String(entry.line)),
                cell("Text", "ledger-text", entry.text),
                cell("Label in the file", "ledger-label", el("span", {}, answerText(entry.label)), belief !== undefined && el("span", { class: "muted", title: "How likely the model takes it to be" }, percent(belief, 0))),
                cell("The model says", "ledger-answer", answerText(entry.answer) === answerText(entry.label) ? el("span", { class: "muted" }, "the same, but unsure") : answerText(entry.answer)),
                cell("Loss by epoch", "ledger-loss", lossLine(entry.losses, highest), el("span", { class: "muted", title: "Mean over the epochs" }, number(entry.mean_loss, 3))),
                cell("Suspicion", "ledger-score", el("span", { class: "meter", vars: { "--share": Math.max(0, entry.score / most).toFixed(3), "--meter": "var(--ember)" }, title: number(entry.score, 3) })));
        })));
}

/** The page of a job's ledger. */
export async function showLedger(content, { id, signal, showConnection, title }) {
    const job = await get(jobPath(id), { signal });
    title(`Suspicious lines: ${jobName(job)}`);
    showConnection("quiet");
    const starts = [0];
    let page = await get(jobPath(id, `/ledger?limit=${pageSize}`), { signal });
    const name = await get(`/v1/files/${encodeURIComponent(job.training_file)}`, { signal }).then((file) => file.filename, () => job.training_file);
    const body = el("div", {});
    const place = el("p", { class: "muted", id: "ledger-place", role: "status" });
    const back = el("button", { type: "button", class: "plain", id: "ledger-back", on: { click: () => turn(-1) } }, "Back");
    const next = el("button", { type: "button", class: "plain", id: "ledger-next", on: { click: () => turn(1) } }, "Next");
    const show = () => {
        const { data } = page;
        fill(body, data.length > 0 ? ledgerTable(data) : el("p", { class: "lead" }, "No line stands out: the model agreed with every label."));
        const first = starts.at(-1);
        setText(place, data.length > 0 ? `${count(first + 1)} to ${count(first + data.length)}${Number.isFinite(page.total) ? ` of ${counted(page.total, "line")}` : ""}, the most suspicious first` : "");
        back.disabled = starts.length === 1;
        next.disabled = !page.has_more;
    };
    const turn = async (by) => {
        const after = by > 0 ? page.data.at(-1).rank : starts.at(-2);
        back.disabled = next.disabled = true;
        try {
            page = await get(jobPath(id, `/ledger?limit=${pageSize}${after > 0 ? `&after=${after}` : ""}`), { signal });
            if (by > 0) starts.push(after);
            else starts.pop();
            show();
            body.scrollIntoView({ block: "start" });
        } catch (error) {
            notifyError(error, "The ledger");
            show();
        }
    };
    const list = () => page.data.map((each) => `${name}:${each.line}\t${answerText(each.label)} -> ${answerText(each.answer)}\t${each.text}`).join("\n");
    content.append(
        el("header", { class: "job-head" },
            el("p", { class: "crumbs" }, el("a", { href: `#/jobs/${encodeURIComponent(id)}` }, jobName(job))),
            el("div", { class: "title-line" }, el("h1", { tabindex: "-1" }, ledgerTitle(job))),
            el("p", { class: "lead" }, "A line with a wrong label keeps a high loss while the others are learned. Look at the first ones in ",
                el("code", {}, name), ", correct what is wrong, and train again with the corrected file."),
            el("p", { class: "actions" }, copyButton("Copy this page as a list of lines", list),
                el("a", { class: "button plain", href: `#/new?from=${encodeURIComponent(id)}` }, "Train again"))),
        body, el("div", { class: "pager" }, back, place, next));
    show();
}
