#!/usr/bin/env python3
"""Compares the losses of a real model's first steps, one by one, with PyTorch and transformers.

Both begin with the same weights (the pretrained model with a random head), take the same examples in the same order,
without dropout: AdamW, linear schedule with warm-up, clipping, as a job has them by default.

usage: compare_losses.py MODEL_DIR FINETUNE_WORKER [--data FILE.jsonl] [--steps 10] [--batch 16] [--lr 5e-5]
                         [--max-length 128] [--threads 2] [--run DIR]
  --data   rows {"text", "label"}; without it, the project's sample
  --run    where the run directory is made and kept, with its last checkpoint (for check_checkpoint.py)

Prints a line a step. Exit status 1 where a loss differs by more than 1e-4 relative. Needs: torch transformers (PyPI)."""
import argparse, json, pathlib, random, subprocess, sys, tempfile

import torch
import transformers

LIMIT = 1e-4
root = pathlib.Path(__file__).resolve().parents[3]


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=pathlib.Path)
    parser.add_argument("worker", type=pathlib.Path)
    parser.add_argument("--data", type=pathlib.Path, default=root / "public/samples/support-messages.jsonl")
    parser.add_argument("--steps", type=int, default=10)
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--lr", type=float, default=5e-5)
    parser.add_argument("--max-length", type=int, default=128)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--run", type=pathlib.Path)
    return parser.parse_args()


def examples(options):
    """As many rows as the steps take, shuffled once, and their labels in order."""
    rows = [json.loads(line) for line in open(options.data, encoding="utf-8") if line.strip()]
    random.Random(1).shuffle(rows)
    rows = rows[: options.steps * options.batch]
    assert len(rows) == options.steps * options.batch, f"{options.data} has too few rows: {len(rows)}"
    return rows, sorted({row["label"] for row in rows})


def save_start(options, labels, directory):
    """The pretrained model with a random head, as both sides begin with it."""
    torch.manual_seed(1)
    model = transformers.AutoModelForSequenceClassification.from_pretrained(
        options.model, num_labels=len(labels), id2label=dict(enumerate(labels)),
        label2id={label: index for index, label in enumerate(labels)},
        hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0, classifier_dropout=0.0)
    tokenizer = transformers.AutoTokenizer.from_pretrained(options.model)
    model.save_pretrained(directory)
    tokenizer.save_pretrained(directory)
    return model, tokenizer


def reference_losses(options, rows, labels, model, tokenizer):
    torch.set_num_threads(options.threads)
    model.train()
    matrices = [parameter for parameter in model.parameters() if parameter.ndim > 1]
    vectors = [parameter for parameter in model.parameters() if parameter.ndim <= 1]
    optimizer = torch.optim.AdamW(
        [{"params": matrices, "weight_decay": 0.01}, {"params": vectors, "weight_decay": 0.0}], lr=options.lr)
    warmup = -(-options.steps * 6 // 100)
    schedule = transformers.get_linear_schedule_with_warmup(optimizer, warmup, options.steps)
    losses = []
    for start in range(0, len(rows), options.batch):
        batch = rows[start : start + options.batch]
        inputs = tokenizer([row["text"] for row in batch], padding=True, truncation=True,
                           max_length=options.max_length, return_tensors="pt")
        loss = model(**inputs, labels=torch.tensor([labels.index(row["label"]) for row in batch])).loss
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        optimizer.zero_grad(set_to_none=True)
        losses.append(loss.item())
    return losses


def worker_losses(options, rows, start, run):
    run.mkdir(parents=True, exist_ok=True)
    data = run / "train.jsonl"
    data.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    recipe = {
        "model": "reference", "seed": 1, "hyperparameters": {"n_epochs": 1, "batch_size": options.batch},
        "strategy": {"learning_rate": options.lr, "dropout": 0, "warmup_ratio": 0.06, "keep": "last"},
        "task": {"head": {"dropout": 0}},
        "data": {"shuffle": False, "validation_split": 0, "max_length": options.max_length},
        "resources": {"threads": options.threads},
    }
    (run / "recipe.json").write_text(json.dumps({
        "format_version": 1, "recipe": recipe, "model_directory": str(start.resolve()),
        "training_file": {"path": str(data.resolve()), "name": data.name}}))
    subprocess.run([options.worker, "train", run], check=True, stderr=subprocess.DEVNULL)
    entries = [json.loads(line) for line in open(run / "journal.jsonl", encoding="utf-8")]
    return [entry["data"]["train_loss"] for entry in entries if entry["kind"] == "metrics"]


def main():
    options = arguments()
    rows, labels = examples(options)
    with tempfile.TemporaryDirectory() as scratch:
        scratch = pathlib.Path(scratch)
        model, tokenizer = save_start(options, labels, scratch / "start")
        ours = worker_losses(options, rows, scratch / "start", options.run or scratch / "run")
    theirs = reference_losses(options, rows, labels, model, tokenizer)
    assert len(ours) == len(theirs) == options.steps, f"{len(ours)} steps here, {len(theirs)} in PyTorch"
    worst = 0.0
    for step, (own, other) in enumerate(zip(ours, theirs), start=1):
        difference = abs(own - other) / abs(other)
        worst = max(worst, difference)
        print(f"step {step:3}  worker {own:.7f}  PyTorch {other:.7f}  relative difference {difference:.1e}")
    print(f"largest relative difference {worst:.1e}, limit {LIMIT:.0e}: {'ok' if worst <= LIMIT else 'FAILED'}")
    return 0 if worst <= LIMIT else 1


if __name__ == "__main__":
    sys.exit(main())
