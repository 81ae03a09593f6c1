"""death before and after every write, fsync, rename and commit of daemon and worker: the same end from all of them"""

import collections
import re
import time
import uuid

from support.client import TERMINAL, messages
from support.daemon import Daemon, NotReady, until
from support.load import GONE, check_database
from support.outcome import Outcome

#: The job of every round: three checkpoints, of which two stay.
JOB = {"epochs": 3, "every": 5}
#: What may stay in the directory of an attempt.
RUN_FILES = {"recipe.json", "journal.jsonl", "ledger.jsonl", "log.txt", "stop"}


def run(report):
    with Daemon("--threads", "1", wraps_workers=True) as daemon:
        undisturbed, points = count(daemon)
        daemon.environment = {}
        for program, found in points.items():
            chosen = found if not report.is_short else sample(found, 12)
            report.remarks.append(f"{program}: {len(found)} places, {len(chosen)} deaths")
            for point, number, file in chosen:
                story = f"{program}, {point}:{number} ({file})"
                kill_at(daemon, program, f"{point}:{number}", undisturbed, report, story)
                report.rounds += 1
        check_database(daemon, report)
        listed = {file["id"] for file in daemon.client.list("/v1/files")}
        kept = {path.name for path in (daemon.data / "files").iterdir()}
        report.check(kept == listed, f"files without a row or rows without a file: {kept ^ listed}")
        report.check(not list((daemon.data / "tmp").iterdir()), "tmp is not empty")


def count(daemon):
    """The end of an undisturbed job, and the places that daemon and worker pass on their way to it."""
    logs = {program: daemon.place / f"{program}.places" for program in ("daemon", "worker")}
    daemon.environment = {"FINETUNED_FAULT_LOG": str(logs["daemon"])}
    daemon.before_next_training(f'export FINETUNED_FAULT_LOG="{logs["worker"]}"')
    daemon.restart()
    job = life(daemon)
    return Outcome.of(daemon, job), {program: places(log) for program, log in logs.items()}


def places(log):
    """Places, each with how many of its kind came before it and the file that it is about."""
    counts, found = collections.Counter(), []
    for line in log.read_text().splitlines():
        point, path = line.split("\t")
        counts[point] += 1
        found.append((point, counts[point], re.sub(r"[0-9a-fA-F-]{32,}|[-.]\d+|(?<=-)\w{24}", "*", path.rsplit("/")[-1])))
    return found


def sample(found, most):
    """One place of each kind and file, at most so many, evenly spread."""
    kinds = list({(point, file): (point, number, file) for point, number, file in found}.values())
    return kinds[:: max(1, -(-len(kinds) // most))]


def life(daemon):
    """What clients do, however often they must repeat it: they upload a file, create a job and wait for its end."""
    key = uuid.uuid4().hex
    file = repeated(daemon, lambda: daemon.client.upload(messages()))
    job = repeated(daemon, lambda: daemon.client.create_job(file, key=key, **JOB))
    while repeated(daemon, lambda: daemon.client.job(job))["status"] not in TERMINAL:
        time.sleep(0.01)
    return job


def repeated(daemon, ask):
    """An answer, if need be from the next daemon."""
    while True:
        try:
            return ask()
        except GONE:
            if daemon.process.poll() is not None:
                daemon.environment = {}
                daemon.ended()
                daemon.start()


def kill_at(daemon, program, fault, undisturbed, report, story):
    begun = time.monotonic()
    if program == "worker":
        daemon.before_next_training(f'export FINETUNED_FAULT="{fault}"')
    else:
        daemon.environment = {"FINETUNED_FAULT": fault}
        try:
            daemon.restart()
        except NotReady:
            daemon.environment = {}
            daemon.start()
    job = life(daemon)
    value = daemon.client.job(job)
    if program == "worker" and value["attempt"] == 1 or program == "daemon" and daemon.environment:
        # The moment at which lines of the journal are written is not the same each time.
        report.remarks.append(f"{story}: was not reached")
        daemon.environment = {}
    report.recoveries.append(time.monotonic() - begun)
    until(lambda: not daemon.workers(), 10, "the worker does not end")
    difference = undisturbed.difference(Outcome.of(daemon, job))
    report.check(not difference, f"{story}: {difference}")
    left = {path.name for path in (daemon.data / "runs" / job).glob("attempt-*/*")} - RUN_FILES
    report.check(not left, f"{story}: left behind: {left}")
