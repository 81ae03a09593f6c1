// The list of jobs before there is any.

import { post } from "./api.js";
import { el, setText, svg } from "./dom.js";
import { notifyError } from "./notices.js";
import { upload } from "./transfers.js";

const samplePath = "/samples/support-messages.jsonl";

/** Uploads the sample messages that come with the server and starts a job on them; returns the job. */
async function startSampleJob(model) {
    const response = await fetch(samplePath);
    if (!response.ok) throw new Error(`The sample file ${samplePath} is missing on this server (${response.status}).`);
    const file = await upload(new File([await response.blob()], "support-messages.jsonl", { type: "application/jsonl" }));
    return post("/v1/fine_tuning/jobs", {
        model, training_file: file.id, suffix: "support-messages", task: { type: "text-classification" },
        method: { type: "supervised", supervised: { hyperparameters: { n_epochs: 6, batch_size: 16 } } },
    });
}

/** What a server without jobs shows: the way to the first one. */
export function emptyState(models) {
    const model = models.find((each) => each.kind === "base");
    if (!model) {
        return el("section", { class: "empty" },
            el("h2", {}, "No model here yet"),
            el("p", { class: "lead" }, "Fine-tuning starts from a pretrained model. Get a small one on the server:"),
            el("pre", { class: "code" }, el("code", {}, "finetuned pull hf:sentence-transformers/all-MiniLM-L6-v2")),
            el("p", { class: "muted" }, "Then reload this page."));
    }
    const button = el("button", { type: "button", class: "primary large", id: "start-sample" }, "Start the sample job");
    button.addEventListener("click", async () => {
        button.disabled = true;
        setText(button, "Uploading the messages …");
        try {
            const job = await startSampleJob(model.id);
            location.hash = `#/jobs/${encodeURIComponent(job.id)}`;
        } catch (error) {
            notifyError(error, "The sample job was not started");
            button.disabled = false;
            setText(button, "Start the sample job");
        }
    });
    return el("section", { class: "empty empty-drawn" }, fallingLoss(), el("div", { class: "empty-text" },
        el("h2", {}, "Nothing has been trained here yet"),
        el("p", { class: "lead" }, "The sample job teaches ", el("strong", {}, model.id),
            " to sort customer messages into seven kinds, from billing to praise. Watch its loss fall, then try it on messages of your own."),
        el("p", { class: "actions" }, button, el("a", { class: "button plain", href: "#/new" }, "Set up a job of your own")),
        el("p", { class: "muted" }, "485 messages, written for this purpose; ", el("a", { href: samplePath }, "have a look"), ".")));
}

/** A drawing of what is to come: a loss that falls, with three validation points. */
function fallingLoss() {
    const trace = "M4 16 8 17 12 31 16 9 20 26 24 11 28 37 32 31 36 42 40 29 44 38 48 35 52 34 56 43 60 36 64 47 68 59 72 59 76 61 80 86 84 76 88 77 92 88 96 89 100 96 104 101 108 121 112 113 116 117 120 124 124 133 128 124 132 125 136 140 140 125 144 131 148 135 152 141 156 132 160 129 164 138 168 135 172 136 176 138 180 138 184 138 188 137 192 141 196 142 200 138 204 137 208 140 212 140 216 136 220 137 224 141 228 138 232 138 236 139 240 139 244 139 248 134 252 143 256 140";
    const curve = "M4 25.3 10 25.9 16 26.6 22 27.6 28 28.9 34 30.5 40 32.7 46 35.6 52 39.2 58 43.8 64 49.4 70 56.1 76 63.7 82 72.2 88 81.0 94 89.8 100 98.3 106 105.9 112 112.6 118 118.2 124 122.8 130 126.4 136 129.3 142 131.5 148 133.2 154 134.4 160 135.4 166 136.1 172 136.7 178 137.1 184 137.4 190 137.7 196 137.9 202 138.1 208 138.2 214 138.4 220 138.5 226 138.6 232 138.7 238 138.8 244 138.8 250 138.9 256 139.0";
    return svg("svg", { viewBox: "0 0 260 170", class: "drawing", "aria-hidden": "true" },
        [40, 80, 120].map((y) => svg("path", { class: "drawing-rule", d: `M0 ${y}h260` })),
        svg("path", { class: "drawing-axis", d: "M0 160h260" }),
        svg("path", { class: "drawing-trace", d: trace }),
        svg("path", { class: "drawing-curve", d: curve }),
        svg("path", { class: "drawing-valid", d: "M88 75 170 130 252 130" }),
        [[88, 75], [170, 130], [252, 130]].map(([cx, cy]) => svg("circle", { class: "drawing-point", cx, cy, r: 4 })));
}
