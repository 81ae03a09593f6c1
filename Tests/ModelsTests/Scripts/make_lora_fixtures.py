#!/usr/bin/env python3
"""Makes Tests/ModelsTests/Fixtures/lora-*: adapters on the tiny encoders, and what peft and PyTorch compute with them.

Needs torch, transformers, peft and safetensors, and the output of make_encoder_fixtures.py beside it:
python Tests/ModelsTests/Scripts/make_lora_fixtures.py
Writes, for each case: adapter_config.json and adapter_model.safetensors as peft saves them (random A, B and magnitudes, so
that nothing is hidden by zeros), gradients.safetensors (of everything that trains, for the first batch) and expected.json.
"""
import json
import shutil

import peft
import torch
import transformers as tf
from safetensors.torch import save_file

import make_encoder_fixtures as encoders

CASES = {
    "lora-bert": ("bert-sequence", tf.AutoModelForSequenceClassification, dict(task_type="SEQ_CLS", r=3, lora_alpha=6)),
    "lora-roberta": ("roberta-token", tf.AutoModelForTokenClassification, dict(
        task_type="TOKEN_CLS", r=4, lora_alpha=2, use_rslora=True, target_modules=["key", "intermediate.dense"])),
    "lora-roberta-dora": ("roberta-sequence", tf.AutoModelForSequenceClassification, dict(
        task_type="SEQ_CLS", r=2, lora_alpha=4, use_dora=True)),
    "lora-distilbert-dora": ("distilbert-sequence", tf.AutoModelForSequenceClassification, dict(
        task_type="SEQ_CLS", r=2, lora_alpha=4, use_dora=True, target_modules=["q_lin", "v_lin", "ffn.lin2"])),
    "lora-bert-mlm": ("bert-mlm", tf.AutoModelForMaskedLM, dict(r=2, lora_alpha=4)),
    "lora-bert-embedding": ("bert-embedding", tf.AutoModel, dict(task_type="FEATURE_EXTRACTION", r=2, lora_alpha=4)),
}


def saved_name(name):
    """The name of a parameter in adapter_model.safetensors."""
    name = name.replace(".modules_to_save.default", "").replace(".default", "")
    return name.replace("lora_magnitude_vector.weight", "lora_magnitude_vector")


def make_case(name, base, build, settings, seed):
    torch.manual_seed(seed)
    expected = json.loads((encoders.FIXTURES / base / "expected.json").read_text())
    head, batches, smoothing = expected["head"], expected["batches"], expected["smoothing"]
    model = peft.get_peft_model(
        build.from_pretrained(encoders.FIXTURES / base), peft.LoraConfig(**settings)).train()
    with torch.no_grad():
        for parameter_name, parameter in model.named_parameters():
            if "lora_B" in parameter_name:
                parameter.normal_(0, 0.3)
            elif parameter.requires_grad:
                parameter.add_(torch.randn_like(parameter) * 0.1)
    folder = encoders.FIXTURES / name
    shutil.rmtree(folder, ignore_errors=True)
    model.peft_config["default"].base_model_name_or_path = base
    model.save_pretrained(folder)
    (folder / "README.md").unlink()
    config = json.loads((folder / "adapter_config.json").read_text())
    config["target_modules"].sort()
    (folder / "adapter_config.json").write_text(json.dumps(config, indent=2, sort_keys=True) + "\n")

    trained = {n: p for n, p in model.named_parameters() if p.requires_grad}
    outputs = encoders.outputs_of(model, batches[0], head)
    loss = encoders.loss_of(model, batches[0], head, smoothing)[1]
    loss.backward()
    save_file({saved_name(n): p.grad.clone() for n, p in trained.items()}, folder / "gradients.safetensors")
    model.zero_grad()
    groups = [dict(params=[p for n, p in trained.items() if not encoders.is_spared(n)], weight_decay=encoders.DECAY),
              dict(params=[p for n, p in trained.items() if encoders.is_spared(n)], weight_decay=0.0)]
    optimizer = torch.optim.AdamW(groups, lr=encoders.RATE)
    losses = []
    for step in range(encoders.STEPS):
        step_loss = encoders.loss_of(model, batches[step % 3], head, smoothing)[1]
        step_loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        losses.append(step_loss.item())
    merged = encoders.outputs_of(model.merge_and_unload().eval(), batches[0], head)
    (folder / "expected.json").write_text(json.dumps(dict(
        base=base, outputs=outputs.tolist(), rate=encoders.RATE, weight_decay=encoders.DECAY, losses=losses,
        trained_outputs=merged.tolist())) + "\n")


if __name__ == "__main__":
    for number, (name, case) in enumerate(CASES.items()):
        make_case(name, *case, seed=number + 100)
