#!/usr/bin/env python3
"""Makes Fixtures/strategies.json: losses and gradient norms of the first steps of every training strategy, by PyTorch
and transformers, on the tiny BERT without dropout and shuffling. Each case holds the strategy as a recipe has it.

What these libraries do not have is written out here from its paper: the slanted triangle (Howard and Ruder 2018), Lion
(Chen et al. 2023), the average of the weights, L2-SP (Li et al. 2018), FGM (Miyato et al. 2017), PGD (Madry et al. 2018)
and FreeLB (Zhu et al. 2020; its random start is drawn by Philox, as the worker draws it).

usage: make_strategy_fixtures.py             needs: torch transformers (PyPI)"""
import copy, json, math, pathlib

import numpy as np
import torch
import transformers as tf

here = pathlib.Path(__file__).resolve().parent
root = here.parents[2]
out = here.parent / "Fixtures"
base = root / "Tests/EndToEndTests/Fixtures/tiny-bert"
rows = [json.loads(line) for line in open(root / "public/samples/support-messages.jsonl", encoding="utf-8")][:28]
labels = sorted({row["label"] for row in rows})
tokenizer = tf.AutoTokenizer.from_pretrained(base)
texts = [tokenizer(row["text"], truncation=True, max_length=24)["input_ids"] for row in rows]
classes = [labels.index(row["label"]) for row in rows]

plain = {"learning_rate": 2e-3, "warmup_ratio": 0.2, "weight_decay": 0.05, "max_grad_norm": 0.7}
cases = [
    dict(name="cosine", strategy={"schedule": "cosine"}),
    dict(name="constant", strategy={"schedule": "constant"}),
    dict(name="polynomial", strategy={"schedule": "polynomial", "schedule_power": 2.0}),
    dict(name="inverse square root", strategy={"schedule": "inverse_sqrt"}),
    dict(name="slanted triangle", strategy={"schedule": "slanted_triangular", "warmup_ratio": 0.3}),
    dict(name="layer decay and head rate", strategy={"layer_decay": 0.6, "head_learning_rate": 8e-3}),
    dict(name="accumulation of two batches", batch=3, strategy={"gradient_accumulation": 2}),
    dict(name="accumulation of three batches of uneven sizes", batch=4, strategy={"gradient_accumulation": 3}, epochs=4),
    dict(name="sgd", strategy={"optimizer": {"type": "sgd", "momentum": 0.0}, "learning_rate": 0.2}),
    dict(name="sgd with momentum", strategy={"optimizer": {"type": "sgd", "momentum": 0.8}, "learning_rate": 0.1}),
    dict(name="sgd after Nesterov",
         strategy={"optimizer": {"type": "sgd", "momentum": 0.8, "nesterov": True}, "learning_rate": 0.1}),
    dict(name="adafactor", strategy={"optimizer": {"type": "adafactor"}}),
    dict(name="lion", strategy={"optimizer": {"type": "lion"}, "learning_rate": 4e-4}),
    dict(name="no clipping", strategy={"max_grad_norm": None, "optimizer": {"type": "adamw", "betas": [0.8, 0.95]}}),
    dict(name="L2-SP", strategy={"l2_sp": 0.5}),
    dict(name="average of the weights", strategy={"ema": 0.9}),
    dict(name="gradual unfreezing", layers={"gradual_unfreezing": {"every_epochs": 1}}, rows=18, epochs=4,
         strategy={"layer_decay": 0.8}),
    dict(name="gradual unfreezing with Lion", layers={"gradual_unfreezing": {"every_epochs": 1}}, rows=18, epochs=4,
         strategy={"optimizer": {"type": "lion"}, "learning_rate": 4e-4}),
    dict(name="gradual unfreezing with Adafactor", layers={"gradual_unfreezing": {"every_epochs": 1}}, rows=18, epochs=4,
         strategy={"optimizer": {"type": "adafactor"}}),
    dict(name="the two topmost blocks", layers={"train": {"top": 1}}, strategy={}),
    dict(name="FGM", strategy={"adversarial": {"type": "fgm", "epsilon": 0.3}}),
    dict(name="PGD", strategy={"adversarial": {"type": "pgd", "epsilon": 0.3, "step_size": 0.15, "steps": 3}}),
    dict(name="PGD with accumulation", batch=3,
         strategy={"gradient_accumulation": 2,
                   "adversarial": {"type": "pgd", "epsilon": 0.3, "step_size": 0.15, "steps": 2}}),
    dict(name="FreeLB", strategy={"adversarial": {"type": "freelb", "epsilon": 0.3, "step_size": 0.1, "steps": 3}}),
    dict(name="FreeLB with accumulation", batch=3,
         strategy={"gradient_accumulation": 2,
                   "adversarial": {"type": "freelb", "epsilon": 0.3, "step_size": 0.2, "steps": 2}}),
]


