#!/usr/bin/env python3
"""Makes Tests/ModelsTests/Fixtures: tiny random encoders with each head, and what PyTorch and Transformers compute.

Needs torch, transformers and safetensors: python Tests/ModelsTests/Scripts/make_encoder_fixtures.py [CASE...]
Writes, for each case: config.json and model.safetensors (the model), gradients.safetensors (of every parameter, for the
first batch) and expected.json (batches, outputs, losses, ten training steps). The loss is always the cross-entropy of
the rows of outputs against labels: of sequences, of chosen tokens, or of the elements of sentence embeddings.
"""
import json
import pathlib
import sys

import torch
import transformers as tf
from safetensors.torch import save_file

FIXTURES = pathlib.Path(__file__).parent.parent / "Fixtures"
STEPS, RATE, WARMUP, DECAY, CLIP = 10, 5e-3, 2, 0.01, 1.0

SMALL = dict(vocab_size=60, hidden_size=16, num_hidden_layers=2, num_attention_heads=2, intermediate_size=24)
LARGER = dict(vocab_size=100, hidden_size=32, num_hidden_layers=2, num_attention_heads=4, intermediate_size=64)
DROPLESS = dict(hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0, initializer_range=0.2)


def bert(**sizes):
    return tf.BertConfig(max_position_embeddings=40, **DROPLESS, **(SMALL | sizes))


def roberta(**sizes):
    return tf.RobertaConfig(max_position_embeddings=42, type_vocab_size=1, layer_norm_eps=1e-5, **DROPLESS,
                            **(SMALL | sizes))


def xlm_roberta(**sizes):
    return tf.XLMRobertaConfig(max_position_embeddings=42, type_vocab_size=1, layer_norm_eps=1e-5, **DROPLESS,
                               **(SMALL | sizes))


def distilbert(**sizes):
    sizes = SMALL | sizes
    return tf.DistilBertConfig(
        vocab_size=sizes.pop("vocab_size"), dim=sizes.pop("hidden_size"), n_layers=sizes.pop("num_hidden_layers"),
        n_heads=sizes.pop("num_attention_heads"), hidden_dim=sizes.pop("intermediate_size"),
        max_position_embeddings=40, dropout=0.0, attention_dropout=0.0, seq_classif_dropout=0.0,
        initializer_range=0.2, **sizes)


def make_model(build, config):
    model = build(config)
    with torch.no_grad():  # so that a mistake with biases or normalisation shows
        for name, parameter in model.named_parameters():
            if is_spared(name):
                parameter.add_(torch.randn_like(parameter) * 0.1)
    return model


def is_spared(name):
    return name.endswith("bias") or "layernorm" in name.lower() or "layer_norm" in name


