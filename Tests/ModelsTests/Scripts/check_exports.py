#!/usr/bin/env python3
"""Loads exported model directories in transformers and peft and compares their outputs with those of who wrote them.

usage: check_exports.py DIRECTORY...
Each directory holds probe.json beside the model: the sequences, the outputs, the head ("sequence", "token", "mlm",
"cls", "mean", "max"), and with adapters the directory of the base model. Fails where an output differs by more than 1e-4
of the largest, where a tensor is missing, left over or of another shape, or where label names are lost.
"""
import json
import pathlib
import sys

import torch
import transformers as tf

CLASSES = {"sequence": tf.AutoModelForSequenceClassification, "token": tf.AutoModelForTokenClassification,
           "mlm": tf.AutoModelForMaskedLM}


def load(folder, probe):
    build = CLASSES.get(probe["head"], tf.AutoModel)
    if "base" not in probe:
        model, report = build.from_pretrained(folder, output_loading_info=True)
        for kind in ("missing_keys", "unexpected_keys", "mismatched_keys", "error_msgs"):
            # Position numbers are a buffer that no file of today has.
            names = [name for name in report.get(kind) or [] if "position_ids" not in str(name)]
            assert not names, f"{folder.name}: {kind}: {names}"
        return model.eval()
    import peft

    labels = {} if probe["head"] not in ("sequence", "token") else dict(num_labels=probe["labels"])
    base = build.from_pretrained(probe["base"], **labels)
    alone = peft.PeftModel.from_pretrained(base, folder).eval()
    if probe["head"] in ("sequence", "token"):
        automatic = {"sequence": peft.AutoPeftModelForSequenceClassification,
                     "token": peft.AutoPeftModelForTokenClassification}[probe["head"]]
        also = automatic.from_pretrained(folder, **labels).eval()
        for (name, left), (_, right) in zip(alone.state_dict().items(), also.state_dict().items()):
            assert torch.equal(left, right), f"{folder.name}: {name} differs between PeftModel and AutoPeftModel"
    return alone


def outputs(model, probe):
    rows = probe["tokens"]
    longest = max(map(len, rows))
    pad = model.config.pad_token_id or 0
    inputs = dict(input_ids=torch.tensor([row + [pad] * (longest - len(row)) for row in rows]),
                  attention_mask=torch.tensor([[1] * len(row) + [0] * (longest - len(row)) for row in rows]))
    if model.config.model_type == "bert":
        inputs["token_type_ids"] = torch.tensor([row + [0] * (longest - len(row)) for row in probe["types"]])
    with torch.no_grad():
        result = model(**inputs)
    mask = inputs["attention_mask"].bool()
    if probe["head"] == "sequence":
        return result.logits
    if probe["head"] in ("token", "mlm"):
        return result.logits[mask]
    hidden, weights = result.last_hidden_state, mask.unsqueeze(-1).float()
    pooled = {"cls": lambda: hidden[:, 0], "mean": lambda: (hidden * weights).sum(1) / weights.sum(1),
              "max": lambda: hidden.masked_fill(weights == 0, -torch.inf).max(1).values}[probe["head"]]()
    return torch.nn.functional.normalize(pooled) if probe["normalizes"] else pooled


def check(folder):
    probe = json.loads((folder / "probe.json").read_text())
    model = load(folder, probe)
    found, expected = outputs(model, probe).flatten(), torch.tensor(probe["outputs"])
    assert found.shape == expected.shape, f"{folder.name}: {found.shape} outputs, expected {expected.shape}"
    difference = ((found - expected).abs().max() / expected.abs().max()).item()
    assert difference <= 1e-4, f"{folder.name}: outputs differ by {difference:.1e}"
    if "names" in probe and "base" not in probe:
        names = [model.config.id2label[number] for number in range(len(probe["names"]))]
        assert names == probe["names"], f"{folder.name}: labels {names}"
    print(f"{folder.name}: {type(model).__name__}, outputs agree to {difference:.1e}")


if __name__ == "__main__":
    for path in sys.argv[1:]:
        check(pathlib.Path(path))
