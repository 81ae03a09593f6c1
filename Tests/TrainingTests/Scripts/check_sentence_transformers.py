#!/usr/bin/env python3
"""Trains classifiers whose heads no class of transformers has, opens them with sentence-transformers (and SetFit, where it
is installed), and compares the answers with the worker's.

usage: check_sentence_transformers.py MODEL_DIR FINETUNE_WORKER [--data FILE.jsonl] [--texts FILE.jsonl]
  --data   rows {"text", "label"} to train on; without it, the project's sample
  --texts  rows {"text"} to compare on; without it, the project's sample for tests

Three jobs: the head alone over the pooling of the sentence encoder (what `layers.train: head` makes), the same with hidden
layers and maximum pooling, and a first-token head with a hidden layer. The numbers of SentenceTransformer(...).encode must
lie within 1e-4 of the worker's logits; SetFit, whose own file for a head is a pickle that is not written here, takes body
and head from the modules and must give the same labels. Exit status 1 where they do not.
Needs: sentence-transformers (PyPI); setfit is optional."""
import argparse, json, pathlib, subprocess, sys, tempfile

import numpy
import sentence_transformers

LIMIT = 1e-4
root = pathlib.Path(__file__).resolve().parents[3]
JOBS = {
    "head": dict(layers={"train": "head"}),
    "max-hidden": dict(layers={"train": "head"}, task={"head": {"pooling": "max", "hidden_sizes": [24, 12]}}),
    "cls-hidden": dict(layers={"train": {"top": 1}}, task={"head": {"pooling": "cls", "hidden_sizes": [24]}}),
}


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=pathlib.Path)
    parser.add_argument("worker", type=pathlib.Path)
    parser.add_argument("--data", type=pathlib.Path, default=root / "public/samples/support-messages.jsonl")
    parser.add_argument("--texts", type=pathlib.Path, default=root / "public/samples/support-messages-test.jsonl")
    return parser.parse_args()


def train(options, run, job):
    """The checkpoint as a user has it."""
    run.mkdir()
    recipe = {"model": "reference", "seed": 1, "hyperparameters": {"n_epochs": 2, "batch_size": 16},
              "strategy": {"learning_rate": 1e-2 if job["layers"]["train"] == "head" else 5e-4, "keep": "last"},
              "data": {"max_length": 64}, "resources": {"threads": 2}, **job}
    (run / "recipe.json").write_text(json.dumps({
        "format_version": 1, "recipe": recipe, "model_directory": str(options.model.resolve()),
        "training_file": {"path": str(options.data.resolve()), "name": options.data.name}}))
    done = subprocess.run([options.worker, "train", run], stderr=subprocess.PIPE, text=True)
    assert done.returncode == 0, done.stderr
    return sorted(run.glob("checkpoints/step-*"))[-1]


def predictions(options, checkpoint, texts):
    request = {"operation": "predict", "model_directory": str(checkpoint.resolve()), "inputs": texts}
    done = subprocess.run([options.worker, "answer"], input=json.dumps(request) + "\n", text=True, check=True,
                          stdout=subprocess.PIPE)
    reply = json.loads(done.stdout)
    assert "answer" in reply, reply
    answers = [answer["value"] for answer in reply["answer"]]
    return answers[0]["labels"], numpy.array([answer["logits"] for answer in answers])


def setfit_labels(checkpoint, labels, texts):
    """SetFit with the modules before the last as its body and the last as its head."""
    import setfit
    from sklearn.linear_model import LogisticRegression

    modules = list(sentence_transformers.SentenceTransformer(str(checkpoint), device="cpu"))
    output = modules[-1].linear
    head = LogisticRegression()
    head.coef_ = output.weight.detach().numpy()
    head.intercept_ = output.bias.detach().numpy()
    head.classes_ = numpy.arange(len(labels))
    body = sentence_transformers.SentenceTransformer(modules=modules[:-1], device="cpu")
    model = setfit.SetFitModel(model_body=body, model_head=head, labels=labels)
    with tempfile.TemporaryDirectory() as folder:
        model.save_pretrained(folder)
        return list(setfit.SetFitModel.from_pretrained(folder, device="cpu").predict(texts))


def main():
    options = arguments()
    texts = [json.loads(line)["text"] for line in open(options.texts, encoding="utf-8") if line.strip()][:64]
    faults = 0
    with tempfile.TemporaryDirectory() as scratch:
        for name, job in JOBS.items():
            checkpoint = train(options, pathlib.Path(scratch) / name, job)
            labels, ours = predictions(options, checkpoint, texts)
            model = sentence_transformers.SentenceTransformer(str(checkpoint), device="cpu")
            theirs = model.encode(texts, convert_to_numpy=True)
            worst = numpy.abs(ours - theirs).max()
            print(f"{name}: {' → '.join(type(module).__name__ for module in model)}, largest difference {worst:.1e}")
            faults += not worst <= LIMIT
            try:
                found = setfit_labels(checkpoint, labels, texts)
            except ModuleNotFoundError as missing:
                print(f"{name}: SetFit is not compared, there is no {missing.name}")
                continue
            right = sum(label == labels[row.argmax()] for label, row in zip(found, ours))
            print(f"{name}: SetFit gives {right} of {len(texts)} labels as the worker does")
            faults += right != len(texts)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
