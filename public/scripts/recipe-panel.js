import { copyButton, el } from "./dom.js";
import { requestBody } from "./job.js";
import { jsonView } from "./json-view.js";

/** The job with every default resolved, as JSON and as the request that would make it again. */
export function recipePanel(job) {
    const body = requestBody(job);
    return el("section", { class: "panel", id: "recipe", "aria-labelledby": "recipe-title" },
        el("div", { class: "panel-head" }, el("h2", { id: "recipe-title" }, "Settings"),
            el("div", { class: "controls" },
                copyButton("Copy as JSON", () => JSON.stringify(body, null, 2)),
                copyButton("Copy as curl", async () => (await import("./snippets.js")).curlCommand(body)),
                copyButton("Copy as Python (openai)", async () => (await import("./snippets.js")).pythonProgram(body)))),
        jsonView(body));
}
