"""100,000 connections, opened and closed in every rude way: no descriptor leaks, memory is flat."""
import collections
import socket
import time

from measures import process
from . import sockets

GET = b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
LIST = b"GET /v1/fine_tuning/jobs HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
STREAM = b"GET /v1/events HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/event-stream\r\n\r\n"
UPLOAD = (b"POST /v1/files HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100000\r\n"
          b"Content-Type: multipart/form-data; boundary=edge\r\n\r\n"
          b'--edge\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n' + b"x" * 10_000)


def half_close(connection):
    """Ends the own side and reads the answer."""
    try:
        connection.shutdown(socket.SHUT_WR)
    except OSError:
        pass  # The server was faster.
    sockets.read_to_end(connection)
    connection.close()


def close(connection):
    connection.close()


# What is sent, and how the connection then ends, after some others have been opened.
WAYS = [
    (b"", sockets.reset), (b"", close), (b"", half_close),
    (GET[:25], sockets.reset), (GET[:25], close), (GET[:25], half_close),
    (GET, sockets.reset), (GET, close), (GET, half_close),
    (LIST, sockets.reset), (LIST, close), (LIST, half_close),
    (GET * 20, sockets.reset), (GET * 20, half_close), (LIST + GET[:25], half_close),
    (UPLOAD, sockets.reset), (UPLOAD, close), (UPLOAD, half_close),
    (STREAM, sockets.reset), (STREAM, close), (STREAM, half_close),
    (b"\x16\x03\x01\x02\x00\x01", sockets.reset), (b"no request at all\r\n\r\n", half_close),
]


def storm(port, count, random):
    """Opens so many connections, up to 200 at a time, and ends each in a way of its own."""
    open_ones = collections.deque()
    for _ in range(count):
        sent, end = random.choice(WAYS)
        connection = sockets.connect(port)
        sockets.send(connection, sent)
        open_ones.append((connection, end))
        if len(open_ones) > random.randrange(200):
            connection, end = open_ones.popleft()
            end(connection)
    for connection, end in open_ones:
        end(connection)


def run(run, folder):
    count, idle = run.size(5_000, 100_000), run.size(200, 1000)
    with run.daemon(folder) as daemon:
        daemon.client.get("/v1/fine_tuning/jobs")
        storm(daemon.port, count // 10, run.random)
        process.settle(daemon.pid, 0, 3)
        memory, descriptors = process.resident(daemon.pid), process.descriptors(daemon.pid)
        # Nobody closes these but the server, ten seconds after they came.
        silent = [sockets.connect(daemon.port) for _ in range(idle)]
        begin = time.monotonic()
        storm(daemon.port, count, run.random)
        seconds = time.monotonic() - begin
        run.note(f"{count:,} connections in", f"{seconds:.1f} s, {count / seconds:,.0f}/s")
        for connection in silent:
            sockets.read_to_end(connection)
            connection.close()
        run.check("descriptors left over", process.settle(daemon.pid, descriptors, 30), "", 0)
        run.check("growth of memory", (process.resident(daemon.pid) - memory) / 2**20, "MiB", 8)
        run.expect("the server answers", daemon.client.get("/healthz") == {"status": "ok"})
        left = sum(len(list((daemon.data / name).iterdir())) for name in ("files", "tmp"))
        run.check("files left by uploads that broke off", left, "", 0)
