#!/usr/bin/env python3
"""Opens a checkpoint with transformers and compares its answers with the worker's predictions.

usage: check_checkpoint.py CHECKPOINT_DIR FINETUNE_WORKER [--base MODEL_DIR] [--texts FILE.jsonl] [--count 64]
  --base    loads the checkpoint's adapters with peft on this model, in place of the merged weights
  --texts   rows {"text"}; without it, the project's sample for tests

The logits of AutoModelForSequenceClassification must lie within 1e-4 of the worker's, and
pipeline("text-classification") must give the worker's labels and scores. Exit status 1 where they do not.
Needs: torch transformers (PyPI); with --base peft."""
import argparse, json, pathlib, subprocess, sys, tempfile

import torch
import transformers

LIMIT = 1e-4
root = pathlib.Path(__file__).resolve().parents[3]


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoint", type=pathlib.Path)
    parser.add_argument("worker", type=pathlib.Path)
    parser.add_argument("--base", type=pathlib.Path)
    parser.add_argument("--texts", type=pathlib.Path, default=root / "public/samples/support-messages-test.jsonl")
    parser.add_argument("--count", type=int, default=64)
    return parser.parse_args()


def predictions(options, texts):
    request = {"operation": "predict", "model_directory": str(options.checkpoint.resolve()), "inputs": texts}
    done = subprocess.run([options.worker, "answer"], input=json.dumps(request) + "\n", text=True, check=True,
                          stdout=subprocess.PIPE)
    reply = json.loads(done.stdout)
    assert "answer" in reply, reply
    return [answer["value"] for answer in reply["answer"]]


def load(options):
    """The checkpoint as a user has it: only the files that the worker tells of."""
    with tempfile.TemporaryDirectory() as folder:
        for file in options.checkpoint.iterdir():
            if file.is_file() and not (options.base and file.name == "model.safetensors"):
                (pathlib.Path(folder) / file.name).symlink_to(file.resolve())
        if not options.base:
            (pathlib.Path(folder) / "adapter_config.json").unlink(missing_ok=True)
            model, report = transformers.AutoModelForSequenceClassification.from_pretrained(
                folder, output_loading_info=True)
            return model.eval(), [f"{key}: {sorted(value)}" for key, value in report.items() if value]
        import peft
        config = transformers.AutoConfig.from_pretrained(folder)
        base = transformers.AutoModelForSequenceClassification.from_pretrained(options.base, config=config)
        return peft.PeftModel.from_pretrained(base, folder).merge_and_unload().eval(), []


def main():
    options = arguments()
    texts = [json.loads(line)["text"] for line in open(options.texts, encoding="utf-8") if line.strip()]
    texts = texts[: options.count]
    ours = predictions(options, texts)

    tokenizer = transformers.AutoTokenizer.from_pretrained(options.checkpoint)
    model, faults = load(options)
    labels = [model.config.id2label[index] for index in range(model.config.num_labels)]
    inputs = tokenizer(texts, padding=True, truncation=True, max_length=model.config.max_position_embeddings,
                       return_tensors="pt")
    with torch.no_grad():
        logits = model(**inputs).logits
    worst = max(abs(own["logits"][index] - value) for own, row in zip(ours, logits.tolist())
                for index, value in enumerate(row))

    classify = transformers.pipeline("text-classification", model=model, tokenizer=tokenizer)
    answers = classify(texts, truncation=True, max_length=model.config.max_position_embeddings)
    for text, own, answer in zip(texts, ours, answers):
        scores = dict(zip(own["labels"], torch.tensor(own["logits"]).softmax(0).tolist()))
        best = max(scores, key=scores.get)
        if best != answer["label"] or abs(scores[best] - answer["score"]) > LIMIT:
            faults.append(f"{text!r}: worker {best} {scores[best]:.6f}, pipeline {answer}")
    if ours[0]["labels"] != labels:
        faults.append(f"labels: worker {ours[0]['labels']}, config.json {labels}")

    print(f"{len(texts)} texts, labels {', '.join(labels)}")
    print(f"largest difference of a logit {worst:.1e}, limit {LIMIT:.0e}")
    for fault in faults:
        print("fault:", fault)
    return 1 if faults or worst > LIMIT else 0


if __name__ == "__main__":
    sys.exit(main())
