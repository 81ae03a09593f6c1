"""the clock jumps by seconds to years, forwards and backwards: nothing times out, order holds"""

import pathlib
import random
import shutil
import subprocess
import time

from support.client import JOBS, TERMINAL
from support.daemon import Daemon
from support.events import EventListener
from support.load import last_event
from support.outcome import Trial
from support.report import Skip

SOURCE = pathlib.Path(__file__).parents[1] / "support/clock.c"
DAY = 86_400
JUMPS = [sign * seconds for sign in (-1, 1) for seconds in (10, 3600, DAY, 400 * DAY)]


def run(report):
    compiler = shutil.which("cc") or shutil.which("clang")
    if not compiler:
        raise Skip("no C compiler is installed")
    with Daemon("--threads", "1", wraps_workers=True) as daemon:
        library, offset = daemon.place / "clock.so", daemon.place / "offset"
        subprocess.run([compiler, "-shared", "-fPIC", "-o", library, SOURCE], check=True)
        offset.write_text("0")
        daemon.environment = {"LD_PRELOAD": str(library), "CLOCK_OFFSET": str(offset)}
        daemon.before_training.write_text(f'export LD_PRELOAD="{library}" CLOCK_OFFSET="{offset}"')
        daemon.restart()
        trial = Trial(daemon, epochs=100, every=50)
        listener = EventListener(daemon.port)
        listener.start()
        made, jumps = [], 0
        for number in range(report.pick(3, 30)):
            job = trial.create()
            made.append(job)
            while daemon.client.job(job)["status"] not in TERMINAL:
                offset.write_text(str(random.choice(JUMPS)))
                jumps += 1
                time.sleep(0.05)
            value = trial.compare(job, report, f"round {number}")
            report.check(value["attempt"] == 1, f"round {number}: attempt {value['attempt']}")
            report.rounds += 1
        report.remarks.append(f"{jumps} jumps")
        listed = [job["id"] for job in daemon.client.list(JOBS)]
        report.check(listed[: len(made)] == made[::-1], "the list is not in the order of creation")
        listener.stop(last_event(daemon))
        report.failures += listener.faults
        report.check(not listener.ends, f"{listener.ends} event streams ended")
