"""10,000 idle clients of the event stream: all hear an event, beside readers that have stalled."""
import select
import time

from measures import process
from support.client import messages
from .sockets import connect, receive

FOLLOW = b"GET /v1/events%s HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/event-stream\r\n\r\n"


class Crowd:
    """Clients that follow all events, in one thread."""

    def __init__(self, port, count):
        self.poll = select.epoll()
        self.clients = {}
        for _ in range(count):
            client = connect(port, is_stamped=True)
            client.sendall(FOLLOW % b"")
            client.setblocking(False)
            self.poll.register(client, select.EPOLLIN)
            self.clients[client.fileno()] = client
        # The first thing that a stream says.
        self.wait_for(b"retry: ")

    def wait_for(self, word, limit=60):
        """Reads until each client has been told the word.

        Returns when it came to the last of them, as the kernel tells it (so this thread's own slowness does not count),
        in seconds since 1970; infinity where somebody has not been told it after `limit` seconds.
        """
        missing, last, texts = set(self.clients), 0, {}
        deadline = time.monotonic() + limit
        while missing:
            if time.monotonic() > deadline:
                return float("inf")
            for number, _ in self.poll.poll(1, 1024):
                piece, came = receive(self.clients[number])
                if not piece:
                    raise SystemExit("the server ended the stream of an idle client")
                texts[number] = texts.get(number, b"") + piece
                if number in missing and word in texts[number]:
                    missing.remove(number)
                    last = max(last, came)
        return last

    def leave(self):
        for client in self.clients.values():
            client.close()
        self.poll.close()


class Bell:
    """Causes single events: cancels jobs that were paused before."""

    def __init__(self, client, count):
        self.client = client
        file = client.upload(messages())
        self.jobs = [client.create_job(file, epochs=1000, every=1000) for _ in range(count)]
        for job in self.jobs:
            client.at_step(job, 1)
            client.post(f"/v1/fine_tuning/jobs/{job}/pause")
            client.wait(job, lambda value: value["status"] == "paused")

    def ring(self, crowd):
        """The seconds from before the request until the last of the crowd has the event."""
        job = self.jobs.pop()
        begin = time.time()
        self.client.cancel(job)
        return crowd.wait_for(f'"job_id":"{job}"'.encode()) - begin


def run(run, folder):
    count, rounds = run.size(1000, 10_000), run.size(2, 10)
    with run.daemon(folder) as daemon:
        client = daemon.client
        # A past of events, so long that who asks for it and does not read it stalls the server's answer.
        client.finished(client.create_job(client.upload(messages(400)), epochs=run.size(30, 60), every=1000))
        bell = Bell(client, 2 * rounds)
        memory, descriptors = process.resident(daemon.pid), process.descriptors(daemon.pid)
        begin = time.monotonic()
        crowd = Crowd(daemon.port, count)
        run.note(f"{count:,} clients have connected in", f"{time.monotonic() - begin:.2f} s")
        used = process.processor_seconds(daemon.pid)
        times = [bell.ring(crowd) for _ in range(rounds)]
        used = process.processor_seconds(daemon.pid) - used
        run.note("the server's processor time for an event", f"{used / rounds:.2f} s")
        run.check(f"until the last has an event, worst of {rounds}", max(times), "s", 1)
        run.check("memory of the server for each", (process.resident(daemon.pid) - memory) / 1024 / count, "KiB", 20)
        before = process.resident(daemon.pid)
        stalled = [connect(daemon.port, receive_buffer=4096) for _ in range(10)]
        for reader in stalled:
            reader.sendall(FOLLOW % b"?after=0")
        times = [bell.ring(crowd) for _ in range(rounds)]
        run.check("the same beside ten readers that stall", max(times), "s", 1)
        growth = (process.resident(daemon.pid) - before) / 2**20
        run.check("memory of the server for a reader that stalls", growth / len(stalled), "MiB", 2)
        crowd.leave()
        for reader in stalled:
            reader.close()
        run.check("descriptors left over when all have gone", process.settle(daemon.pid, descriptors, 30), "", 0)