class Lion(torch.optim.Optimizer):
    """Algorithm 2 of the paper."""

    def __init__(self, groups, lr, betas):
        super().__init__(groups, dict(lr=lr, betas=betas, weight_decay=0.0))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            first, second = group["betas"]
            for weight in group["params"]:
                if weight.grad is None:
                    continue
                moment = self.state[weight].setdefault("moment", torch.zeros_like(weight))
                direction = (first * moment + (1 - first) * weight.grad).sign()
                weight.add_(direction + group["weight_decay"] * weight, alpha=-group["lr"])
                moment.mul_(second).add_(weight.grad, alpha=1 - second)


def depth(name, layers):
    if name.startswith("classifier"):
        return layers + 1
    if "pooler" in name:
        return layers
    return int(name.split("layer.")[1].split(".")[0]) + 1 if "layer." in name else 0


def parameter_groups(model, strategy):
    layers, groups = model.config.num_hidden_layers, []
    for name, weight in model.named_parameters():
        isHead = name.startswith("classifier")
        rate = strategy["learning_rate"] * strategy.get("layer_decay", 1.0) ** (layers + 1 - depth(name, layers))
        if isHead:
            rate = strategy.get("head_learning_rate", strategy["learning_rate"])
        groups.append({"params": [weight], "lr": rate, "weight_decay": strategy["weight_decay"] if weight.ndim > 1 else 0.0})
    return groups


def make_optimizer(model, strategy):
    groups, settings = parameter_groups(model, strategy), strategy.get("optimizer", {"type": "adamw"})
    rate = strategy["learning_rate"]
    if settings["type"] == "adamw":
        return torch.optim.AdamW(groups, lr=rate, betas=tuple(settings.get("betas", (0.9, 0.999))))
    if settings["type"] == "sgd":
        return torch.optim.SGD(groups, lr=rate, momentum=settings["momentum"], nesterov=settings.get("nesterov", False))
    if settings["type"] == "adafactor":
        return tf.optimization.Adafactor(groups, lr=rate, scale_parameter=False, relative_step=False)
    return Lion(groups, rate, settings.get("betas", (0.9, 0.99)))


def make_schedule(optimizer, strategy, total):
    kind, warmup = strategy.get("schedule", "linear"), math.ceil(total * strategy["warmup_ratio"])
    if kind == "slanted_triangular":
        def factor(done):
            p = done / warmup if done < warmup else 1 - (done - warmup) / (total - warmup)
            return (1 + max(0, p) * 31) / 32
        return torch.optim.lr_scheduler.LambdaLR(optimizer, factor)
    name = "constant_with_warmup" if kind == "constant" else kind
    special = {"power": strategy["schedule_power"]} if kind == "polynomial" else {}
    return tf.get_scheduler(name, optimizer, warmup, total, scheduler_specific_kwargs=special)


def trainable(name, case, epoch, layers):
    """Whether a parameter trains in an epoch."""
    if "top" in case.get("layers", {}).get("train", {}):
        return depth(name, layers) > layers - case["layers"]["train"]["top"]
    if "layers" in case:
        blocks = epoch // case["layers"]["gradual_unfreezing"]["every_epochs"]
        return name.startswith("classifier") or depth(name, layers) > layers - blocks
    return True


class Batch:
    def __init__(self, indices):
        padded = tokenizer.pad({"input_ids": [texts[i] for i in indices]}, return_tensors="pt")
        self.inputs = dict(padded)
        self.truth = torch.tensor([classes[i] for i in indices])
        self.count = len(indices)

    def loss(self, model, perturbation=None):
        handle = None
        if perturbation is not None:
            mask = self.inputs["attention_mask"][..., None]
            handle = model.bert.embeddings.word_embeddings.register_forward_hook(
                lambda module, inputs, result: result + perturbation * mask)
        loss = model(**self.inputs, labels=self.truth).loss
        if handle:
            handle.remove()
        return loss

    def zero(self, model):
        return torch.zeros(*self.inputs["input_ids"].shape, model.config.hidden_size, requires_grad=True)


def ascend(perturbation, slope, step, radius):
    with torch.no_grad():
        norm = slope.flatten(1).norm(dim=1).clamp_min(1e-30)[:, None, None]
        moved = perturbation + step * slope / norm
        length = moved.flatten(1).norm(dim=1)[:, None, None]
        return torch.where(length > radius, moved * radius / length, moved).requires_grad_()


def philox(key, stream, blocks):
    """Philox4x32-10 (Salmon et al. 2011): the words of blocks 0 to `blocks` - 1 of a stream."""
    mask, counter = np.uint64(0xFFFFFFFF), np.arange(blocks, dtype=np.uint64)
    words = [counter & mask, counter >> np.uint64(32), np.full(blocks, stream & 0xFFFFFFFF, np.uint64),
             np.full(blocks, stream >> 32, np.uint64)]
    first, second = key & 0xFFFFFFFF, key >> 32
    for _ in range(10):
        a, b = words[0] * np.uint64(0xD2511F53), words[2] * np.uint64(0xCD9E8D57)
        words = [(b >> np.uint64(32)) ^ words[1] ^ np.uint64(first), b & mask,
                 (a >> np.uint64(32)) ^ words[3] ^ np.uint64(second), a & mask]
        first, second = (first + 0x9E3779B9) & 0xFFFFFFFF, (second + 0xBB67AE85) & 0xFFFFFFFF
    return np.stack(words, axis=1).reshape(-1)


