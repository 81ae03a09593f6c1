"""A soak with faults: workers and the daemon killed, uploads cut, jobs cancelled; all jobs end, nothing grows."""
import contextlib
import http.client
import random
import threading
import time

from measures.watch import Watch
from support.client import JOBS, TERMINAL, Client, Refused, messages, summary
from support.daemon import end
from support.events import EventListener
from support.load import check_database
from support.report import Report
from . import connections, sockets, uploads

# What a client sees of a daemon that was killed.
GONE = (OSError, http.client.HTTPException)


class Soak:
    """Tasks that are done again and again, each by a thread of its own."""

    def __init__(self, daemon, chance):
        self.daemon = daemon
        self.chance = chance
        self.is_over = threading.Event()
        self.threads = []
        self.problems = []
        self.counts = {}
        self.jobs = []
        # Whose cancellation was asked for; where no answer came, it may have happened or not.
        self.cancelled = set()
        self.returns = [0]

    def every(self, seconds, task):
        """Does something at intervals of chance around so many seconds."""
        chance = random.Random(self.chance.random())
        name = task.__name__.replace("_", " ")

        def repeat():
            while not self.is_over.wait(chance.uniform(0.5, 1.5) * seconds):
                try:
                    task(chance, Client(self.daemon.port))
                    self.counts[name] = self.counts.get(name, 0) + 1
                except GONE:
                    pass  # The daemon was killed under it.
                except Exception as problem:  # Whatever it is, the soak goes on and tells of it.
                    self.problems.append(f"{name}: {type(problem).__name__}: {problem}")

        self.threads.append(threading.Thread(target=repeat, daemon=True))

    def load(self):
        """What clients do, and what befalls workers."""
        self.every(2, self.jobs_created)
        self.every(10, self.jobs_cancelled)
        self.every(15, self.jobs_paused_or_resumed)
        self.every(0.5, self.streams_followed)
        self.every(3, self.uploads_cut)
        self.every(2, self.rude_connections)
        self.every(1, self.pages_read)
        self.every(5, self.files_deleted)
        self.every(8, self.workers_killed)

    def run(self, seconds):
        """Does all that was said, for so long."""
        for thread in self.threads:
            thread.start()
        time.sleep(seconds)
        self.is_over.set()
        for thread in self.threads:
            thread.join()
        self.is_over.clear()
        self.threads = []

    def jobs_created(self, chance, client):
        if sum(job["status"] not in TERMINAL for job in client.get(f"{JOBS}?limit=100")["data"]) < 6:
            file = client.upload(messages(chance.randrange(48, 400)))
            self.jobs.append(client.create_job(file, epochs=chance.randrange(2, 40), every=chance.choice((10, 40))))

    def some(self, chance, client, *states):
        """One of the newest jobs that are in these states; None where none is."""
        found = [job for job in client.get(f"{JOBS}?limit=20")["data"] if job["status"] in states]
        return chance.choice(found) if found else None

    def unless_refused(self, request):
        """Does what may be refused because a job has come further, or is still under way."""
        try:
            request()
        except Refused as refusal:
            if refusal.status != 400:
                raise

    def act(self, client, job, action):
        """Cancels, pauses or resumes a job."""
        self.unless_refused(lambda: client.post(f"{JOBS}/{job['id']}/{action}"))

    def jobs_cancelled(self, chance, client):
        job = self.some(chance, client, "validating_files", "queued", "running", "paused")
        if job:
            self.cancelled.add(job["id"])
            self.act(client, job, "cancel")

    def jobs_paused_or_resumed(self, chance, client):
        job = self.some(chance, client, "running", "paused")
        if job:
            self.act(client, job, "pause" if job["status"] == "running" else "resume")

    def streams_followed(self, chance, client):
        job = self.some(chance, client, *TERMINAL, "queued", "running", "paused")
        if not job:
            return
        with contextlib.closing(sockets.connect(client.port, timeout=5)) as stream:
            stream.sendall(f"GET {JOBS}/{job['id']}/events?stream=true HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
            for _ in range(chance.randrange(20)):
                if not stream.recv(65536):
                    break

    def uploads_cut(self, chance, client):
        connection = uploads.begin(client.port, uploads.GIB)
        uploads.stream(connection, int((32 << 20) ** chance.random()))
        sockets.reset(connection)

    def rude_connections(self, chance, client):
        connections.storm(client.port, 50, chance)

    def pages_read(self, chance, client):
        for path in ("/v1/files", "/v1/models", "/v1/system"):
            client.get(path)
        job = self.some(chance, client, *TERMINAL, "queued", "running", "paused")
        if job:
            for what in ("metrics", "events", "checkpoints"):
                client.get(f"{JOBS}/{job['id']}/{what}")

    def files_deleted(self, chance, client):
        jobs = client.get(f"{JOBS}?limit=100")["data"]
        busy = {job["training_file"] for job in jobs if job["status"] not in TERMINAL}
        for file in client.get("/v1/files?purpose=fine-tune")["data"][20:]:
            if file["id"] not in busy:
                self.unless_refused(lambda: client.send("DELETE", f"/v1/files/{file['id']}"))

    def workers_killed(self, chance, client):
        workers = self.daemon.workers()
        if workers:
            end(chance.choice(workers))

    def daemon_killed(self, chance, client):
        self.returns.append(self.daemon.restart())


def run(run, folder):
    seconds = run.minutes * 60
    with run.daemon(folder, "--workers", "2", "--threads", "1") as daemon:
        soak = Soak(daemon, run.random)
        listener = EventListener(daemon.port)
        listener.start()
        # The daemon is killed in the first third; the one that lives through the rest is watched.
        soak.load()
        soak.every(min(20, seconds / 12), soak.daemon_killed)
        soak.run(seconds / 3)
        soak.load()
        with Watch(daemon.pid, interval=0.5) as watch:
            soak.run(seconds * 2 / 3)
        for name, count in sorted(soak.counts.items()):
            run.note(name, f"{count:,}")
        run.check("slowest return of the daemon", max(soak.returns), "s", 2)
        judge(run, daemon, soak)
        listener.stop()
        for problem in (soak.problems + listener.faults)[:10]:
            run.note("unexpected", problem)
        run.check("unexpected answers and events", len(soak.problems + listener.faults), "", 0)
        if run.minutes >= 5:
            # What is kept (the last events, pages of the database) has filled by then.
            run.check("memory's slope", watch.slope(1, skip=0.5) / 2**20, "MiB/min", 0.5)
            run.check("descriptors' slope", watch.slope(2, skip=0.5), "/min", 0.5)
        eighths = watch.samples[:: max(1, len(watch.samples) // 8)]
        run.note("memory in the course of time", f"{' '.join(f'{sample[1] / 2**20:.0f}' for sample in eighths)} MiB")


def judge(run, daemon, soak):
    """Lets every job end and looks at what became of them."""
    deadline = time.monotonic() + max(180, run.minutes * 20)
    while True:
        jobs = {job["id"]: job for job in daemon.client.list(JOBS)}
        for job in jobs.values():
            if job["status"] == "paused":
                soak.act(daemon.client, job, "resume")
        if all(job["status"] in TERMINAL for job in jobs.values()) or time.monotonic() > deadline:
            break
        time.sleep(0.5)
    states = [job["status"] for job in jobs.values()]
    run.note("jobs", ", ".join(f"{states.count(state)} {state}" for state in sorted(set(states))))
    run.check("acknowledged jobs that are lost", len(set(soak.jobs) - jobs.keys()), "", 0)
    run.check("jobs that do not end", sum(state not in TERMINAL for state in states), "", 0)
    wrong = [job for job in jobs.values() if job["status"] == "failed"
             or job["status"] == "cancelled" and job["id"] not in soak.cancelled]
    for job in wrong:
        run.note("wrong end", summary(job))
    run.check("jobs that end wrongly", len(wrong), "", 0)
    report = Report("soak", run.short)
    check_database(daemon, report)
    for line in report.details():
        run.note("database", line)
    run.expect("the database is whole", report.verdict == "passed")
    last = time.monotonic() + 10
    while daemon.workers() and time.monotonic() < last:
        time.sleep(0.1)
    run.check("workers without a job", len(daemon.workers()), "", 0)
    run.check("left in tmp/", len(list((daemon.data / "tmp").iterdir())), "files", 0)
