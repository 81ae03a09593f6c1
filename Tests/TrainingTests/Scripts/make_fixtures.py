#!/usr/bin/env python3
"""Makes Fixtures/schedules.json (learning rates by transformers' own schedules) and Fixtures/trainer.json (losses,
gradient norms and learning rates of ten steps of the transformers Trainer on the tiny BERT, without dropout and shuffling).

usage: make_fixtures.py             needs: torch transformers accelerate (PyPI)"""
import json, pathlib, tempfile
import torch, transformers as tf

here = pathlib.Path(__file__).resolve().parent
root = here.parents[2]
out = here.parent / "Fixtures"
out.mkdir(exist_ok=True)

# Schedules: the warm-up as TrainingArguments.get_warmup_steps counts it.
cases = []
for kind in ["linear", "constant", "cosine", "polynomial", "inverse_sqrt"]:
    for total, ratio in [(10, 0.0), (10, 0.06), (50, 0.06), (97, 0.1), (7, 0.99), (1, 0.06), (150, 0.06)]:
        warmup = tf.TrainingArguments(output_dir=tempfile.gettempdir(), warmup_steps=ratio, use_cpu=True, report_to=[]
                                      ).get_warmup_steps(total)
        optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=5e-5)
        name = "constant_with_warmup" if kind == "constant" else kind
        special = {"power": 1.5} if kind == "polynomial" else {}
        schedule = tf.get_scheduler(name, optimizer, warmup, total, scheduler_specific_kwargs=special)
        rates = []
        for _ in range(total):
            rates.append(schedule.get_last_lr()[0])
            optimizer.step()
            if len(rates) < total:
                schedule.step()
        cases.append(dict(kind=kind, total=total, ratio=ratio, warmup=warmup, rates=rates))
(out / "schedules.json").write_text(json.dumps(dict(peak=5e-5, power=1.5, cases=cases)) + "\n")

# The Trainer itself, with losses and norms written down as they are.
settings = dict(batch_size=6, epochs=2, learning_rate=2e-3, warmup_ratio=0.2, weight_decay=0.05, max_grad_norm=0.7,
                label_smoothing=0.1, max_length=32)
base = root / "Tests/EndToEndTests/Fixtures/tiny-bert"
rows = [json.loads(line) for line in open(root / "public/samples/support-messages.jsonl", encoding="utf-8")][:28]
labels = sorted({row["label"] for row in rows})
tokenizer = tf.AutoTokenizer.from_pretrained(base)
torch.manual_seed(3)
model = tf.BertForSequenceClassification.from_pretrained(
    base, num_labels=len(labels), hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0)
with torch.no_grad():
    model.classifier.weight.normal_(0, 0.5)
head = dict(weight=model.classifier.weight.flatten().tolist(), bias=model.classifier.bias.tolist())
encoded = [tokenizer(row["text"], truncation=True, max_length=settings["max_length"]) for row in rows]
examples = [dict(e, labels=labels.index(row["label"])) for e, row in zip(encoded, rows)]


class Recording(tf.Trainer):
    losses, norms, rates = [], [], []

    def _get_train_sampler(self, *arguments, **named):
        return torch.utils.data.SequentialSampler(self.train_dataset)

    def training_step(self, *arguments, **named):
        loss = super().training_step(*arguments, **named)
        self.losses.append(loss.item())
        return loss


class Rates(tf.TrainerCallback):
    def on_pre_optimizer_step(self, args, state, control, optimizer=None, lr_scheduler=None, **named):
        Recording.rates.append(optimizer.param_groups[0]["lr"])


clip = torch.nn.utils.clip_grad_norm_
def recorded_clip(*arguments, **named):
    norm = clip(*arguments, **named)
    Recording.norms.append(float(norm))
    return norm
torch.nn.utils.clip_grad_norm_ = recorded_clip

with tempfile.TemporaryDirectory() as folder:
    arguments = tf.TrainingArguments(
        output_dir=folder, per_device_train_batch_size=settings["batch_size"], num_train_epochs=settings["epochs"],
        learning_rate=settings["learning_rate"], warmup_steps=settings["warmup_ratio"],
        weight_decay=settings["weight_decay"], max_grad_norm=settings["max_grad_norm"],
        label_smoothing_factor=settings["label_smoothing"], lr_scheduler_type="linear", save_strategy="no",
        logging_strategy="no", report_to=[], use_cpu=True, disable_tqdm=True)
    Recording(model=model, args=arguments, train_dataset=examples, callbacks=[Rates],
              data_collator=tf.DataCollatorWithPadding(tokenizer)).train()
assert len(Recording.losses) == len(Recording.norms) == len(Recording.rates) == 10, Recording.norms
weights = {name: parameter.detach().double().pow(2).sum().sqrt().item() for name, parameter in model.named_parameters()
           if "layer.1.output" in name or "classifier" in name}
(out / "trainer.json").write_text(json.dumps(dict(
    settings, labels=labels, head=head, tokens=[e["input_ids"] for e in examples],
    classes=[e["labels"] for e in examples], losses=Recording.losses, norms=Recording.norms, rates=Recording.rates,
    weight_norms=weights)) + "\n")
print(Recording.losses, Recording.norms, Recording.rates, sep="\n")
