#!/usr/bin/env python3
"""Flips a share of the labels of a training file, trains on it, and tells how many of the flipped lines the loss ledger
ranks among as many most suspect lines.

usage: noisy_labels.py BASE_URL MODEL TRAIN.jsonl [--share 0.05] [--epochs 3] [--seed 1] [--learning-rate 5e-5]
"""
import argparse
import json
import pathlib
import random
import tempfile

from ours import Server, rows


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("server")
    parser.add_argument("model")
    parser.add_argument("train", type=pathlib.Path)
    parser.add_argument("--share", type=float, default=0.05)
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--learning-rate", type=float, default=5e-5)
    options = parser.parse_args()
    lines = rows(options.train)
    labels = sorted({line["label"] for line in lines})
    order = random.Random(options.seed)
    flipped = set(order.sample(range(len(lines)), round(options.share * len(lines))))
    for index in flipped:
        lines[index]["label"] = order.choice([label for label in labels if label != lines[index]["label"]])
    server = Server(options.server.rstrip("/"))
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "noisy.jsonl"
        path.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
        ended, seconds = server.train({
            "model": options.model, "training_file": server.upload(path), "seed": options.seed,
            "method": {"type": "supervised", "supervised": {"hyperparameters": {
                "n_epochs": options.epochs, "batch_size": 32}}},
            "strategy": {"learning_rate": options.learning_rate}, "data": {"max_length": 64, "validation_split": 0},
        })
    suspects, after = [], None
    while len(suspects) < len(flipped):
        path = f"/v1/fine_tuning/jobs/{ended['id']}/ledger?limit=100" + (f"&after={after}" if after else "")
        page = server.request(path)
        suspects += page["data"]
        after = page.get("last_id")
        if not page["has_more"]:
            break
    found = sum(entry["line"] - 1 in flipped for entry in suspects[:len(flipped)])
    print(f"{found} of {len(flipped)} flipped lines ({found / len(flipped):.1%}) are among the {len(flipped)} most "
          f"suspect of {len(lines)}; {seconds:.0f} s")


main()
