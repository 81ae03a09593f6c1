"""cancel 0 to 500 ms after the creation or the start: one terminal state, and none but `cancelled` once it was acknowledged"""

import collections
import concurrent.futures
import random
import time

from support.client import JOBS, TERMINAL, Refused, messages, summary
from support.daemon import Daemon


def run(report):
    rounds = report.pick(25, 500)
    with Daemon("--workers", "2", "--threads", "1") as daemon:
        file = daemon.client.upload(messages())
        with concurrent.futures.ThreadPoolExecutor(3) as pool:
            ends = list(pool.map(lambda number: race(daemon.client, file, report), range(rounds)))
        report.rounds = len(ends)
        counts = collections.Counter(ends)
        report.remarks.append(", ".join(f"{count} {what}" for what, count in sorted(counts.items())))
        report.check(not daemon.workers(), "workers are left")


def race(client, file, report):
    """Creates a job and cancels it; in which state it was, and what became of it."""
    job = client.create_job(file, epochs=20)
    if random.random() < 0.6:
        client.wait(job, lambda value: value["status"] == "running")
    time.sleep(random.uniform(0, 0.5))
    before = client.job(job)["status"]
    try:
        answer = client.cancel(job)
        acknowledged = True
        report.check(answer["status"] in {"cancelled", "running"}, f"acknowledged as {summary(answer)}")
    except Refused as refusal:
        acknowledged = False
        report.check(refusal.status == 400 and client.job(job)["status"] in TERMINAL, f"refused: {refusal}")
    asked = time.monotonic()
    value = client.finished(job)
    if acknowledged:
        report.recoveries.append(time.monotonic() - asked)
        report.check(value["status"] == "cancelled", f"acknowledged, and then {summary(value)}")
    events = client.list(f"{JOBS}/{job}/events")
    told = [(event["data"] or {}).get("status") for event in events]
    report.check([each for each in told if each in TERMINAL] == [value["status"]], f"{told} of {summary(value)}")
    return f"{before} → {value['status']}"