def random_start(model, batch, radius, number):
    """Uniform within each sequence's ball, drawn for all tokens laid end to end."""
    width, lengths = model.config.hidden_size, batch.inputs["attention_mask"].sum(1).tolist()
    count = sum(lengths) * width
    words = philox(1, 3 << 62 | number, -(-count // 4))[:count]
    flat = torch.tensor((words >> np.uint64(8)).astype(np.float32) * np.float32(2**-24) * 2 - 1)
    start = torch.zeros(len(lengths), max(lengths), width)
    for row, part in enumerate(flat.view(-1, width).split(lengths)):
        start[row, : lengths[row]] = part * radius / math.sqrt(part.numel())
    return start.requires_grad_()


def free_lb(model, batch, share, attack, number):
    """Adds the mean of the gradients at every point of the ascent; the loss at the first."""
    perturbation, losses = random_start(model, batch, attack["epsilon"], number), []
    for _ in range(attack["steps"]):
        perturbation = perturbation.detach().requires_grad_()
        loss = batch.loss(model, perturbation)
        (loss * share / attack["steps"]).backward()
        losses.append(loss.item())
        perturbation = ascend(perturbation, perturbation.grad, attack["step_size"], attack["epsilon"])
    return losses[0]


def backward(model, batch, share, attack, number):
    """Adds a batch's gradients; the loss of the unchanged batch."""
    if attack and attack["type"] == "freelb":
        return free_lb(model, batch, share, attack, number)
    if not attack:
        loss = batch.loss(model)
        (loss * share).backward()
        return loss.item()
    isFast = attack["type"] == "fgm"
    step, steps = (attack["epsilon"], 1) if isFast else (attack["step_size"], attack["steps"])
    perturbation = batch.zero(model)
    clean = batch.loss(model, perturbation)
    (clean * share).backward()
    perturbation = ascend(perturbation, perturbation.grad, step, attack["epsilon"])
    for _ in range(1, steps):
        slope, = torch.autograd.grad(batch.loss(model, perturbation), perturbation)
        perturbation = ascend(perturbation, slope, step, attack["epsilon"])
    (batch.loss(model, perturbation.detach()) * share).backward()
    return clean.item()


torch.manual_seed(3)
start = tf.BertForSequenceClassification.from_pretrained(
    base, num_labels=len(labels), hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0)
with torch.no_grad():
    start.classifier.weight.normal_(0, 0.5)
head = dict(weight=start.classifier.weight.flatten().tolist(), bias=start.classifier.bias.tolist())


def run(case):
    strategy = {**plain, **case["strategy"]}
    batch, epochs, count = case.get("batch", 6), case.get("epochs", 2), case.get("rows", len(rows))
    accumulation = strategy.get("gradient_accumulation", 1)
    steps = math.ceil(count / (batch * accumulation))
    model = copy.deepcopy(start).train()
    initial = {name: weight.detach().clone() for name, weight in model.named_parameters()}
    optimizer = make_optimizer(model, strategy)
    schedule = make_schedule(optimizer, strategy, steps * epochs)
    average = copy.deepcopy(model)
    losses, norms = [], []
    for step in range(steps * epochs):
        epoch, first = step // steps, step % steps * batch * accumulation
        for name, weight in model.named_parameters():
            weight.requires_grad_(trainable(name, case, epoch, model.config.num_hidden_layers))
        optimizer.zero_grad(set_to_none=True)
        indices = list(range(first, min(first + batch * accumulation, count)))
        loss = 0.0
        for begin in range(0, len(indices), batch):
            part = Batch(indices[begin : begin + batch])
            share = part.count / len(indices)
            number = step * accumulation + begin // batch
            loss += share * backward(model, part, share, strategy.get("adversarial"), number)
        if strategy.get("l2_sp"):
            with torch.no_grad():
                for name, weight in model.named_parameters():
                    if not name.startswith("classifier"):
                        weight.grad.add_(weight - initial[name], alpha=strategy["l2_sp"])
        norms.append(torch.nn.utils.clip_grad_norm_(model.parameters(), strategy["max_grad_norm"] or math.inf).item())
        optimizer.step()
        schedule.step()
        keep = min(strategy.get("ema") or 0.0, (1 + step) / (10 + step))
        with torch.no_grad():
            for mean, weight in zip(average.parameters(), model.parameters()):
                mean.mul_(keep).add_(weight, alpha=1 - keep)
        losses.append(loss)
    with torch.no_grad():
        final = Batch(list(range(count))).loss(average.eval()).item()
    return dict(case, strategy=strategy, batch=batch, epochs=epochs, rows=count, losses=losses, norms=norms, final=final)


done = [run(case) for case in cases]
for case in done:
    print(f"{case['name']:48}", " ".join(f"{loss:.4f}" for loss in case["losses"][:10]))
(out / "strategies.json").write_text(
    json.dumps(dict(labels=labels, head=head, tokens=texts, classes=classes, cases=done)) + "\n")
