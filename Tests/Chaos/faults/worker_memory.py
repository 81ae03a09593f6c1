"""the worker runs out of memory (a control group's limit): told as such, and the job goes on"""

import pathlib
import time

from support.client import JOBS
from support.daemon import Daemon
from support.outcome import Trial
from support.report import Skip

GROUPS = pathlib.Path("/sys/fs/cgroup/memory")
#: Bytes; a worker takes some times as much, whatever it trains.
LIMIT = 3 << 20


def run(report):
    group = GROUPS / f"chaos-{time.monotonic_ns()}"
    try:
        group.mkdir()
    except OSError as error:
        raise Skip(f"no control group of memory can be made here ({error.strerror})") from error
    try:
        (group / "memory.limit_in_bytes").write_text(str(LIMIT))
        with Daemon("--threads", "1", wraps_workers=True) as daemon:
            trial = Trial(daemon)
            for number in range(report.pick(1, 5)):
                daemon.before_next_training(f'echo $$ > "{group}/cgroup.procs"')
                begun = time.monotonic()
                job = trial.create()
                value = trial.compare(job, report, f"round {number}")
                report.recoveries.append(time.monotonic() - begun)
                report.check(value["attempt"] == 2, f"attempt {value['attempt']} instead of 2")
                told = [event["message"] for event in daemon.client.list(f"{JOBS}/{job}/events")]
                report.check(any("ran out of memory" in each for each in told), f"no event tells of it: {told}")
                report.rounds += 1
    finally:
        group.rmdir()
