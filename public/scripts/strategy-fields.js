// The fields of the strategy: how the model learns.

import { Field, choiceField, listField, numberField, offer } from "./form-fields.js";
import { el } from "./dom.js";
import { metricName } from "./format.js";
import { metricsOf, taskOf } from "./tasks.js";

const hyper = "method.supervised.hyperparameters";
const optimizers = [["adamw", "AdamW"], ["sgd", "SGD"], ["adafactor", "Adafactor, little memory"], ["lion", "Lion"]];
const schedules = [
    ["linear", "linear"], ["cosine", "cosine"], ["constant", "constant"], ["polynomial", "polynomial"],
    ["inverse_sqrt", "inverse square root"], ["slanted_triangular", "slanted triangle"],
];
const attacks = [["", "off"], ["none", "measure only"], ["fgm", "FGM, one step"], ["pgd", "PGD, several steps"], ["freelb", "FreeLB, all steps count"]];
const attackable = ["text-classification", "token-classification", "text-regression"];

/** Groups of fields by their headings; `main` is always seen, the others fold. */
export function strategyFields() {
    const stopping = choiceField({ path: "strategy.early_stopping.metric", label: "Early stopping", hint: "Ends when this gets no better.", fallback: "", options: [["", "off"]] });
    const adapt = stopping.adapt.bind(stopping);
    stopping.adapt = (state) => {
        adapt(state);
        offer(stopping, [["", "off"], ...metricsOf(state).map((name) => [name, `by ${metricName(name)}`])]);
    };
    const attack = choiceField({
        path: "strategy.adversarial.type", label: "Adversarial training", fallback: "", options: attacks, when: (state) => attackable.includes(state.task),
        hint: "Trains on embeddings shifted to mislead; accuracy under attack is measured.",
    });
    const isAttacked = (state) => attackable.includes(state.task) && state.adversarial !== "";
    return {
        main: [
            numberField({ path: `${hyper}.n_epochs`, label: "Epochs", fallback: 3, min: 1, max: 1000, step: 1, hint: "Passes over the data." }),
            numberField({ path: `${hyper}.batch_size`, label: "Batch size", fallback: 16, min: 1, max: 4096, step: 1, hint: "Examples a step." }),
            numberField({ path: "strategy.learning_rate", label: "Learning rate", fallback: null, min: 1e-10, max: 10, hint: "Empty: what suits task, layers and optimizer." }),
            choiceField({ path: "strategy.schedule", label: "Schedule", fallback: "linear", options: schedules, hint: "How the rate falls." }),
        ],
        "Optimizer and rates": [
            choiceField({ path: "strategy.optimizer.type", label: "Optimizer", fallback: "adamw", options: optimizers }),
            listField({ path: "strategy.optimizer.betas", label: "Betas", fallback: undefined, placeholder: "0.9, 0.999", each: Number, when: (state) => ["adamw", "lion"].includes(state.optimizer) }),
            numberField({ path: "strategy.optimizer.epsilon", label: "Epsilon", fallback: undefined, placeholder: "1e-8", min: 1e-12, max: 1e-2, when: (state) => state.optimizer === "adamw" }),
            numberField({ path: "strategy.optimizer.momentum", label: "Momentum", fallback: undefined, placeholder: "0.9", min: 0, max: 0.999999, when: (state) => state.optimizer === "sgd" }),
            nesterov(),
            numberField({ path: "strategy.warmup_ratio", label: "Warm-up", fallback: undefined, placeholder: "0.06", min: 0, max: 1, hint: "Share of the steps." }),
            numberField({ path: "strategy.schedule_power", label: "Power", fallback: undefined, placeholder: "1", min: 0.01, max: 100, when: (state) => state.schedule === "polynomial" }),
            numberField({ path: "strategy.layer_decay", label: "Layer decay", fallback: 1, min: 0.01, max: 1, hint: "Each layer down learns slower by this.", when: (state) => !state.frozen }),
            numberField({ path: "strategy.head_learning_rate", label: "Rate of the head", fallback: null, min: 1e-10, max: 10, placeholder: "as the rest", when: (state) => !state.frozen && taskOf(state.task).hasHead }),
            numberField({ path: "strategy.gradient_accumulation", label: "Accumulation", fallback: 1, min: 1, max: 4096, step: 1, hint: "Batches a step; equal to one larger batch." }),
            numberField({ path: "strategy.max_grad_norm", label: "Gradient clipping", fallback: 1, min: 1e-6, max: 1e6, hint: "Greatest norm." }),
        ],
        Regularisation: [
            numberField({ path: "strategy.weight_decay", label: "Weight decay", fallback: 0.01, min: 0, max: 10 }),
            numberField({ path: "strategy.dropout", label: "Dropout", fallback: null, min: 0, max: 0.95, placeholder: "the model's own" }),
            numberField({
                path: "strategy.label_smoothing", label: "Label smoothing", fallback: 0, min: 0, max: 0.99,
                when: (state) => state.task === "text-classification" ? state.labels === "one" : ["token-classification", "masked-language-modeling"].includes(state.task),
            }),
            numberField({ path: "strategy.l2_sp", label: "L2-SP", fallback: 0, min: 0, max: 100, hint: "Pull back to the pretrained weights.", when: (state) => !state.frozen && !state.lora }),
            numberField({ path: "strategy.ema", label: "Weight average", fallback: null, min: 0.1, max: 0.999999, placeholder: "off", hint: "Decay, such as 0.999: evaluates and saves the average." }),
            attack,
            numberField({ path: "strategy.adversarial.epsilon", label: "Size of the attack", fallback: undefined, placeholder: "0.2", min: 1e-6, max: 1000, when: isAttacked }),
            numberField({ path: "strategy.adversarial.steps", label: "Steps of the attack", fallback: undefined, placeholder: "3", min: 1, max: 100, step: 1, when: isAttacked }),
        ],
        "Evaluation and checkpoints": [
            stopping,
            numberField({ path: "strategy.early_stopping.patience", label: "Patience", fallback: undefined, placeholder: "3", min: 1, max: 1000, step: 1, hint: "Evaluations without progress.", when: (state) => state.stopping !== "" }),
            numberField({ path: "strategy.early_stopping.min_delta", label: "Least progress", fallback: undefined, placeholder: "0", min: 0, max: 1000, when: (state) => state.stopping !== "" }),
            interval("strategy.evaluate_every", "Evaluate every"),
            interval("strategy.checkpoint_every", "Checkpoint every"),
            choiceField({ path: "strategy.keep", label: "Result is the", fallback: "best", options: [["best", "best checkpoint"], ["last", "last checkpoint"]] }),
            numberField({ path: "strategy.keep_checkpoints", label: "Checkpoints kept", fallback: 2, min: 1, max: 1000, step: 1 }),
        ],
    };
}

function nesterov() {
    const input = el("input", { type: "checkbox" });
    return new Field({
        path: "strategy.optimizer.nesterov", label: "Nesterov momentum", input, fallback: false, when: (state) => state.optimizer === "sgd",
        read: () => input.checked, write: (value) => { input.checked = Boolean(value); },
    });
}

function interval(path, label) {
    const input = el("input", { type: "number", min: 1, step: 1, placeholder: "epoch", inputmode: "numeric", autocomplete: "off" });
    return new Field({
        path, label, hint: "Steps; empty: once an epoch.", input, fallback: "epoch",
        read: () => (input.value === "" ? "epoch" : { steps: Number(input.value) }),
        write: (value) => { input.value = value?.steps ?? ""; },
    });
}
