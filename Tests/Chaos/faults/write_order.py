"""fsync < rename < fsync(directory) < commit, seen by strace: of an upload and of a checkpoint"""

import dataclasses
import re
import shutil
import subprocess

from support.client import messages
from support.daemon import Daemon, until
from support.events import EventListener
from support.report import Skip

CALLS = "fsync,fdatasync,rename,renameat,renameat2,write,pwrite64,sendto,writev,sendmsg"
LINE = re.compile(r"(\d+) +(?:<\.\.\. (\w+) resumed>|(\w+)\()(.*)")


@dataclasses.dataclass
class Call:
    """A system call, with the numbers of the lines at which it began and ended."""

    name: str
    text: str
    begun: int
    ended: int


def run(report):
    if not shutil.which("strace"):
        raise Skip("strace is not installed")
    for _ in range(report.pick(1, 5)):
        with Daemon("--threads", "1") as daemon:
            trace = daemon.place / "trace"
            tracer = subprocess.Popen(
                ["strace", "-f", "-y", "-s", "4096", "-e", f"trace={CALLS}", "-o", str(trace), "-p", str(daemon.pid)],
                stderr=subprocess.PIPE)
            if b"attached" not in tracer.stderr.readline():
                raise Skip("strace may not look at processes here")
            listener = EventListener(daemon.port)
            listener.start()
            file = daemon.client.upload(messages())
            job = daemon.client.create_job(file)
            daemon.client.finished(job)
            until(lambda: not daemon.workers(), 10, "the worker does not end")
            listener.stop()
            tracer.terminate()
            tracer.wait()
            calls = parse(trace.read_text(errors="replace"))
            check_upload(calls, daemon, file, report)
            for name in daemon.checkpoints(job):
                check_checkpoint(calls, daemon, job, name, report)
        report.rounds += 1


def parse(text):
    """The calls in the order of their beginnings."""
    calls, open_calls = [], {}
    for number, line in enumerate(text.splitlines()):
        match = LINE.match(line)
        if not match:
            continue
        process, resumed, name, rest = match.groups()
        if resumed:
            open_calls.pop(process).ended = number
            continue
        call = Call(name, rest, number, number)
        calls.append(call)
        if rest.endswith("<unfinished ...>"):
            open_calls[process] = call
    return calls


def first(calls, after, names, *words):
    """The first of the calls that begins after another one has ended, by the words in its line."""
    found = [call for call in calls if call.name in names and call.begun > after
             and all(word in call.text for word in words)]
    return found[0] if found else None


def check_order(calls, steps, report, subject):
    """Each step must be there, begun when the one before has ended.

    Of a step that is done once it is the first; of one that others do too, there must be one in between.
    """
    after = -1
    for what, times, names, *words in steps:
        call = first(calls, -1 if times is ONCE else after, names, *words)
        if not report.check(call and call.begun > after, f"{subject}: no {what} where it should be"):
            return
        after = call.ended


ONCE, OFTEN = "once", "often"
RENAMES = {"rename", "renameat", "renameat2"}
SYNCS = {"fsync", "fdatasync"}
SENDS = {"write", "sendto", "writev", "sendmsg"}
WAL = "finetuned.sqlite-wal>"


def check_upload(calls, daemon, file, report):
    kept = f"{daemon.data}/files/{file}"
    rename = first(calls, -1, RENAMES, kept)
    if not report.check(rename, f"{file} was not renamed"):
        return
    temporary = re.search(r'"([^"]*/tmp/[^"]*)"', rename.text)[1]
    check_order(calls, [
        ("fsync of the content", ONCE, SYNCS, f"<{temporary}>"),
        ("rename", ONCE, RENAMES, kept),
        ("fsync of the directory", OFTEN, SYNCS, f"<{daemon.data}/files>"),
        ("entry in the log of the database", ONCE, {"pwrite64"}, WAL, file),
        ("commit", OFTEN, SYNCS, WAL),
        ("answer", ONCE, SENDS, file, "200 OK"),
    ], report, "upload")


def check_checkpoint(calls, daemon, job, name, report):
    directory = f"{daemon.data}/runs/{job}/checkpoints"
    rename = first(calls, -1, RENAMES, f"{directory}/{name}\"")
    if not report.check(rename, f"{name} was not renamed"):
        return
    synced = [call.text for call in calls if call.name in SYNCS and call.ended < rename.begun]
    for path in (daemon.data / "runs" / job / "checkpoints" / name).rglob("*"):
        part = path.relative_to(f"{directory}/{name}")
        report.check(any(f"<{directory}/.writing-{name}/{part}>" in text for text in synced), f"{name}: no fsync of {part}")
    check_order(calls, [
        ("fsync of its directory", ONCE, SYNCS, f"<{directory}/.writing-{name}>"),
        ("rename", ONCE, RENAMES, f"{directory}/{name}\""),
        ("fsync of the directory above", OFTEN, SYNCS, f"<{directory}>"),
        ("line in the journal", ONCE, {"write"}, "journal.jsonl>", f'\\"{name}\\"'),
        ("fsync of the journal", OFTEN, SYNCS, "journal.jsonl>"),
        ("entry in the log of the database", ONCE, {"pwrite64"}, WAL, f"checkpoints/{name}"),
        ("commit", OFTEN, SYNCS, WAL),
        ("event", ONCE, SENDS, f"Checkpoint created at step {int(name[5:])}", "event: checkpoint"),
    ], report, name)
