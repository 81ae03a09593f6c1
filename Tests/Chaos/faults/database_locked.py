"""another process holds the database for 3 and for 10 seconds: waits or 503, reads go on, then all is as before"""

import sqlite3
import threading
import time

from support.client import JOBS, Refused, messages
from support.daemon import Daemon
from support.outcome import Trial


def run(report):
    with Daemon("--threads", "1") as daemon:
        trial = Trial(daemon, epochs=60, every=50)
        for seconds in report.pick([3, 10], [3, 10] * 5):
            job = trial.create()
            daemon.client.at_step(job, 20)
            asked = [threading.Thread(target=ask, args=(daemon.client, report)) for _ in range(3)]
            with_lock(daemon, seconds, asked, report)
            released = time.monotonic()
            daemon.client.upload(messages())
            report.recoveries.append(time.monotonic() - released)
            for thread in asked:
                thread.join()
            value = trial.compare(job, report, f"{seconds} s")
            report.check(value["attempt"] == 1, f"{seconds} s: attempt {value['attempt']}")
            report.rounds += 1


def with_lock(daemon, seconds, asked, report):
    """Holds the database, has clients ask for changes meanwhile, and reads as long as it is held."""
    other = sqlite3.connect(daemon.data / "finetuned.sqlite", isolation_level=None, timeout=10)
    other.execute("BEGIN EXCLUSIVE")
    until = time.monotonic() + seconds
    for thread in asked:
        thread.start()
    reads = 0
    while time.monotonic() < until:
        daemon.client.list(JOBS)
        reads += 1
        time.sleep(0.1)
    other.execute("ROLLBACK")
    other.close()
    report.check(reads >= seconds, f"{reads} reads in {seconds} s")


def ask(client, report):
    """A change that either is made or is refused for now."""
    try:
        client.upload(messages())
    except Refused as refusal:
        report.check(refusal.status == 503 and "another process holds the database" in refusal.message, refusal)
