// The tasks: what each learns, what a line of its file looks like, and what its evaluation measures.

/** Every task of text encoders, in the order in which people ask for them. */
export const tasks = [
    {
        type: "text-classification", sample: "support-messages.jsonl", sampleName: "messages", name: "Classify texts", says: "One label for each text, several, or a rank.",
        lines: { one: "{\"text\": \"Where is my parcel?\", \"label\": \"shipping\"}", several: "{\"text\": \"Charged twice, then it crashed\", \"labels\": [\"billing\", \"bug\"]}", ordered: "{\"text\": \"Quite good\", \"label\": \"4\"}" },
        also: "Pairs have a text_pair. CSV and TSV with a heading line do as well.",
        metrics: ["valid_loss", "accuracy", "macro_f1", "micro_f1", "precision", "recall", "auroc", "ece"],
        fields: ["text", "text_pair", "label"], hasHead: true, pools: true, hasLabels: true,
    },
    {
        type: "text-regression", sample: "urgency.jsonl", sampleName: "scored messages", name: "Score texts", says: "A number for each text or pair of texts.",
        lines: { one: "{\"text\": \"A man plays\", \"text_pair\": \"Someone makes music\", \"score\": 3.8}" },
        also: "The pair may be left out. CSV and TSV with a heading line do as well.",
        metrics: ["valid_loss", "mse", "mae", "pearson", "spearman"],
        fields: ["text", "text_pair", "score"], hasHead: true, pools: true,
    },
    {
        type: "token-classification", sample: "people-and-places.conll", sampleName: "sentences", name: "Find entities", says: "A tag for each word: names, places, products.",
        lines: { one: "{\"tokens\": [\"Ada\", \"lives\", \"in\", \"Turin\"], \"tags\": [\"B-PER\", \"O\", \"O\", \"B-LOC\"]}" },
        also: "CoNLL files do as well: a word and its tag a line, an empty line after each sentence.",
        metrics: ["valid_loss", "entity_f1", "entity_precision", "entity_recall", "macro_f1", "accuracy"],
        fields: ["tokens", "tags"], hasHead: true, hasLabels: true,
    },
    {
        type: "masked-language-modeling", sample: "maintenance-notes.txt", sampleName: "notes", name: "Learn a domain", says: "Texts without labels: it guesses hidden words.",
        lines: { one: "{\"text\": \"The valve must be closed before the pump starts.\"}" },
        also: "A plain text file does as well, a text a line.",
        metrics: ["valid_loss", "perplexity", "accuracy"],
        fields: ["text"], hasHead: true,
    },
    {
        type: "text-embedding", sample: "questions.jsonl", sampleName: "pairs", name: "Embed texts", says: "Vectors for search: what belongs together lies together.",
        lines: {
            in_batch_negatives: "{\"anchor\": \"reset my password\", \"positive\": \"How to choose a new password\"}",
            triplet: "{\"anchor\": \"reset my password\", \"positive\": \"How to choose a new password\", \"negative\": \"How to close an account\"}",
            cosine: "{\"text\": \"A man plays\", \"text_pair\": \"Someone makes music\", \"score\": 0.76}",
        },
        also: "A negative beside the positive makes it harder.",
        metrics: ["valid_loss", "mrr", "recall_at_1", "recall_at_5", "recall_at_10", "spearman", "pearson"],
        fields: ["anchor", "positive", "negative"], pools: true,
    },
];

/** The task of a type; the first one where it is unknown. */
export function taskOf(type) {
    return tasks.find((each) => each.type === type) ?? tasks[0];
}

/**
 * Which task a file is for, by its name and its beginning; null where it could be any.
 * Returns {type, kind}: `kind` is how labels or pairs are meant, where the file shows it.
 */
export function guessTask(name, head) {
    const lines = head.split("\n").map((line) => line.trim()).filter(Boolean);
    if (/\.(conll|bio|iob2?)(\.gz)?$/i.test(name)) return { type: "token-classification" };
    const keys = keysOf(name, lines);
    if (!keys) return /\.txt(\.gz)?$/i.test(name) ? { type: "masked-language-modeling" } : null;
    const has = (...names) => names.every((each) => keys.has(each));
    if (has("tokens", "tags")) return { type: "token-classification" };
    if (has("anchor", "positive")) return { type: "text-embedding", kind: has("negative") ? "triplet" : "in_batch_negatives" };
    if (has("text", "labels")) return { type: "text-classification", kind: "several" };
    if (has("text", "label")) return { type: "text-classification" };
    if (has("text", "score")) return { type: "text-regression" };
    if (has("text")) return { type: "masked-language-modeling" };
    return null;
}

function keysOf(name, lines) {
    const first = lines[0] ?? "";
    if (first.startsWith("{") || first.startsWith("[")) {
        for (const line of lines.slice(0, 3)) {
            try {
                const row = JSON.parse(line.replace(/^\[|,$/g, ""));
                if (row && typeof row === "object" && !Array.isArray(row)) return new Set(Object.keys(row));
            } catch { /* Not a row by itself: a torn line, or the bracket of a JSON array. */ }
        }
        return null;
    }
    const separator = /\.tsv(\.gz)?$/i.test(name) ? "\t" : /\.csv(\.gz)?$/i.test(name) ? "," : null;
    return separator ? new Set(first.split(separator).map((each) => each.trim().replace(/^"|"$/g, ""))) : null;
}

/** The metrics that an evaluation of the task gives, by the state of the form. */
export function metricsOf({ task, labels, loss }) {
    const { metrics } = taskOf(task);
    if (task === "text-classification" && labels === "several") return [...metrics, "subset_accuracy"];
    if (task === "text-classification" && labels === "ordered") return [...metrics, "mae", "qwk"];
    if (task !== "text-embedding") return metrics;
    const ofScores = ["spearman", "pearson"];
    if (loss === "cosine") return ["valid_loss", ...ofScores];
    return [...metrics.filter((name) => !ofScores.includes(name)), ...(loss === "triplet" ? ["accuracy"] : [])];
}

/** The rate at which a run learns where none is asked for. */
export function defaultLearningRate({ task, train, lora, optimizer }) {
    const base = lora ? 5e-4 : train === "head" ? 1e-3 : task === "text-embedding" ? 2e-5 : 5e-5;
    return base * ({ lion: 1 / 5, sgd: 100 }[optimizer] ?? 1);
}
