"""A job's status while it trains on every core: how long a client waits for it."""
import http.client
import json
import os
import shutil
import time

from measures import process
from measures.table import percentile
from support.client import JOBS, messages


def run(run, folder):
    seconds = run.size(5, 60)
    cores = len(os.sched_getaffinity(0))
    daemon = run.daemon(folder, "--threads", str(cores))
    if run.model:
        shutil.copytree(run.model, daemon.models / run.model.name)
    with daemon:
        client = daemon.client
        job = client.create_job(
            client.upload(messages(4000)), model=run.model.name if run.model else "tiny-bert", strategy={},
            method={"type": "supervised", "supervised": {"hyperparameters": {"n_epochs": 1000, "batch_size": 64}}},
            data={"max_length": 64, "validation_split": 0.1})
        client.at_step(job, 3)
        worker = daemon.worker(job)
        begin, used = time.monotonic(), process.processor_seconds(worker)
        first = client.job(job)["progress"]["step"]
        connection = http.client.HTTPConnection("127.0.0.1", daemon.port, timeout=60)
        times = {f"{JOBS}/{job}": [], f"{JOBS}/{job}/events?limit=20": [], JOBS: []}
        while time.monotonic() < begin + seconds:
            for path, kept in times.items():
                sent = time.monotonic()
                connection.request("GET", path)
                json.load(connection.getresponse())
                kept.append((time.monotonic() - sent) * 1000)
        connection.close()
        elapsed = time.monotonic() - begin
        load = (process.processor_seconds(worker) - used) / elapsed
        after = client.job(job)
        run.note("the worker keeps busy", f"{load:.2f} of {cores} cores")
        run.note("steps a second meanwhile", f"{(after['progress']['step'] - first) / elapsed:.1f}")
        for name, kept in zip(("status", "a page of events", "the list of jobs"), times.values()):
            run.note(f"{name}, p50 of {len(kept):,}", f"{percentile(kept, 0.5):.2f} ms")
            run.check(f"{name}, p99", percentile(kept, 0.99), "ms", 100)
        run.expect("the job trains still", after["status"] == "running")
        client.cancel(job)
        run.expect("it ends when it is cancelled", client.finished(job)["status"] == "cancelled")
