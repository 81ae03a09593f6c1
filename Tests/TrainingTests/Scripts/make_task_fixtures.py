#!/usr/bin/env python3
"""Makes Fixtures/tasks.json: the losses of ten steps of each kind of task on the tiny BERT, with the losses of
transformers and sentence-transformers, without dropout and shuffling.

usage: make_task_fixtures.py        needs: torch transformers sentence-transformers (PyPI)

Heads begin with values that need not be stored: 0.3 sin(0.7 i + k) for element i of the k-th matrix of the head, in the
order of transformers' named_parameters; vectors keep their usual beginning.
"""
import json
import math
import pathlib

import sentence_transformers as st
import torch
import transformers as tf
from sentence_transformers.base.modules import Normalize, Transformer
from sentence_transformers.sentence_transformer import losses as st_losses, modules as st_modules

here = pathlib.Path(__file__).resolve().parent
root = here.parents[2]
base = str(root / "Tests/EndToEndTests/Fixtures/tiny-bert")
tokenizer = tf.AutoTokenizer.from_pretrained(base)
settings = dict(batch_size=4, epochs=2, learning_rate=2e-3, weight_decay=0.05, max_grad_norm=1.0, max_length=32)
still = dict(hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0)
texts = [json.loads(line)["text"] for line in open(root / "public/samples/support-messages.jsonl", encoding="utf-8")]
ROWS = 20


def set_head(model, prefix):
    matrices = [p for name, p in model.named_parameters() if name.startswith(prefix) and p.dim() == 2]
    with torch.no_grad():
        for k, parameter in enumerate(matrices):
            values = [0.3 * math.sin(0.7 * i + k) for i in range(parameter.numel())]
            parameter.copy_(torch.tensor(values, dtype=torch.float64).view_as(parameter))


def train(model, loss_of):
    """Ten steps of transformers' AdamW with a linear schedule."""
    named = list(model.named_parameters())
    bare = [p for name, p in named if name.endswith("bias") or "LayerNorm" in name]
    rest = [p for name, p in named if not (name.endswith("bias") or "LayerNorm" in name)]
    optimizer = torch.optim.AdamW(
        [dict(params=rest, weight_decay=settings["weight_decay"]), dict(params=bare, weight_decay=0.0)],
        lr=settings["learning_rate"])
    schedule = tf.get_linear_schedule_with_warmup(optimizer, 0, 10)
    losses = []
    model.train()
    for _ in range(settings["epochs"]):
        for start in range(0, ROWS, settings["batch_size"]):
            loss = loss_of(range(start, start + settings["batch_size"]))
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), settings["max_grad_norm"])
            optimizer.step()
            schedule.step()
            losses.append(loss.item())
    assert len(losses) == 10
    return losses


def encode(rows, pairs=None):
    second = [pairs[i] for i in rows] if pairs else None
    return tokenizer([texts[i] for i in rows], second, truncation=True, padding=True, max_length=settings["max_length"],
                     return_tensors="pt")


def sequence(targets, rows, pairs=None, **options):
    """A sequence classification model trained with its own loss."""
    model = tf.BertForSequenceClassification.from_pretrained(base, **still, **options)
    set_head(model, "classifier")
    losses = train(model, lambda batch: model(
        **encode(batch, pairs), labels=torch.stack([torch.as_tensor(targets[i]) for i in batch])).loss)
    return dict(rows=rows, losses=losses)


labels = ["a", "b", "c"]
cases = {}

sets = [[label for k, label in enumerate(labels) if (i * 7 + k * 3) % 4 < 2] for i in range(ROWS)]
cases["multi_label"] = sequence(
    [[float(label in row) for label in labels] for row in sets],
    [dict(text=texts[i], labels=sets[i]) for i in range(ROWS)],
    num_labels=3, problem_type="multi_label_classification")

scores = [round(math.sin(i) * 2 + 1, 3) for i in range(ROWS)]
pairs = [texts[(i * 5 + 3) % 40] for i in range(ROWS)]
cases["regression"] = sequence(
    [[score] for score in scores],
    [dict(text=texts[i], text_pair=pairs[i], score=scores[i]) for i in range(ROWS)], pairs,
    num_labels=1, problem_type="regression")


def classification(loss, given):
    """A model for three classes with a loss of one's own."""
    model = tf.BertForSequenceClassification.from_pretrained(base, **still, num_labels=3)
    set_head(model, "classifier")
    losses = train(model, lambda batch: loss(model(**encode(batch)).logits, torch.tensor([given[i] for i in batch])))
    return dict(rows=[dict(text=texts[i], label=labels[given[i]]) for i in range(ROWS)], losses=losses)