def make_batch(generator, config, head, labels, count=6):
    first = 2 if "roberta" in config.model_type else 0  # token 1 pads there, and has no position
    lengths = torch.randint(1, 31, (count,), generator=generator).tolist()
    lengths[0], lengths[1] = 40, 1
    tokens = [torch.randint(first, config.vocab_size, (n,), generator=generator).tolist() for n in lengths]
    # Pairs, which only BERT tells apart; the others must not mind.
    types = [[0] * (n // 2) + [1] * (n - n // 2) for n in lengths]
    batch = dict(tokens=tokens, types=types)
    rows = count
    if head in ("token", "mlm"):  # no row in the second sequence
        chosen = [row for row in range(sum(lengths)) if row != lengths[0]]
        picks = torch.randperm(len(chosen), generator=generator)[: sum(lengths) // 4].tolist()
        batch["rows"] = sorted(chosen[pick] for pick in picks)
        rows = len(batch["rows"])
    batch["labels"] = torch.randint(0, labels, (rows,), generator=generator).tolist()
    return batch


def padded(batch, config):
    longest = max(map(len, batch["tokens"]))
    pad = lambda rows, value: torch.tensor([row + [value] * (longest - len(row)) for row in rows])
    inputs = dict(input_ids=pad(batch["tokens"], config.pad_token_id),
                  attention_mask=pad([[1] * len(row) for row in batch["tokens"]], 0))
    if config.model_type == "bert":
        inputs["token_type_ids"] = pad(batch["types"], 0)
    return inputs


def outputs_of(model, batch, head):
    inputs = padded(batch, model.config)
    result = model(**inputs)
    mask = inputs["attention_mask"].bool()
    if head == "sequence":
        return result.logits
    if head in ("token", "mlm"):
        return result.logits[mask][batch["rows"]]
    hidden = result.last_hidden_state
    if head == "cls":
        return hidden[:, 0]
    if head == "mean-normalized":
        weights = mask.unsqueeze(-1).float()
        return torch.nn.functional.normalize((hidden * weights).sum(1) / weights.sum(1))
    if head == "max":
        return hidden.masked_fill(~mask.unsqueeze(-1), -torch.inf).max(1).values
    raise ValueError(head)


def loss_of(model, batch, head, smoothing=0.0):
    outputs = outputs_of(model, batch, head)
    return outputs, torch.nn.functional.cross_entropy(
        outputs, torch.tensor(batch["labels"]), label_smoothing=smoothing)


def make_case(name, build, config, head, labels, smoothing, seed):
    torch.manual_seed(seed)
    generator = torch.Generator().manual_seed(seed + 1)
    if head in ("sequence", "token"):
        config.num_labels = labels
    model = make_model(build, config).train()
    folder = FIXTURES / name
    folder.mkdir(parents=True, exist_ok=True)
    model.save_pretrained(folder)
    batches = [make_batch(generator, config, head, labels) for _ in range(3)]
    outputs, loss = loss_of(model, batches[0], head)
    smoothed = loss_of(model, batches[0], head, smoothing)[1]
    smoothed.backward()
    save_file({n: p.grad.clone() for n, p in model.named_parameters() if p.grad is not None},
              folder / "gradients.safetensors")
    model.zero_grad()

    groups = [dict(params=[p for n, p in model.named_parameters() if not is_spared(n)], weight_decay=DECAY),
              dict(params=[p for n, p in model.named_parameters() if is_spared(n)], weight_decay=0.0)]
    optimizer = torch.optim.AdamW(groups, lr=RATE)
    schedule = lambda s: (s + 1) / WARMUP if s < WARMUP else (STEPS - s) / (STEPS - WARMUP)
    steps = []
    for step in range(STEPS):
        rate = RATE * schedule(step)
        for group in optimizer.param_groups:
            group["lr"] = rate
        step_loss = loss_of(model, batches[step % 3], head, smoothing)[1]
        step_loss.backward()
        norm = torch.nn.utils.clip_grad_norm_(model.parameters(), CLIP)
        optimizer.step()
        optimizer.zero_grad()
        steps.append(dict(rate=rate, loss=step_loss.item(), norm=norm.item()))
    model.eval()
    trained = outputs_of(model, batches[0], head)
    expected = dict(head=head, labels=labels, batches=batches, outputs=outputs.tolist(), loss=loss.item(),
                    smoothing=smoothing, smoothed_loss=smoothed.item(), weight_decay=DECAY, clip=CLIP, steps=steps,
                    trained_outputs=trained.tolist())
    (folder / "expected.json").write_text(json.dumps(expected) + "\n")


CASES = {
    "bert-sequence": (tf.BertForSequenceClassification, bert(**LARGER), "sequence", 4, 0.1),
    "bert-sequence-tanh": (tf.BertForSequenceClassification, bert(**LARGER, hidden_act="gelu_new"), "sequence", 2, 0.0),
    "bert-token": (tf.BertForTokenClassification, bert(), "token", 5, 0.0),
    "bert-mlm": (tf.BertForMaskedLM, bert(hidden_act="relu"), "mlm", 60, 0.0),
    "bert-embedding": (tf.BertModel, bert(), "mean-normalized", 16, 0.0),
    "roberta-sequence": (tf.RobertaForSequenceClassification, roberta(), "sequence", 3, 0.1),
    "roberta-token": (tf.RobertaForTokenClassification, roberta(), "token", 3, 0.0),
    "roberta-mlm": (tf.RobertaForMaskedLM, roberta(), "mlm", 60, 0.0),
    "roberta-embedding": (tf.RobertaModel, roberta(), "cls", 16, 0.0),
    "distilbert-sequence": (tf.DistilBertForSequenceClassification, distilbert(), "sequence", 3, 0.1),
    "distilbert-token": (tf.DistilBertForTokenClassification, distilbert(), "token", 3, 0.0),
    "distilbert-mlm": (tf.DistilBertForMaskedLM, distilbert(), "mlm", 60, 0.0),
    "distilbert-embedding": (tf.DistilBertModel, distilbert(), "max", 16, 0.0),
    "xlm-roberta-sequence": (tf.XLMRobertaForSequenceClassification, xlm_roberta(), "sequence", 3, 0.0),
}

if __name__ == "__main__":
    for number, (name, case) in enumerate(CASES.items()):
        if len(sys.argv) == 1 or name in sys.argv[1:]:
            make_case(name, *case, seed=number + 1)
