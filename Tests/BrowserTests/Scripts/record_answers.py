#!/usr/bin/env python3
"""Records Fixtures/recorded-answers.json: what a server says of jobs of every kind, for the tests that look at its pages.

usage: record_answers.py SERVER [MODEL]

SERVER is the address of a server without jobs, such as http://127.0.0.1:8080, started with one worker and
`--organization org`; MODEL is a base model of six layers on it (all-MiniLM-L6-v2). It trains for some minutes.

Ids are replaced by names, so that tests can ask for them: ftjob-full, file-1, ft:MODEL:org:cls:1234. Some jobs are
recorded while they run, when what their page shows is at its richest. Numbers are rounded to six digits.
"""
import json
import pathlib
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

TESTS = pathlib.Path(__file__).resolve().parent.parent
SAMPLES = TESTS.parent.parent / "public" / "samples"
JOBS = "/v1/fine_tuning/jobs"


class Server:
    """The API, and what was recorded of it so far."""

    def __init__(self, origin):
        self.origin = origin
        self.recorded = {}
        self.names = {}

    def call(self, method, path, body=None, headers=None):
        request = urllib.request.Request(self.origin + path, data=body, method=method, headers=headers or {})
        try:
            with urllib.request.urlopen(request) as response:
                return json.load(response)
        except urllib.error.HTTPError as error:
            sys.exit(f"{method} {path}: {error.code} {error.read().decode()}")

    def get(self, path):
        return self.call("GET", path)

    def upload(self, filename, content):
        """Uploads a file for training; returns its id."""
        boundary = "boundary-of-the-recording"
        head = [
            f'--{boundary}\r\nContent-Disposition: form-data; name="purpose"\r\n\r\nfine-tune',
            f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{filename}"\r\n\r\n',
        ]
        body = "\r\n".join(head).encode() + content + f"\r\n--{boundary}--\r\n".encode()
        file = self.call("POST", "/v1/files", body, {"Content-Type": f"multipart/form-data; boundary={boundary}"})
        self.names[file["id"]] = f"file-{1 + sum(name.startswith('file-') for name in self.names.values())}"
        return file["id"]

    def create(self, name, request):
        """Starts a job that is recorded as ftjob-NAME; returns its id."""
        body = json.dumps({"suffix": name, "seed": 42, **request}).encode()
        job = self.call("POST", JOBS, body, {"Content-Type": "application/json"})
        self.names[job["id"]] = f"ftjob-{name}"
        return job["id"]

    def wait(self, job, until):
        """Waits until a job is as wanted; one that has ended otherwise will never be."""
        while True:
            answer = self.get(f"{JOBS}/{job}")
            if until(answer):
                return answer
            if answer["status"] in ("succeeded", "failed", "cancelled"):
                sys.exit(f"{self.names[job]} {answer['status']} too early: {answer['error']}")
            time.sleep(0.05)

    def record(self, path, query=""):
        self.recorded[f"GET {path}"] = answer = self.get(path + query)
        return answer

    def record_job(self, job):
        """Records a job and what its page asks for, as they stand now."""
        for rest, query in (("", ""), ("/metrics", "?max_points=40"), ("/events", "?limit=3"), ("/checkpoints", "?limit=2")):
            self.record(f"{JOBS}/{job}{rest}", query)

    def renamed(self):
        """All that was recorded, with names for ids."""
        text = json.dumps(self.recorded, ensure_ascii=False, separators=(",", ":"))
        # The longest first: the name of a model holds the end of its job's id.
        for known, name in sorted(self.names.items(), key=lambda pair: -len(pair[0])):
            text = text.replace(known, name)
        return json.loads(text, parse_float=lambda digits: float(f"{float(digits):.6g}") if "." in digits else float(digits))


def hyperparameters(epochs, batch_size=16):
    return {"type": "supervised", "supervised": {"hyperparameters": {"n_epochs": epochs, "batch_size": batch_size}}}


def ended(job):
    return job["status"] in ("succeeded", "failed")


def within_epoch(epoch):
    """Whether a job is in the midst of the epoch after so many: evaluated, and not yet at the next end."""
    return lambda job: job["status"] == "running" and (job["progress"] or {}).get("epoch", 0) >= epoch + 0.2