given = [(i * i + i // 3) % 3 for i in range(ROWS)]
distance = -(torch.arange(3)[:, None] - torch.arange(3)[None, :]).abs().double()
soft = torch.softmax(distance, dim=1).float()  # Díaz and Marathe 2019
cases["ordinal"] = classification(
    lambda logits, truth: torch.nn.functional.cross_entropy(logits, soft[truth]), given)
weights = torch.tensor([0.5, 2.0, 1.0])
cases["class_weights"] = classification(
    lambda logits, truth: torch.nn.functional.cross_entropy(logits, truth, weight=weights), given)

# Tags: the first piece of a word carries its tag, as in transformers' run_ner.
tags = ["B-A", "B-B", "I-A", "I-B", "O"]
words = [text.split()[:12] for text in texts[:ROWS]]
row_tags = [[tags[(i * 3 + k * k + k) % 5] for k in range(len(words[i]))] for i in range(ROWS)]
model = tf.BertForTokenClassification.from_pretrained(base, **still, num_labels=5)
set_head(model, "classifier")


def tagging(batch):
    encoded = tokenizer([words[i] for i in batch], is_split_into_words=True, truncation=True, padding=True,
                        max_length=settings["max_length"], return_tensors="pt")
    targets = []
    for place, i in enumerate(batch):
        row, previous = [], None
        for word in encoded.word_ids(place):
            row.append(-100 if word is None or word == previous else tags.index(row_tags[i][word]))
            previous = word
        targets.append(row)
    return model(**encoded, labels=torch.tensor(targets)).loss


losses = train(model, tagging)
cases["tags"] = dict(rows=[dict(tokens=words[i], tags=row_tags[i]) for i in range(ROWS)], losses=losses)

# Masked language model: which tokens are hidden, and behind what, is part of the fixture.
model = tf.BertForMaskedLM.from_pretrained(base, **still)
set_head(model, "cls.predictions.transform")
masked = []
for i in range(ROWS):
    ids = tokenizer(texts[i], truncation=True, max_length=settings["max_length"])["input_ids"]
    places = [k for k in range(1, len(ids) - 1) if (k * 5 + i) % 6 == 0] or [1]
    hidden = list(ids)
    for place in places:
        hidden[place] = tokenizer.mask_token_id if place % 5 else 100
    masked.append(dict(tokens=hidden, places=places, targets=[ids[k] for k in places]))


def masking(batch):
    longest = max(len(masked[i]["tokens"]) for i in batch)
    ids = torch.zeros(len(batch), longest, dtype=torch.long)
    attention = torch.zeros_like(ids)
    targets = torch.full_like(ids, -100)
    for row, i in enumerate(batch):
        example = masked[i]
        ids[row, :len(example["tokens"])] = torch.tensor(example["tokens"])
        attention[row, :len(example["tokens"])] = 1
        targets[row, example["places"]] = torch.tensor(example["targets"])
    return model(input_ids=ids, attention_mask=attention, labels=targets).loss


cases["masks"] = dict(rows=masked, losses=train(model, masking))


def embedding(columns, make_loss, targets=None, **names):
    """Ten steps of a loss of sentence-transformers."""
    transformer = Transformer(base, config_kwargs=still, processor_kwargs=dict(model_max_length=settings["max_length"]))
    pooling = st_modules.Pooling(32, pooling_mode="mean")
    encoder = st.SentenceTransformer(modules=[transformer, pooling, Normalize()], device="cpu")
    loss = make_loss(encoder)

    def step(batch):
        features = [encoder.preprocess([column[i] for i in batch]) for column in columns]
        target = torch.tensor([targets[i] for i in batch]) if targets else None
        return loss(features, target)

    losses = train(encoder, step)
    rows = [dict(zip(names["fields"], (column[i] for column in columns))) for i in range(ROWS)]
    if targets:
        rows = [dict(row, score=targets[i]) for i, row in enumerate(rows)]
    return dict(rows=rows, losses=losses)


anchors = texts[:ROWS]
positives = [texts[(i * 3 + 1) % 40] for i in range(ROWS)]
negatives = [texts[(i * 11 + 7) % 40] for i in range(ROWS)]
cases["in_batch_negatives"] = embedding(
    [anchors, positives], lambda model: st_losses.MultipleNegativesRankingLoss(model, scale=20),
    fields=("anchor", "positive"))
cases["hard_negatives"] = embedding(
    [anchors, positives, negatives], lambda model: st_losses.MultipleNegativesRankingLoss(model, scale=20),
    fields=("anchor", "positive", "negative"))
cases["triplet"] = embedding(
    [anchors, positives, negatives], lambda model: st_losses.TripletLoss(
        model, distance_metric=st_losses.TripletDistanceMetric.COSINE, triplet_margin=0.5),
    fields=("anchor", "positive", "negative"))
cosines = [round(math.cos(i * 1.3), 3) for i in range(ROWS)]
cases["cosine"] = embedding(
    [anchors, positives], lambda model: st_losses.CosineSimilarityLoss(model), cosines, fields=("text", "text_pair"))

for name, case in cases.items():
    print(name, [round(loss, 4) for loss in case["losses"]])
(here.parent / "Fixtures/tasks.json").write_text(json.dumps(dict(settings=settings, cases=cases)) + "\n")
