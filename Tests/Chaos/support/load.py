"""Clients that keep a daemon busy, and the books of what it acknowledged to them."""

import contextlib
import hashlib
import http.client
import random
import sqlite3
import threading
import time
import uuid

from support.client import JOBS, TERMINAL, Client, Refused, messages, summary
from support.daemon import until

GONE = (OSError, http.client.HTTPException)


class Books:
    """What the server has acknowledged: from then on it must be there, once."""

    def __init__(self):
        self.files = {}
        self.jobs = {}
        self.cancelled = set()
        #: Whose cancellation was asked for; where no answer came, it may have happened or not.
        self.asked = set()
        self.faults = []


class Load:
    """Threads that upload files, create jobs (repeating what got no answer, under the same key) and cancel some."""

    #: As many jobs may be unfinished at once.
    MOST = 6

    def __init__(self, port, books, clients=3):
        self.port = port
        self.books = books
        self.stopping = threading.Event()
        self.threads = [threading.Thread(target=self.run, daemon=True) for _ in range(clients)]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.stop()

    def stop(self):
        self.stopping.set()
        for thread in self.threads:
            if thread.is_alive():
                thread.join()

    def run(self):
        client = Client(self.port, timeout=20)
        while not self.stopping.is_set():
            try:
                self.act(client)
            except Refused as refusal:
                self.books.faults.append(f"refused: {refusal}")
                return
            except GONE:
                time.sleep(0.01)

    def act(self, client):
        books = self.books
        content = messages(24 + random.randrange(24), f" of {uuid.uuid4().hex}")
        file = client.upload(content)
        books.files[file] = hashlib.sha256(content).hexdigest()
        newest = client.get(f"{JOBS}?limit={3 * self.MOST}")["data"]
        unfinished = [job for job in newest if job["status"] not in TERMINAL]
        if len(unfinished) >= self.MOST:
            time.sleep(0.02)
        else:
            key = uuid.uuid4().hex
            job = self.repeated(lambda: client.create_job(file, epochs=2, key=key, metadata={"key": key}))
            if job:
                books.jobs[key] = job
        if unfinished and random.random() < 0.3:
            job = random.choice(unfinished)["id"]
            books.asked.add(job)
            try:
                client.cancel(job)
                books.cancelled.add(job)
            except Refused as refusal:
                if refusal.status != 400:
                    raise
                # It was over before: nothing was acknowledged.

    def repeated(self, ask):
        """The answer to a request that is sent again until one comes; None where the load is to stop."""
        while not self.stopping.is_set():
            try:
                return ask()
            except GONE:
                time.sleep(0.01)
        return None


def settle(daemon, books, listener, report):
    """Waits until all jobs are over, and compares everything."""
    until(lambda: all(job["status"] in TERMINAL for job in daemon.client.list(JOBS)), 120, "jobs do not end")
    until(lambda: not daemon.workers(), 10, "workers do not end")
    listener.stop(last_event(daemon))
    audit(daemon, books, report, reads_files=True)
    audit_end(daemon, books, listener, report)


def last_event(daemon):
    """The number of the newest event; None where there is none."""
    with contextlib.closing(sqlite3.connect(f"file:{daemon.data}/finetuned.sqlite?mode=ro", uri=True)) as database:
        return database.execute("SELECT MAX(seq) FROM events").fetchone()[0]


def audit(daemon, books, report, reads_files=False):
    """Compares the books with what the daemon has now; with the content of all files where it is asked to."""
    client = daemon.client
    files, jobs, cancelled = dict(books.files), dict(books.jobs), set(books.cancelled)
    there = [file["id"] for file in client.list("/v1/files")]
    for file, digest in files.items():
        if file not in there:
            report.lost.append(f"file {file}")
        elif reads_files and client.digest(file) != digest:
            report.lost.append(f"the content of {file}")
    report.doubled += [f"file {file}" for file in set(there) if there.count(file) > 1]
    made = client.list(JOBS)
    for key, job in jobs.items():
        found = [each["id"] for each in made if each["metadata"].get("key") == key]
        if job not in found:
            report.lost.append(f"job {job}")
        report.doubled += [f"job {job} as {each}" for each in found if each != job]
    for job in made:
        if job["id"] in cancelled and job["status"] in {"succeeded", "failed"}:
            report.lost.append(f"the cancellation of {summary(job)}")
    check_database(daemon, report)


def check_database(daemon, report):
    """`PRAGMA integrity_check`, and of every step and event just one."""
    with sqlite3.connect(f"file:{daemon.data}/finetuned.sqlite?mode=ro", uri=True) as database:
        integrity = database.execute("PRAGMA integrity_check").fetchall()
        report.check(integrity == [("ok",)], f"integrity_check: {integrity[:3]}")
        gaps = database.execute("SELECT MAX(seq) - COUNT(*) FROM events").fetchone()[0]
        report.check(not gaps, f"{gaps} numbers of events are missing")
        twice = database.execute(
            "SELECT job_id, json_extract(data_json, '$.step') AS step, COUNT(*) FROM events WHERE kind = 'metrics' "
            "GROUP BY job_id, step HAVING COUNT(*) > 1").fetchall()
        report.doubled += [f"metrics of {job}, step {step}, {count} times" for job, step, count in twice]
    database.close()


def audit_end(daemon, books, listener, report):
    """Compares also what only holds once all jobs are over: curves, states, events, processes, folders."""
    client = daemon.client
    for job in client.list(JOBS):
        steps = [step for step, _ in client.curve(job["id"])]
        if steps != list(range(1, len(steps) + 1)):
            report.lost.append(f"steps of {summary(job)}")
        if job["id"] in books.cancelled:
            report.check(job["status"] == "cancelled", f"cancelled, and then {summary(job)}")
        elif job["status"] != "cancelled" or job["id"] not in books.asked:
            report.check(job["status"] == "succeeded", summary(job))
            total = job["progress"]["total_steps"]
            if len(steps) != total:
                report.lost.append(f"{total - len(steps)} steps of {summary(job)}")
        told = [(event["data"] or {}).get("status") for event in client.list(f"{JOBS}/{job['id']}/events")]
        kinds = [status for status in told if status in TERMINAL]
        report.check(kinds == [job["status"]], f"terminal states {kinds} of {summary(job)}")
    report.failures += listener.faults + books.faults
    compare_events(daemon, listener, report)
    report.check(not daemon.workers(), f"orphans: {daemon.workers()}")
    there = {file["id"] for file in client.list("/v1/files")}
    kept = {path.name for path in (daemon.data / "files").iterdir()}
    report.check(kept == there, f"files without a row or rows without a file: {kept ^ there}")


def compare_events(daemon, listener, report):
    """What the listener heard must be what is stored, all of it."""
    with sqlite3.connect(f"file:{daemon.data}/finetuned.sqlite?mode=ro", uri=True) as database:
        stored = dict(database.execute("SELECT seq, message FROM events"))
    database.close()
    for number, event in listener.events.items():
        if stored.get(number) != event["message"]:
            report.lost.append(f"event {number}: heard {event['message']!r}, stored {stored.get(number)!r}")
    unheard = stored.keys() - listener.events.keys()
    report.lost += [f"event {number} was not heard" for number in sorted(unheard)]
