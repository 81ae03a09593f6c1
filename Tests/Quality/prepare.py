#!/usr/bin/env python3
"""Writes the four data sets of the quality comparison as JSON lines: TREC, SST-2 (8,000 lines), STS-B and WNUT-17.

usage: prepare.py DATASETS_DIR OUT_DIR
Each gets OUT_DIR/NAME.train.jsonl and OUT_DIR/NAME.test.jsonl.
"""
import csv
import json
import pathlib
import random
import sys


def trec(source):
    for part, name in (("train", "train.txt"), ("test", "test.txt")):
        lines = (source / "qc" / name).read_text("latin-1").splitlines()
        yield part, [{"text": l.split(" ", 1)[1], "label": l.split(":", 1)[0]} for l in lines if l.strip()]


def sst2(source):
    for part, name in (("train", "train.tsv"), ("test", "dev.tsv")):
        lines = (source / name).read_text("utf-8").splitlines()[1:]
        rows = [line.split("\t", 1) for line in lines if line.strip()]
        rows = [{"text": text.strip(), "label": label} for label, text in rows]
        if part == "train":
            random.Random(0).shuffle(rows)
            rows = rows[:8000]
        yield part, rows


def stsb(source):
    # From 0 to 1: with errors of up to 5 a low-rank adapter is driven so far at first that it may never come back.
    for part, name in (("train", "train.csv"), ("test", "test.csv")):
        with open(source / name, encoding="utf-8", newline="") as file:
            rows = [{"text": a, "text_pair": b, "score": float(s) / 5} for a, b, s in csv.reader(file)]
        yield part, rows


def wnut(source):
    for part, name in (("train", "wnut17train.conll"), ("test", "emerging.test.annotated")):
        rows, tokens, tags = [], [], []
        for line in (source / name).read_text("utf-8").split("\n") + [""]:
            if line.strip():
                token, tag = line.split("\t")[:2]
                tokens.append(token)
                tags.append(tag.strip())
            elif tokens:
                rows.append({"tokens": tokens, "tags": tags})
                tokens, tags = [], []
        yield part, rows


def main():
    source, out = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    out.mkdir(parents=True, exist_ok=True)
    folders = {"trec": "trec", "sst2": "sst2_glue", "stsb": "stsb_en", "wnut": "wnut17_ner"}
    for name, reader in {"trec": trec, "sst2": sst2, "stsb": stsb, "wnut": wnut}.items():
        for part, rows in reader(source / folders[name]):
            with open(out / f"{name}.{part}.jsonl", "w", encoding="utf-8") as file:
                for row in rows:
                    file.write(json.dumps(row, ensure_ascii=False) + "\n")
            print(f"{name}.{part}.jsonl: {len(rows)} rows")


main()
