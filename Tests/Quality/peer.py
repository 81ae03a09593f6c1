#!/usr/bin/env python3
"""Fine-tunes with PyTorch, transformers and peft on the sets that prepare.py wrote, with the settings of settings.json.

usage: peer.py MODEL_DIR DATA_DIR RESULTS.jsonl [--only NAME/MODE …] [--seeds 1 2 3] [--threads N]
Appends one JSON line a run: {"side": "peer", "set", "mode", "seed", "value", "seconds"}; runs that are there are skipped.
Needs torch, transformers, peft, scipy and seqeval.
"""
import argparse
import json
import pathlib
import random
import time

import torch
import transformers

HERE = pathlib.Path(__file__).parent
SETTINGS = json.loads((HERE / "settings.json").read_text())


def rows(path):
    return [json.loads(line) for line in open(path, encoding="utf-8")]


class Set:
    """A data set with its tokenizer: batches for training, the metric for the end."""

    def __init__(self, name, directory, tokenizer):
        self.settings = SETTINGS[name]
        self.task = self.settings["task"]
        self.train, self.test = rows(f"{directory}/{name}.train.jsonl"), rows(f"{directory}/{name}.test.jsonl")
        self.tokenizer = tokenizer
        if self.task == "text-classification":
            self.labels = sorted({row["label"] for row in self.train})
        elif self.task == "token-classification":
            self.labels = sorted({tag for row in self.train for tag in row["tags"]})
        else:
            self.labels = ["score"]

    def model(self, directory):
        kind = {
            "text-classification": transformers.AutoModelForSequenceClassification,
            "text-regression": transformers.AutoModelForSequenceClassification,
            "token-classification": transformers.AutoModelForTokenClassification,
        }[self.task]
        return kind.from_pretrained(directory, num_labels=len(self.labels))

    def batch(self, chosen):
        options = dict(padding=True, truncation=True, max_length=self.settings["max_length"], return_tensors="pt")
        if self.task == "token-classification":
            encoded = self.tokenizer([r["tokens"] for r in chosen], is_split_into_words=True, **options)
            targets = torch.full(encoded["input_ids"].shape, -100)
            for i, row in enumerate(chosen):
                before = None
                for j, word in enumerate(encoded.word_ids(i)):
                    if word is not None and word != before:
                        targets[i, j] = self.labels.index(row["tags"][word]) if row["tags"][word] in self.labels else -100
                    before = word
            return encoded, targets
        if "text_pair" in chosen[0]:
            encoded = self.tokenizer([r["text"] for r in chosen], [r["text_pair"] for r in chosen], **options)
        else:
            encoded = self.tokenizer([r["text"] for r in chosen], **options)
        if self.task == "text-regression":
            return encoded, torch.tensor([r["score"] for r in chosen])
        return encoded, torch.tensor([self.labels.index(r["label"]) for r in chosen])

    def evaluate(self, model):
        model.eval()
        answers, truths = [], []
        with torch.no_grad():
            for start in range(0, len(self.test), 64):
                chosen = self.test[start:start + 64]
                encoded, targets = self.batch(chosen)
                logits = model(**encoded).logits
                if self.task == "token-classification":
                    best = logits.argmax(-1)
                    for i, row in enumerate(chosen):
                        tags = ["O"] * len(row["tags"])
                        before = None
                        for j, word in enumerate(encoded.word_ids(i)):
                            if word is not None and word != before:
                                tags[word] = self.labels[best[i, j]]
                            before = word
                        answers.append(tags)
                        truths.append(row["tags"])
                elif self.task == "text-regression":
                    answers += logits[:, 0].tolist()
                    truths += targets.tolist()
                else:
                    answers += logits.argmax(-1).tolist()
                    truths += targets.tolist()
        if self.task == "token-classification":
            from seqeval.metrics import f1_score
            return f1_score(truths, answers)
        if self.task == "text-regression":
            from scipy.stats import spearmanr
            return spearmanr(answers, truths).statistic
        return sum(a == t for a, t in zip(answers, truths)) / len(truths)


def run(data, directory, mode, seed):
    """Trains once; returns the metric on the test lines and the seconds of the loop."""
    torch.manual_seed(seed)
    order = random.Random(seed)
    settings, how = data.settings, SETTINGS["modes"][mode]
    model = data.model(directory)
    if mode == "lora":
        from peft import LoraConfig, get_peft_model
        kind = "TOKEN_CLS" if data.task == "token-classification" else "SEQ_CLS"
        model = get_peft_model(model, LoraConfig(
            r=how["rank"], lora_alpha=how["alpha"], target_modules=how["targets"], task_type=kind))
    trained = [(n, p) for n, p in model.named_parameters() if p.requires_grad]
    spared = lambda n: n.endswith("bias") or "LayerNorm" in n
    optimizer = torch.optim.AdamW([
        {"params": [p for n, p in trained if not spared(n)], "weight_decay": SETTINGS["weight_decay"]},
        {"params": [p for n, p in trained if spared(n)], "weight_decay": 0.0}], lr=how["learning_rate"])
    size = settings["batch"]
    steps = settings["epochs"] * -(-len(data.train) // size)
    schedule = transformers.get_linear_schedule_with_warmup(optimizer, int(SETTINGS["warmup_ratio"] * steps), steps)
    start = time.time()
    model.train()
    examples = list(data.train)
    for _ in range(settings["epochs"]):
        order.shuffle(examples)
        for first in range(0, len(examples), size):
            encoded, targets = data.batch(examples[first:first + size])
            model(**encoded, labels=targets).loss.backward()
            torch.nn.utils.clip_grad_norm_([p for _, p in trained], SETTINGS["max_grad_norm"])
            optimizer.step()
            schedule.step()
            optimizer.zero_grad(set_to_none=True)
    return data.evaluate(model), time.time() - start


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("model")
    parser.add_argument("data")
    parser.add_argument("results")
    parser.add_argument("--only", nargs="*")
    parser.add_argument("--seeds", nargs="*", type=int, default=[1, 2, 3])
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    transformers.logging.set_verbosity_error()
    results = pathlib.Path(options.results)
    done = {(r["set"], r["mode"], r["seed"]) for r in rows(results) if r["side"] == "peer"} if results.exists() else set()
    tokenizer = transformers.AutoTokenizer.from_pretrained(options.model)
    for seed in options.seeds:
        for name in ("trec", "sst2", "stsb", "wnut"):
            data = Set(name, options.data, tokenizer)
            for mode in SETTINGS["modes"]:
                wanted = not options.only or f"{name}/{mode}" in options.only
                if not wanted or (name, mode, seed) in done:
                    continue
                value, seconds = run(data, options.model, mode, seed)
                line = {"side": "peer", "set": name, "mode": mode, "seed": seed, "value": value, "seconds": seconds}
                with open(results, "a", encoding="utf-8") as file:
                    file.write(json.dumps(line) + "\n")
                print(line, flush=True)


main()
