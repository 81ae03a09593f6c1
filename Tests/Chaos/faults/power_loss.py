"""power cut: what was not yet synchronized is torn, lost or zero in any order; nothing acknowledged is missing"""

import json
import random
import struct
import time

from support.daemon import Daemon, end
from support.load import check_database
from support.outcome import Trial

#: What a disk writes as a whole.
SECTOR = 512
#: Lines of a journal that are synchronized before anything else is done.
SYNCHRONIZED = {"checkpoint", "finished", "stopped", "failed"}
#: Sizes of the head of a write-ahead log and of the head of a frame in it (sqlite.org/fileformat2.html, section 4).
LOG_HEAD, FRAME_HEAD = 32, 24


def run(report):
    with Daemon("--threads", "1") as daemon:
        trial = Trial(daemon, epochs=24, every=10)
        torn = []
        for number in range(report.pick(8, 100)):
            job = trial.create()
            daemon.client.at_step(job, 1)
            # The moment is what is tried.
            time.sleep(random.uniform(0, 0.5))
            daemon.kill()
            for worker in daemon.workers("train", "answer"):
                end(worker)
            story = tear(daemon.data, job)
            torn += story
            report.recoveries.append(daemon.start())
            trial.compare(job, report, f"round {number}, {', '.join(story)}")
            report.rounds += 1
        check_database(daemon, report)
        kinds = sorted({each.split(" at ")[0] for each in torn})
        report.remarks.append(", ".join(
            f"{sum(each.startswith(kind) for each in torn)} × {kind}" for kind in kinds))


def tear(data, job):
    """Undoes, in part, what nobody has synchronized; what was done."""
    story = []
    for journal in sorted((data / "runs" / job).glob("attempt-*/journal.jsonl"))[-1:]:
        story += spoil(journal, synchronized(journal), "journal")
    for path in (data / "runs" / job / "checkpoints").glob(".writing-*/**/*"):
        if path.is_file():
            story += spoil(path, 0, "unfinished checkpoint")
    log = data / "finetuned.sqlite-wal"
    if log.exists() and log.stat().st_size > LOG_HEAD:
        story += tear_database(data / "finetuned.sqlite", log)
    return story or ["nothing torn"]


def synchronized(journal):
    """How many bytes of a journal are on the disk for certain."""
    length = safe = 0
    for line in journal.read_bytes().splitlines(keepends=True):
        length += len(line)
        if line.endswith(b"\n") and json.loads(line)["kind"] in SYNCHRONIZED:
            safe = length
    return safe


def spoil(path, safe, what):
    """Loses the end of a file behind its first `safe` bytes, or leaves zeros in sectors of it."""
    content = bytearray(path.read_bytes())
    if len(content) == safe:
        return []
    place = random.randrange(safe, len(content))
    if random.random() < 0.5:
        path.write_bytes(content[:place])
        return [f"{what} cut at byte {place} of {len(content)}"]
    for begin in range(place, len(content), SECTOR):
        if begin == place or random.random() < 0.5:
            stop = min(len(content), begin + SECTOR)
            content[begin:stop] = bytes(stop - begin)
    path.write_bytes(content)
    return [f"{what} with zeros at byte {place} of {len(content)}"]


def tear_database(path, log):
    """A half commit behind the others in the log, and a page of the database half copied from it."""
    content = log.read_bytes()
    page_size, salts = struct.unpack(">8xI4x8s", content[:24])
    size = FRAME_HEAD + page_size
    frames = [content[at:at + size] for at in range(LOG_HEAD, len(content) - size + 1, size)]
    current = [frame for frame in frames if frame[8:16] == salts]
    while current and current[-1][4:8] == bytes(4):
        current.pop()
    if not current:
        return []
    story = []
    if len(current) == len(frames):
        frame = current[-1][:FRAME_HEAD] + random.randbytes(page_size)
        with open(log, "ab") as file:
            file.write(frame[:random.randrange(1, size + 1)])
        story.append(f"half a commit at frame {len(frames) + 1}")
    page = struct.unpack(">I", random.choice(current)[:4])[0]
    if page * page_size <= path.stat().st_size:
        with open(path, "r+b") as file:
            file.seek((page - 1) * page_size)
            file.write(random.randbytes(random.randrange(1, page_size)))
        story.append(f"half a page of the database at page {page}")
    return story
