#!/usr/bin/env python3
"""Fine-tunes on a running server the sets that prepare.py wrote, with the settings of settings.json.

usage: ours.py BASE_URL MODEL DATA_DIR RESULTS.jsonl [--only NAME/MODE …] [--seeds 1 2 3]
Appends one JSON line a run: {"side": "ours", "set", "mode", "seed", "value", "seconds"}; runs that are there are skipped.
Needs scipy and seqeval.
"""
import argparse
import json
import pathlib
import time
import urllib.request
import uuid

HERE = pathlib.Path(__file__).parent
SETTINGS = json.loads((HERE / "settings.json").read_text())


def rows(path):
    return [json.loads(line) for line in open(path, encoding="utf-8")]


class Server:
    def __init__(self, base):
        self.base = base
        self.files = {}

    def request(self, path, body=None, content_type="application/json"):
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body).encode()
        request = urllib.request.Request(self.base + path, data=body, headers={"Content-Type": content_type})
        with urllib.request.urlopen(request) as response:
            return json.load(response)

    def upload(self, path):
        if path not in self.files:
            boundary = uuid.uuid4().hex
            head = (f'--{boundary}\r\nContent-Disposition: form-data; name="purpose"\r\n\r\nfine-tune\r\n--{boundary}\r\n'
                    f'Content-Disposition: form-data; name="file"; filename="{path.name}"\r\n\r\n').encode()
            body = head + path.read_bytes() + f"\r\n--{boundary}--\r\n".encode()
            self.files[path] = self.request("/v1/files", body, f"multipart/form-data; boundary={boundary}")["id"]
        return self.files[path]

    def train(self, job):
        """Runs a job to its end and returns it with the seconds from acceptance to the end."""
        start = time.time()
        created = self.request("/v1/fine_tuning/jobs", job)
        stream = urllib.request.Request(
            f"{self.base}/v1/fine_tuning/jobs/{created['id']}/events", headers={"Accept": "text/event-stream"})
        with urllib.request.urlopen(stream) as events:
            for _ in events:
                pass
        ended = self.request(f"/v1/fine_tuning/jobs/{created['id']}")
        if ended["status"] != "succeeded":
            raise SystemExit(f"{created['id']} {ended['status']}: {ended['error']}")
        return ended, time.time() - start

    def predict(self, model, inputs):
        answers = []
        for first in range(0, len(inputs), 100):
            body = {"model": model, "input": inputs[first:first + 100]}
            answers += self.request("/v1/predictions", body)["data"]
        return answers


def job(server, model, data, name, mode, seed):
    settings, how = SETTINGS[name], SETTINGS["modes"][mode]
    body = {
        "model": model, "training_file": server.upload(data / f"{name}.train.jsonl"), "seed": seed,
        "method": {"type": "supervised", "supervised": {"hyperparameters": {
            "n_epochs": settings["epochs"], "batch_size": settings["batch"]}}},
        "task": {"type": settings["task"]},
        "strategy": {"learning_rate": how["learning_rate"], "warmup_ratio": SETTINGS["warmup_ratio"], "keep": "last",
                     "weight_decay": SETTINGS["weight_decay"], "max_grad_norm": SETTINGS["max_grad_norm"]},
        "data": {"max_length": settings["max_length"], "validation_split": 0},
    }
    if mode == "lora":
        body["layers"] = {"lora": {"rank": how["rank"], "alpha": how["alpha"]}}
    return body


def measure(server, model, name, data):
    test, task = rows(data / f"{name}.test.jsonl"), SETTINGS[name]["task"]
    if task == "token-classification":
        from seqeval.metrics import f1_score
        answers = server.predict(model, [{"tokens": row["tokens"]} for row in test])
        return f1_score([row["tags"] for row in test], [answer["tags"] for answer in answers])
    if task == "text-regression":
        from scipy.stats import spearmanr
        answers = server.predict(model, [{"text": row["text"], "text_pair": row["text_pair"]} for row in test])
        return float(spearmanr([answer["score"] for answer in answers], [row["score"] for row in test]).statistic)
    answers = server.predict(model, [row["text"] for row in test])
    return sum(answer["label"] == row["label"] for answer, row in zip(answers, test)) / len(test)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("server")
    parser.add_argument("model")
    parser.add_argument("data", type=pathlib.Path)
    parser.add_argument("results", type=pathlib.Path)
    parser.add_argument("--only", nargs="*")
    parser.add_argument("--seeds", nargs="*", type=int, default=[1, 2, 3])
    options = parser.parse_args()
    server = Server(options.server.rstrip("/"))
    done = set()
    if options.results.exists():
        done = {(r["set"], r["mode"], r["seed"]) for r in rows(options.results) if r["side"] == "ours"}
    for seed in options.seeds:
        for name in ("trec", "sst2", "stsb", "wnut"):
            for mode in SETTINGS["modes"]:
                wanted = not options.only or f"{name}/{mode}" in options.only
                if not wanted or (name, mode, seed) in done:
                    continue
                ended, seconds = server.train(job(server, options.model, options.data, name, mode, seed))
                value = measure(server, ended["fine_tuned_model"], name, options.data)
                line = {"side": "ours", "set": name, "mode": mode, "seed": seed, "value": value, "seconds": seconds}
                with open(options.results, "a", encoding="utf-8") as file:
                    file.write(json.dumps(line) + "\n")
                print(line, flush=True)


if __name__ == "__main__":
    main()
