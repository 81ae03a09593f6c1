"""the database damaged at random places, at rest and in use: SQLite's verdict is told, nothing crashes"""

import collections
import http.client
import random
import shutil

from support.client import JOBS, Refused, messages
from support.daemon import Daemon, NotReady

#: Paths that between them read every table.
READS = ["/v1/files", JOBS, "/v1/models", "/v1/system", "/readyz"]
GONE = (OSError, http.client.HTTPException)


def run(report):
    with Daemon("--threads", "1") as daemon:
        client = daemon.client
        file = client.upload(messages())
        jobs = [client.create_job(file) for _ in range(3)]
        for job in jobs:
            client.finished(job)
        reads = READS + [f"{JOBS}/{job}/{what}" for job in jobs for what in ("events", "metrics", "checkpoints")]
        daemon.process.terminate()
        daemon.ended()
        whole = daemon.place / "whole"
        shutil.copytree(daemon.data, whole)
        verdicts = collections.Counter()
        for number in range(report.pick(12, 300)):
            shutil.rmtree(daemon.data)
            shutil.copytree(whole, daemon.data)
            in_use = number % 3 == 2
            if in_use:
                daemon.start()
            story = damage(daemon.data / "finetuned.sqlite")
            verdict = look(daemon, reads, in_use, report, story)
            verdicts[f"{verdict} ({'in use' if in_use else 'at rest'})"] += 1
            report.rounds += 1
        report.remarks.append(", ".join(f"{count} {verdict}" for verdict, count in sorted(verdicts.items())))
        shutil.rmtree(daemon.data)
        shutil.copytree(whole, daemon.data)
        daemon.start()
        report.check(len(daemon.client.list(JOBS)) == 3, "the whole database does not open any more")


def damage(path):
    """Overwrites some bytes of the file, or cuts it; what was done."""
    content = bytearray(path.read_bytes())
    place = random.randrange(len(content))
    if random.random() < 0.2:
        with open(path, "r+b") as file:
            file.truncate(place)
        return f"cut at byte {place} of {len(content)}"
    count = min(random.choice([1, 16, 512, 4096]), len(content) - place)
    with open(path, "r+b") as file:
        file.seek(place)
        file.write(random.randbytes(count))
    return f"{count} bytes from byte {place} of {len(content)}"


def look(daemon, reads, in_use, report, story):
    """Starts the daemon, if it does not run, reads everything and writes something; what came of it."""
    if not in_use:
        try:
            daemon.start()
        except NotReady:
            told = "damaged" in daemon.log or "database" in daemon.log or "SQLite" in daemon.log
            report.check(told, f"{story}: no word of the database: {daemon.log[-300:]}")
            report.check(daemon.process.returncode in range(1, 64), f"{story}: ended by {daemon.process.returncode}")
            (daemon.place / "log").write_text("")
            return "refused at the start"
    faults = 0
    for ask in [lambda path=path: daemon.client.get(path) for path in reads] + [lambda: daemon.client.upload(b"x\n")]:
        try:
            ask()
        except Refused as refusal:
            faults += 1
            report.check(refusal.status in {404, 500, 503}, f"{story}: {refusal}")
        except GONE as error:
            report.check(False, f"{story}: no answer: {error!r}")
    report.check(daemon.process.poll() is None, f"{story}: ended by {daemon.process.poll()}: {daemon.log[-500:]}")
    daemon.kill()
    (daemon.place / "log").write_text("")
    return "told by answers" if faults else "beyond what SQLite sees"
