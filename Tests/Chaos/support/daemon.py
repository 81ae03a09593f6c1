"""The daemon and its workers as processes that can be hurt."""

import contextlib
import os
import pathlib
import re
import select
import shutil
import signal
import socket
import subprocess
import tempfile
import time

from support.client import Client

ROOT = pathlib.Path(__file__).resolve().parents[3]
TINY_MODEL = ROOT / "Tests/EndToEndTests/Fixtures/tiny-bert"
PROGRAMS = ROOT / ".build/debug"


class NotReady(Exception):
    """The daemon ended, or said nothing, instead of serving."""


class Daemon:
    """`finetuned serve` with a data directory and a port of its own; below `place`, else in a temporary directory.

    As a context manager it leaves no process and no file behind.
    """

    def __init__(self, *options, place=None, prefix=(), environment=None, wraps_workers=False):
        self.temporary = None if place else tempfile.TemporaryDirectory(prefix="chaos-")
        self.place = pathlib.Path(place or self.temporary.name)
        self.data = self.place / "data"
        self.models = self.place / "models"
        self.options = options
        self.prefix = list(prefix)
        self.environment = environment or {}
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.client = Client(self.port)
        self.process = None
        self.program = PROGRAMS / "finetuned"
        if wraps_workers:
            self.wrap_workers()
        shutil.copytree(TINY_MODEL, self.models / "tiny-bert")

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        if self.process:
            self.kill()
        for worker in self.workers("train", "answer"):
            end(worker)
        if self.temporary:
            self.temporary.cleanup()

    def wrap_workers(self):
        """Puts a script in the place of the workers' program, which first runs `before_training`, if it is there."""
        programs = self.place / "programs"
        programs.mkdir()
        shutil.copy(self.program, programs)
        self.program = programs / "finetuned"
        self.options += ("--assets", str(ROOT))
        wrapper = programs / "finetune-worker"
        wrapper.write_text(
            f'#!/bin/sh\nif [ "$1" = train ] && [ -f "{self.before_training}" ]; then . "{self.before_training}"; fi\n'
            f'exec "{PROGRAMS}/finetune-worker" "$@"\n')
        wrapper.chmod(0o755)

    @property
    def before_training(self):
        """The file with the commands of a shell that are run before each worker that trains."""
        return self.place / "before-training"

    def before_next_training(self, commands):
        """Has a shell run commands before the next worker that trains, and before that one only."""
        self.before_training.write_text(f'rm "{self.before_training}"\n{commands}\n')

    def start(self, seconds=30):
        """Starts it and waits until it is ready; the seconds that took."""
        begun = time.monotonic()
        command = self.prefix + [
            str(self.program), "serve", "--data", str(self.data), "--models", str(self.models),
            "--listen", f"127.0.0.1:{self.port}", *self.options,
        ]
        with open(self.place / "log", "ab") as log:
            self.process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log,
                env={"PATH": "/usr/bin:/bin", **self.environment}, start_new_session=True)
        ready, _, _ = select.select([self.process.stdout], [], [], seconds)
        line = self.process.stdout.readline() if ready else b""
        if not line.startswith(b"finetuned listens on"):
            self.kill()
            raise NotReady(self.log[-2000:])
        return time.monotonic() - begun

    def kill(self):
        """Ends it as a power cut would, and it alone."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.ended()

    def ended(self, seconds=60):
        """Waits until it has ended; its exit status."""
        status = self.process.wait(seconds)
        self.process.stdout.close()
        return status

    def restart(self):
        """Kills it and starts it again; the seconds until it was ready."""
        self.kill()
        return self.start()

    @property
    def log(self):
        return (self.place / "log").read_text(errors="replace")

    @property
    def pid(self):
        """The process itself, not what it was started by."""
        children = pathlib.Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return int(children[0]) if self.prefix and children else self.process.pid

    def workers(self, *kinds):
        """The numbers of its worker processes: of those that train, unless other kinds are named."""
        found = []
        for line in pathlib.Path("/proc").glob("[0-9]*/cmdline"):
            with contextlib.suppress(OSError):
                words = line.read_bytes().split(b"\0")
                if len(words) < 2 or words[1].decode() not in (kinds or ("train",)):
                    continue
                if os.fsencode(self.data) in words[2] or parent(int(line.parent.name)) == self.process.pid:
                    found.append(int(line.parent.name))
        return found

    def worker(self, job):
        """The process that trains a job; None where there is none."""
        for worker in self.workers():
            with contextlib.suppress(OSError):
                if job.encode() in pathlib.Path(f"/proc/{worker}/cmdline").read_bytes():
                    return worker
        return None

    def checkpoints(self, job):
        """The names of a job's checkpoints on the disk, the oldest first."""
        directory = self.data / "runs" / job / "checkpoints"
        return sorted(path.name for path in directory.glob("*") if path.name != ".lock")

    def weights(self, job):
        """The bytes of the weights of a job's last checkpoint."""
        last = self.checkpoints(job)[-1]
        return (self.data / "runs" / job / "checkpoints" / last / "model.safetensors").read_bytes()


def parent(process):
    """The number of a process's parent."""
    text = pathlib.Path(f"/proc/{process}/stat").read_text()
    return int(re.search(r"\) \S (\d+)", text)[1])


def end(process, by=signal.SIGKILL):
    """Sends a signal to a process, which may be gone."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(process, by)


def until(condition, seconds, what):
    """Waits until a condition holds; its value."""
    deadline = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise TimeoutError(what)
        time.sleep(0.005)
