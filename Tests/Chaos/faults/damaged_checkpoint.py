"""a checkpoint damaged at a random place: always noticed, the one before is used, the same bits"""

import random

from support.client import JOBS
from support.daemon import Daemon
from support.outcome import Trial


def run(report):
    with Daemon("--threads", "1") as daemon:
        trial = Trial(daemon, epochs=24, every=20)
        for number in range(report.pick(5, 100)):
            job = trial.create()
            daemon.client.at_step(job, 45)
            daemon.client.post(f"{JOBS}/{job}/pause")
            daemon.client.wait(job, lambda value: value["status"] == "paused")
            newest = daemon.checkpoints(job)[-1]
            story = damage(daemon.data / "runs" / job / "checkpoints" / newest)
            daemon.client.post(f"{JOBS}/{job}/resume")
            trial.compare(job, report, story)
            told = [event["message"] for event in daemon.client.list(f"{JOBS}/{job}/events")]
            noticed = [each for each in told if f"checkpoint {newest} is damaged" in each]
            report.check(noticed, f"{story}: no event tells of it: {told[:5]}")
            report.rounds += 1


def damage(directory):
    """Changes, cuts or removes a file of a checkpoint; what was done."""
    path = random.choice(sorted(path for path in directory.rglob("*") if path.is_file()))
    content = bytearray(path.read_bytes())
    place = random.randrange(len(content))
    way = random.choice(["changed", "cut", "removed"])
    if way == "removed":
        path.unlink()
        return f"{path.name} removed"
    if way == "changed":
        content[place] ^= 1 << random.randrange(8)
    path.write_bytes(content if way == "changed" else content[:place])
    return f"{path.name} {way} at byte {place} of {len(content)}"