def main(origin, model):
    server = Server(origin)
    if server.get(JOBS)["data"]:
        sys.exit(f"{origin} has jobs already; start a server with an empty data directory")
    messages = (SAMPLES / "support-messages.jsonl").read_bytes()
    rows = [json.loads(line) for line in messages.splitlines()]
    several = "".join(json.dumps({"text": row["text"], "labels": [row["label"]]}) + "\n" for row in rows)
    support = server.upload("support-messages.jsonl", messages)

    def sample(name):
        return server.upload(name, (SAMPLES / name).read_bytes())

    # One for each task, run to its end. The names of the last parts are those of the models that come out.
    runs = {
        "full": ("cls", support, {
            "strategy": {"learning_rate": 1e-4, "adversarial": {"type": "none", "epsilon": 0.3}}, "method": hyperparameters(6)}),
        "multi": ("multi", server.upload("several.jsonl", several.encode()), {
            "task": {"type": "text-classification", "multi_label": True}, "method": hyperparameters(3)}),
        "reg": ("reg", sample("urgency.jsonl"), {
            "task": {"type": "text-regression"}, "data": {"validation_split": 0.4}, "method": hyperparameters(10, 4),
            "strategy": {"learning_rate": 2e-4}}),
        "ner": ("ner", sample("people-and-places.conll"), {
            "task": {"type": "token-classification"}, "data": {"validation_split": 0.3}, "method": hyperparameters(6, 4),
            "strategy": {"learning_rate": 2e-4}}),
        "mlm": ("mlm", sample("maintenance-notes.txt"), {
            "task": {"type": "masked-language-modeling"}, "data": {"validation_split": 0.3}, "method": hyperparameters(6, 8)}),
        "emb": ("emb", sample("questions.jsonl"), {
            "task": {"type": "text-embedding"}, "data": {"validation_split": 0.3}, "method": hyperparameters(6, 8)}),
    }
    for name, (result, file, request) in runs.items():
        job = server.create(name, {"model": model, "training_file": file, **request})
        answer = server.wait(job, lambda job: job["status"] == "succeeded")
        server.names[answer["fine_tuned_model"]] = f"ft:{model}:org:{result}:1234"
        server.record_job(job)
        server.record(f"/v1/models/{answer['fine_tuned_model']}/card")
        if name == "full":
            ledger = f"{JOBS}/{job}/ledger"
            server.record(ledger, "?limit=50")
            server.recorded[f"GET {ledger}?limit=50&after=50"] = server.get(f"{ledger}?limit=50&after=50")

    broken = server.upload("broken.jsonl", b'{"text": "a", "label": "x"}\n{"text": "b"}\nnot json\n')
    failed = server.create("failed", {"model": model, "training_file": broken})
    server.wait(failed, lambda job: job["status"] == "failed")
    server.record_job(failed)

    # Recorded while they train: side branches, and blocks of which some have thawed and some have not.
    for name, epochs, at, layers in (
        ("lora", 6, 3, {"lora": {"rank": 8}}),
        ("gradual", 9, 4, {"gradual_unfreezing": {"every_epochs": 1}}),
    ):
        job = server.create(name, {
            "model": model, "training_file": support, "layers": layers, "method": hyperparameters(epochs)})
        server.wait(job, within_epoch(at))
        server.record_job(job)
        server.wait(job, ended)

    # A sweep of which three quarters are done, with a job that waits behind it.
    sweep = server.create("sweep", {
        "model": model, "training_file": support, "method": hyperparameters(1),
        "sweep": {"method": "random", "trials": 12, "metric": "macro_f1", "parameters": {
            "strategy.learning_rate": {"min": 5e-4, "max": 1e-2, "scale": "log"}, "strategy.weight_decay": [0, 0.01, 0.1],
            "method.supervised.hyperparameters.batch_size": [8, 16, 32], "layers.lora.rank": [4, 8, 16]}}})
    server.wait(sweep, lambda job: any(trial["status"] == "running" for trial in job["trials"] or []))
    server.create("queued", {"model": model, "training_file": support, "resources": {"priority": -1}})
    answer = server.wait(sweep, lambda job: sum(trial["value"] is not None for trial in job["trials"] or []) == 9)
    for trial in answer["trials"]:
        server.names[trial["job_id"]] = f"ftjob-sw{trial['number']:02}"
        if trial["job_id"] == answer["best_trial"]:
            server.record_job(trial["job_id"])
    server.record_job(sweep)
    server.recorded[f"GET {JOBS}/{sweep}"] = answer
    server.record(JOBS, "?limit=50")
    server.record("/v1/models")
    server.record(f"/v1/models/{model}/card")
    server.record(f"/v1/files/{support}")

    path = TESTS / "Fixtures" / "recorded-answers.json"
    with open(path, "w", encoding="utf-8") as file:
        lines = (f"{json.dumps(name)}:{json.dumps(answer, ensure_ascii=False, separators=(',', ':'))}"
                 for name, answer in server.renamed().items())
        file.write("{\n" + ",\n".join(lines) + "\n}\n")
    print(f"{path}: {path.stat().st_size} bytes")


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    main(sys.argv[1].rstrip("/"), sys.argv[2] if len(sys.argv) == 3 else "all-MiniLM-L6-v2")
