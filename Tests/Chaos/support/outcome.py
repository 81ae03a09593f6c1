"""What a job has come to, to be compared bit by bit with an undisturbed one."""

import dataclasses
import hashlib

from support.client import messages, summary

#: What of a checkpoint must be the same; the model card has the job's name in it.
BITS = ["config.json", "model.safetensors", "optimizer.safetensors", "ledger.safetensors", "trainer_state.json"]


@dataclasses.dataclass
class Outcome:
    """The end of a job, without what differs from job to job."""

    status: str
    curve: list
    checkpoints: list
    told_checkpoints: list
    digests: dict

    @classmethod
    def of(cls, daemon, job):
        names = daemon.checkpoints(job)
        told = daemon.client.list(f"/v1/fine_tuning/jobs/{job}/checkpoints")
        directory = daemon.data / "runs" / job / "checkpoints" / (names[-1] if names else "none")
        digests = {name: hashlib.sha256((directory / name).read_bytes()).hexdigest() for name in BITS} if names else {}
        return cls(
            daemon.client.job(job)["status"], daemon.client.curve(job), names,
            sorted(each["step_number"] for each in told), digests)

    def difference(self, other):
        """What is not the same, in words; empty where all is."""
        return "; ".join(
            f"{name}: {getattr(other, name)} instead of {getattr(self, name)}"[:300]
            for name in vars(self) if getattr(self, name) != getattr(other, name))


class Trial:
    """A job that is made again and again, and compared with its first, undisturbed run."""

    def __init__(self, daemon, **options):
        self.daemon = daemon
        self.options = options
        self.file = daemon.client.upload(messages())
        self.undisturbed = Outcome.of(daemon, self.finish(self.create()))

    def create(self, **more):
        return self.daemon.client.create_job(self.file, **{**self.options, **more})

    def finish(self, job, seconds=120):
        self.daemon.client.finished(job, seconds)
        return job

    def compare(self, job, report, story):
        """Waits for a job's end and notes where it is not that of the undisturbed one."""
        self.finish(job)
        value = self.daemon.client.job(job)
        difference = self.undisturbed.difference(Outcome.of(self.daemon, job))
        report.check(not difference, f"{story}: {difference} ({summary(value)})")
        return value
