"""kill -9 of the worker, at random and while it writes a checkpoint: the same curve, the same bits"""

import random
import time

from support.client import TERMINAL
from support.daemon import Daemon, end, until
from support.outcome import Trial


def run(report):
    with Daemon("--threads", "1") as daemon:
        trial = Trial(daemon, epochs=24, every=10)
        inside = 0
        for number in range(report.pick(6, 60)):
            job = trial.create()
            blows = [kill_in_checkpoint(daemon, job) if number % 2 else kill_at_random(daemon, job, report)]
            # A third one without a new checkpoint in between would fail the job, as it should.
            if random.random() < 0.5:
                blows.append(kill_at_random(daemon, job, report))
            inside += "in a checkpoint" in blows
            trial.compare(job, report, f"round {number}, {blows}")
            report.rounds += 1
        report.remarks.append(f"{inside} of {report.rounds} jobs were killed within a checkpoint")


def living_worker(daemon, job):
    """The process that trains the job, once there is one; None where the job is over."""
    return until(
        lambda: daemon.worker(job) or daemon.client.job(job)["status"] in TERMINAL and -1, 60, "no worker appears")


def kill_at_random(daemon, job, report):
    worker = living_worker(daemon, job)
    # The moment is what is tried.
    time.sleep(random.uniform(0, 0.6))
    if worker < 0 or daemon.worker(job) != worker:
        return "missed"
    attempt = daemon.client.job(job)["attempt"]
    end(worker)
    killed = time.monotonic()
    value = daemon.client.wait(
        job, lambda value: value["attempt"] > attempt and value["status"] == "running" or value["status"] in TERMINAL)
    if value["status"] == "running":
        report.recoveries.append(time.monotonic() - killed)
    return f"at step {(value['progress'] or {}).get('step')}"


def kill_in_checkpoint(daemon, job):
    """Kills the worker as soon as it has begun a checkpoint."""
    directory = daemon.data / "runs" / job / "checkpoints"
    worker = living_worker(daemon, job)
    while worker > 0 and daemon.worker(job) == worker:
        for _ in range(200):
            if any(path.name.startswith(".writing-") for path in directory.glob(".w*")):
                end(worker)
                written = any(path.name.startswith(".writing-") for path in directory.glob(".w*"))
                return "in a checkpoint" if written else "beside a checkpoint"
    return "missed"
