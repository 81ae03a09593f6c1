#!/usr/bin/env python3
"""Makes Tests/ModelsTests/Fixtures: a tiny random BERT classifier and what PyTorch and Transformers compute with it.

Needs torch, transformers and safetensors: python Tests/ModelsTests/Scripts/make_bert_fixtures.py
Writes, for each case: config.json and model.safetensors (the model), gradients.safetensors (of every parameter, for the
first batch) and expected.json (batches, logits, losses, ten training steps).
"""
import json
import pathlib

import torch
from safetensors.torch import save_file
from transformers import BertConfig, BertForSequenceClassification

FIXTURES = pathlib.Path(__file__).parent.parent / "Fixtures"
STEPS, RATE, WARMUP, DECAY, CLIP = 10, 5e-3, 2, 0.01, 1.0


def make_model(activation, labels):
    config = BertConfig(
        vocab_size=100, hidden_size=32, num_hidden_layers=2, num_attention_heads=4, intermediate_size=64,
        max_position_embeddings=40, hidden_act=activation, num_labels=labels, hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0, initializer_range=0.2)
    model = BertForSequenceClassification(config)
    with torch.no_grad():  # so that a mistake with biases or normalisation shows
        for name, parameter in model.named_parameters():
            if name.endswith("bias") or "LayerNorm" in name:
                parameter.add_(torch.randn_like(parameter) * 0.1)
    return model


def make_batch(generator, labels, count):
    lengths = torch.randint(1, 31, (count,), generator=generator).tolist()
    lengths[0], lengths[1] = 40, 1
    tokens = [torch.randint(0, 100, (n,), generator=generator).tolist() for n in lengths]
    types = [[0] * (n // 2) + [1] * (n - n // 2) for n in lengths]
    return dict(tokens=tokens, types=types, labels=torch.randint(0, labels, (count,), generator=generator).tolist())


def padded(batch):
    longest = max(map(len, batch["tokens"]))
    pad = lambda rows: torch.tensor([row + [0] * (longest - len(row)) for row in rows])
    return dict(input_ids=pad(batch["tokens"]), token_type_ids=pad(batch["types"]),
                attention_mask=pad([[1] * len(row) for row in batch["tokens"]]))


def loss_of(model, batch, smoothing=0.0):
    logits = model(**padded(batch)).logits
    return logits, torch.nn.functional.cross_entropy(logits, torch.tensor(batch["labels"]), label_smoothing=smoothing)


def make_case(name, activation, labels, smoothing, seed):
    torch.manual_seed(seed)
    generator = torch.Generator().manual_seed(seed + 1)
    model = make_model(activation, labels).train()
    folder = FIXTURES / name
    folder.mkdir(parents=True, exist_ok=True)
    model.save_pretrained(folder)
    batches = [make_batch(generator, labels, 6) for _ in range(3)]
    logits, loss = loss_of(model, batches[0])
    smoothed = loss_of(model, batches[0], smoothing)[1]
    smoothed.backward()
    save_file({n: p.grad.clone() for n, p in model.named_parameters()}, folder / "gradients.safetensors")
    model.zero_grad()

    spared = lambda n: n.endswith("bias") or "LayerNorm" in n
    groups = [dict(params=[p for n, p in model.named_parameters() if not spared(n)], weight_decay=DECAY),
              dict(params=[p for n, p in model.named_parameters() if spared(n)], weight_decay=0.0)]
    optimizer = torch.optim.AdamW(groups, lr=RATE)
    schedule = lambda s: (s + 1) / WARMUP if s < WARMUP else (STEPS - s) / (STEPS - WARMUP)
    steps = []
    for step in range(STEPS):
        rate = RATE * schedule(step)
        for group in optimizer.param_groups:
            group["lr"] = rate
        step_loss = loss_of(model, batches[step % 3], smoothing)[1]
        step_loss.backward()
        norm = torch.nn.utils.clip_grad_norm_(model.parameters(), CLIP)
        optimizer.step()
        optimizer.zero_grad()
        steps.append(dict(rate=rate, loss=step_loss.item(), norm=norm.item()))
    model.eval()
    trained = loss_of(model, batches[0])[0]
    expected = dict(batches=batches, logits=logits.tolist(), loss=loss.item(), smoothing=smoothing,
                    smoothed_loss=smoothed.item(), weight_decay=DECAY, clip=CLIP, steps=steps,
                    trained_logits=trained.tolist())
    (folder / "expected.json").write_text(json.dumps(expected) + "\n")


make_case("bert-gelu", "gelu", labels=4, smoothing=0.1, seed=1)
make_case("bert-gelu-tanh", "gelu_new", labels=2, smoothing=0.0, seed=2)
