#!/usr/bin/env python3
"""Trains a classifier plainly and with adversarial steps, and prints its clean and attacked accuracy.

usage: adversarial.py BASE_URL MODEL TRAIN.jsonl TEST.jsonl [--epsilon 0.2] [--epochs 2] [--seeds 1] [--types none fgm pgd]
"""
import argparse
import pathlib

from ours import Server


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("server")
    parser.add_argument("model")
    parser.add_argument("train", type=pathlib.Path)
    parser.add_argument("test", type=pathlib.Path)
    parser.add_argument("--epsilon", type=float, default=0.2)
    parser.add_argument("--epochs", type=int, default=2)
    parser.add_argument("--seeds", type=int, nargs="*", default=[1])
    parser.add_argument("--types", nargs="*", default=["none", "fgm", "pgd"])
    options = parser.parse_args()
    server = Server(options.server.rstrip("/"))
    for seed in options.seeds:
        for kind in options.types:
            # Of type "none" the model is attacked in evaluations only.
            strategy = {"learning_rate": 5e-5, "keep": "last", "adversarial": {"type": kind, "epsilon": options.epsilon}}
            ended, seconds = server.train({
                "model": options.model, "training_file": server.upload(options.train),
                "validation_file": server.upload(options.test), "seed": seed,
                "method": {"type": "supervised", "supervised": {"hyperparameters": {
                    "n_epochs": options.epochs, "batch_size": 32}}},
                "strategy": strategy, "data": {"max_length": 64},
            })
            events = server.request(f"/v1/fine_tuning/jobs/{ended['id']}/events?limit=1000")["data"]
            last = next(event["data"] for event in events if "valid_loss" in (event.get("data") or {}))
            print(f"seed {seed} {kind:8} clean {last['accuracy']:.4f} attacked {last.get('adversarial')} {seconds:.0f} s", flush=True)


main()
