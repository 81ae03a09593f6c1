#!/usr/bin/env python3
"""Writes Fixtures/metrics.json: small random cases with what scikit-learn, SciPy and seqeval say about them.

usage: make_metric_fixtures.py
Needs numpy, scipy, scikit-learn and seqeval.
"""
import json
import pathlib

import numpy as np
from scipy import optimize, special, stats
from seqeval import metrics as entity_metrics
from seqeval.metrics.sequence_labeling import get_entities
from sklearn import metrics

FOLDER = pathlib.Path(__file__).resolve().parent.parent / "Fixtures"
rng = np.random.default_rng(3)


def rounded(array, digits=4):
    return np.round(np.asarray(array, dtype=np.float64), digits)


def classification(rows, classes, ties):
    truth = np.concatenate([np.arange(classes), rng.integers(0, classes, rows - classes)])
    logits = rng.normal(size=(rows, classes)) * 2
    logits[np.arange(rows), truth] += rng.normal(size=rows) + 1
    logits = rounded(logits, 0 if ties else 3)
    answer = logits.argmax(axis=1)
    probabilities = special.softmax(logits, axis=1)
    confidence = probabilities.max(axis=1)
    # Guo et al. 2017: 15 bins (lower, upper].
    bins = np.clip(np.ceil(confidence * 15).astype(int) - 1, 0, 14)
    ece = sum(
        (bins == b).sum() / rows * abs((answer == truth)[bins == b].mean() - confidence[bins == b].mean())
        for b in range(15) if (bins == b).any())

    def likelihood(log_temperature):
        scaled = special.log_softmax(logits / np.exp(log_temperature), axis=1)
        return -scaled[np.arange(rows), truth].mean()

    best = optimize.minimize_scalar(likelihood, bounds=(np.log(0.05), np.log(20)), method="bounded",
                                    options={"xatol": 1e-12})
    # Mathematically equal probabilities must not differ in their last bits.
    probabilities = np.round(probabilities, 9)
    if classes == 2:
        auroc = metrics.roc_auc_score(truth, probabilities[:, 1])
    else:
        auroc = metrics.roc_auc_score(truth, probabilities, multi_class="ovr", average="macro")
    average = dict(average="macro", zero_division=0)
    return {
        "logits": logits.flatten().tolist(), "truth": truth.tolist(), "classes": classes,
        "accuracy": metrics.accuracy_score(truth, answer), "macro_f1": metrics.f1_score(truth, answer, **average),
        "precision": metrics.precision_score(truth, answer, **average),
        "recall": metrics.recall_score(truth, answer, **average), "auroc": auroc, "ece": ece,
        "temperature": float(np.exp(best.x)),
        "qwk": metrics.cohen_kappa_score(truth, answer, weights="quadratic"),
        "ordinal_mae": metrics.mean_absolute_error(truth, answer),
    }


def multi_label(rows, labels):
    truth = rng.random((rows, labels)) < 0.4
    truth[:, -1] = False  # A label that nobody has.
    scores = rounded(rng.normal(size=(rows, labels)) + truth, 1)
    answer = scores > 0
    usable = [column for column in range(labels) if 0 < truth[:, column].sum() < rows]
    return {
        "scores": scores.flatten().tolist(), "truth": truth.astype(int).flatten().tolist(), "labels": labels,
        "subset_accuracy": metrics.accuracy_score(truth, answer),
        "micro_f1": metrics.f1_score(truth, answer, average="micro"),
        "macro_f1": metrics.f1_score(truth, answer, average="macro", zero_division=0),
        "precision": metrics.precision_score(truth, answer, average="macro", zero_division=0),
        "recall": metrics.recall_score(truth, answer, average="macro", zero_division=0),
        "auroc": metrics.roc_auc_score(truth[:, usable], scores[:, usable], average="macro"),
    }


def regression(rows, ties):
    truth = rounded(rng.normal(size=rows) * 2, 0 if ties else 3)
    answer = rounded(truth + rng.normal(size=rows), 0 if ties else 3)
    return {
        "truth": truth.tolist(), "answers": answer.tolist(),
        "mse": metrics.mean_squared_error(truth, answer), "mae": metrics.mean_absolute_error(truth, answer),
        "pearson": stats.pearsonr(truth, answer).statistic, "spearman": stats.spearmanr(truth, answer).statistic,
    }


def spans(tags):
    return [[kind, start, end + 1] for kind, start, end in get_entities(tags)]


def entities(prefixes):
    """Sequences of tags drawn without regard to what may follow what."""
    names = ["O", "O", "O"] + [f"{prefix}-{kind}" for prefix in prefixes for kind in ("PER", "LOC", "A-B")]
    truth = [[str(rng.choice(names)) for _ in range(rng.integers(1, 9))] for _ in range(40)]
    answer = [[tag if rng.random() < 0.7 else str(rng.choice(names)) for tag in tags] for tags in truth]
    report = entity_metrics.classification_report(truth, answer, output_dict=True, zero_division=0)
    return {
        "truth": truth, "answers": answer, "spans": [spans(tags) for tags in truth],
        "precision": entity_metrics.precision_score(truth, answer), "recall": entity_metrics.recall_score(truth, answer),
        "f1": entity_metrics.f1_score(truth, answer),
        "macro_f1": entity_metrics.f1_score(truth, answer, average="macro", zero_division=0),
        "accuracy": entity_metrics.accuracy_score(truth, answer),
        "types": {
            kind: {name: float(report[kind][name]) for name in ("precision", "recall", "f1-score", "support")}
            for kind in ("PER", "LOC", "A-B")
        },
    }


FOLDER.joinpath("metrics.json").write_text(json.dumps({
    "classification": [
        classification(30, 2, False), classification(40, 3, True), classification(60, 5, False)],
    "multi_label": [multi_label(25, 4)],
    "regression": [regression(20, False), regression(30, True)],
    "entities": [entities("BI"), entities("BIES"), entities("I")],
}) + "\n")
