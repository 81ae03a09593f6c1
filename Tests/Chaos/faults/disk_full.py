"""the disk is full (a small tmpfs): 507, a running job pauses; with space again all goes on without a restart"""

import contextlib
import os
import pathlib
import subprocess
import tempfile
import time

from support.client import JOBS, TERMINAL, Refused, messages
from support.daemon import Daemon
from support.outcome import Trial
from support.report import Skip

#: The daemon keeps 64 MiB free of what clients send, and the jobs of all rounds stay.
SIZE = 256 << 20


def run(report):
    with small_disk() as disk, Daemon("--threads", "1", place=disk) as daemon:
        trial = Trial(daemon, epochs=100, every=100)
        for number in range(report.pick(2, 20)):
            job = trial.create()
            daemon.client.at_step(job, 20)
            # A checkpoint needs some MiB. In every second round not even a row of the database has room.
            left = number % 2 * 2 << 20
            filler = fill(disk, left)
            for ask in (lambda: daemon.client.upload(messages()), lambda: trial.create()):
                refused(ask, report)
            if left:
                wait_for_pause(daemon, job, report)
            else:
                time.sleep(2)
            report.check(daemon.client.get("/healthz"), "the daemon is not well")
            filler.unlink()
            freed = time.monotonic()
            daemon.client.upload(messages())
            report.recoveries.append(time.monotonic() - freed)
            # A worker that could not even say why it ended is replaced, one that could has left the job paused.
            value = daemon.client.wait(
                job, lambda value: left == 0 and value["attempt"] > 1 or value["status"] in {"paused", *TERMINAL})
            if value["status"] == "paused":
                daemon.client.post(f"{JOBS}/{job}/resume")
            trial.compare(job, report, f"round {number}, {left} bytes left")
            report.rounds += 1


def wait_for_pause(daemon, job, report):
    """Waits until the job pauses for want of space, and says so."""
    daemon.client.wait(job, lambda value: value["status"] == "paused")
    told = [event["message"] for event in daemon.client.list(f"{JOBS}/{job}/events")]
    report.check(any("disk is full" in message for message in told), f"no event tells of it: {told[:5]}")


@contextlib.contextmanager
def small_disk():
    if os.geteuid() != 0:
        raise Skip("only root can mount a small disk")
    with tempfile.TemporaryDirectory(prefix="chaos-") as place:
        mount = ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", place]
        mounted = subprocess.run(mount, capture_output=True, text=True, check=False)
        if mounted.returncode:
            raise Skip(f"a small disk cannot be mounted here ({mounted.stderr.strip()})")
        try:
            yield pathlib.Path(place)
        finally:
            subprocess.run(["umount", place], check=True)


def fill(disk, left):
    """Fills the disk but for some bytes; the file that does."""
    path = disk / "filler"
    with open(path, "wb", buffering=0) as file, contextlib.suppress(OSError):
        size = 1 << 20
        while True:
            try:
                file.write(bytes(size))
            except OSError:
                if size == 1:
                    break
                size //= 2
        file.truncate(max(0, file.tell() - left))
    return path


def refused(ask, report):
    """What is asked must be refused with 507 and the reason."""
    try:
        ask()
        report.check(False, "a full disk took what was sent")
    except Refused as refusal:
        report.check(refusal.status == 507 and "disk" in refusal.message, refusal)
