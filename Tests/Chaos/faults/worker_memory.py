"""the worker runs out of memory (a control group's limit, its own limit of data): told as such, and the job goes on"""

import contextlib
import pathlib
import time

from support.client import JOBS
from support.daemon import Daemon
from support.outcome import Trial

GROUPS = pathlib.Path("/sys/fs/cgroup/memory")
#: Bytes of all memory; a worker takes some times as much, whatever it trains.
GROUP_LIMIT = 3 << 20
#: KiB of RLIMIT_DATA, with which a worker starts but cannot train.
DATA_LIMIT = 44 << 10


def run(report):
    with contextlib.ExitStack() as stack:
        ways = {"its limit of data": f"ulimit -d {DATA_LIMIT}"}
        try:
            ways["a control group"] = f'echo $$ > "{stack.enter_context(group())}/cgroup.procs"'
        except OSError as error:
            report.remarks.append(f"no control group of memory can be made here ({error.strerror})")
        daemon = stack.enter_context(Daemon("--threads", "1", wraps_workers=True))
        trial = Trial(daemon)
        for number in range(report.pick(1, 5)):
            for way, command in ways.items():
                daemon.before_next_training(command)
                begun = time.monotonic()
                job = trial.create()
                value = trial.compare(job, report, f"round {number}, {way}")
                report.recoveries.append(time.monotonic() - begun)
                report.check(value["attempt"] == 2, f"{way}: attempt {value['attempt']} instead of 2")
                told = [event["message"] for event in daemon.client.list(f"{JOBS}/{job}/events")]
                report.check(any("ran out of" in each for each in told), f"{way}: no event tells of it: {told}")
                report.rounds += 1


@contextlib.contextmanager
def group():
    """A control group whose processes together have too little memory."""
    place = GROUPS / f"chaos-{time.monotonic_ns()}"
    place.mkdir()
    try:
        (place / "memory.limit_in_bytes").write_text(str(GROUP_LIMIT))
        yield place
    finally:
        place.rmdir()
