// The same request as the form or a job, for the command line and for Python.

import { token } from "./api.js";

/** A command that creates the job with curl. */
export function curlCommand(body) {
    const json = JSON.stringify(body, null, 2).replaceAll("'", "'\\''");
    const authorization = token() ? ` \\\n  -H "Authorization: Bearer $FINETUNED_TOKEN"` : "";
    return `curl ${location.origin}/v1/fine_tuning/jobs${authorization} \\\n  -H 'Content-Type: application/json' \\\n  -d '${json}'\n`;
}

const clientParameters = ["model", "training_file", "validation_file", "suffix", "seed", "metadata", "method"];

/** A program that creates the job with the openai package; what that package does not know goes into extra_body. */
export function pythonProgram(body) {
    const known = clientParameters.filter((name) => name in body);
    const extra = Object.fromEntries(Object.entries(body).filter(([name]) => !clientParameters.includes(name)));
    const lines = known.map((name) => `    ${name}=${pythonLiteral(body[name], 4)},`);
    if (Object.keys(extra).length > 0) lines.push(`    extra_body=${pythonLiteral(extra, 4)},`);
    return [
        "import os",
        "from openai import OpenAI",
        "",
        "client = OpenAI(",
        `    base_url="${location.origin}/v1",`,
        `    api_key=os.environ.get("FINETUNED_TOKEN", "none"),`,
        ")",
        "job = client.fine_tuning.jobs.create(",
        ...lines,
        ")",
        "print(job.id, job.status)",
        "",
    ].join("\n");
}

/** A JSON value as a Python expression. */
export function pythonLiteral(value, indent = 0) {
    if (value === null) return "None";
    if (value === true) return "True";
    if (value === false) return "False";
    if (typeof value !== "object") return JSON.stringify(value);
    const [open, close] = Array.isArray(value) ? "[]" : "{}";
    const parts = Array.isArray(value)
        ? value.map((part) => pythonLiteral(part, indent + 4))
        : Object.entries(value).map(([name, part]) => `${JSON.stringify(name)}: ${pythonLiteral(part, indent + 4)}`);
    const line = `${open}${parts.join(", ")}${close}`;
    if (line.length + indent <= 88 && !line.includes("\n")) return line;
    const pad = " ".repeat(indent + 4);
    return `${open}\n${parts.map((part) => `${pad}${part},\n`).join("")}${" ".repeat(indent)}${close}`;
}

const pipelines = {
    "text-regression": [`score = pipeline("text-classification", model="DIR", function_to_apply="none")`, `print(score("Quite good."))`],
    "token-classification": [`find = pipeline("token-classification", model="DIR", aggregation_strategy="simple")`, `print(find("Ada lives in Turin."))`],
    "masked-language-modeling": [`fill = pipeline("fill-mask", model="DIR")`, `print(fill(f"The pump must be {fill.tokenizer.mask_token} first."))`],
    "text-classification": [`classify = pipeline("text-classification", model="DIR")`, `print(classify("I was charged twice this month."))`],
};

/** A program that loads a downloaded checkpoint with transformers, or with sentence-transformers where it makes vectors. */
export function transformersProgram(directory, task) {
    if (task === "text-embedding") {
        return ["from sentence_transformers import SentenceTransformer", "", `model = SentenceTransformer("./${directory}")`, `print(model.encode(["How do I reset my password?"]).shape)`, ""].join("\n");
    }
    const [make, use] = pipelines[task] ?? pipelines["text-classification"];
    return ["from transformers import pipeline", "", make.replace("DIR", `./${directory}`), use, ""].join("\n");
}
