"""the worker hangs (SIGSTOP): it is killed as hung and the job goes on to the same bits"""

import signal
import time

from support.client import JOBS
from support.daemon import Daemon, end
from support.outcome import Trial


def run(report):
    with Daemon("--threads", "1") as daemon:
        trial = Trial(daemon, epochs=100, every=50)
        for number in range(report.pick(1, 3)):
            job = trial.create()
            daemon.client.at_step(job, 60)
            end(daemon.worker(job), signal.SIGSTOP)
            stopped = time.monotonic()
            daemon.client.wait(job, lambda value: value["attempt"] == 2, 90)
            report.recoveries.append(time.monotonic() - stopped)
            trial.compare(job, report, f"round {number}")
            told = [event["message"] for event in daemon.client.list(f"{JOBS}/{job}/events")]
            report.check(any("killed as hung" in message for message in told), f"no event tells of it: {told[-5:]}")
            report.rounds += 1
