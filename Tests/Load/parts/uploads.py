"""An upload of 5 GiB, then 50 at once that break off: memory is flat, nothing is left behind."""
import json
import threading
import time

from measures import process
from measures.watch import Watch
from support.client import messages
from . import sockets

PIECE = (messages(4096) * 8)[: 1 << 20]
GIB = 1 << 30
HEAD = (b'--edge\r\nContent-Disposition: form-data; name="purpose"\r\n\r\nfine-tune\r\n'
        b'--edge\r\nContent-Disposition: form-data; name="file"; filename="large.jsonl"\r\n\r\n')
TAIL = b"\r\n--edge--\r\n"


def begin(port, size):
    """A connection on which the head of an upload of `size` bytes has been sent."""
    connection = sockets.connect(port, timeout=300)
    length = len(HEAD) + size + len(TAIL)
    connection.sendall(
        f"POST /v1/files HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {length}\r\n"
        "Content-Type: multipart/form-data; boundary=edge\r\nConnection: close\r\n\r\n".encode() + HEAD)
    return connection


def stream(connection, size):
    """Sends so much of the content.

    Returns whether the server took it all.
    """
    view = memoryview(PIECE)
    for offset in range(0, size, len(PIECE)):
        if not sockets.send(connection, view[: min(len(PIECE), size - offset)]):
            return False
    return True


def contents(daemon):
    """Names in the folders that uploads pass through."""
    return {path for name in ("files", "tmp") for path in (daemon.data / name).iterdir()}


def run(run, folder):
    size = run.size(GIB // 4, 5 * GIB)
    with run.daemon(folder) as daemon:
        client = daemon.client
        client.upload(messages())
        before = contents(daemon)
        started = time.monotonic()
        with Watch(daemon.pid) as watch:
            connection = begin(daemon.port, size)
            stream(connection, size)
            connection.sendall(TAIL)
            answer = sockets.read_to_end(connection)
            connection.close()
        seconds = time.monotonic() - started
        file = json.loads(answer.partition(b"\r\n\r\n")[2])
        run.check(f"bytes stored of {size:,}", file.get("bytes", 0), "", size, least=True)
        run.note("pace", f"{size / seconds / 2**20:,.0f} MiB/s")
        run.check("growth of memory meanwhile", watch.growth / 2**20, "MiB", 16)
        client.send("DELETE", f"/v1/files/{file['id']}")
        run.check("left behind once it is deleted", len(contents(daemon) - before), "files", 0)
        cut_off(run, daemon, before)


def cut_off(run, daemon, before):
    """50 uploads at once, each of which says that it has 5 GiB and breaks off somewhere."""
    most = run.size(8 << 20, GIB)
    # Evenly over the orders of magnitude, from one byte on.
    cuts = [int(most ** run.random.random()) for _ in range(50)]
    descriptors = process.descriptors(daemon.pid)
    resets = [run.random.random() < 0.5 for _ in cuts]

    def upload(cut, is_reset):
        connection = begin(daemon.port, 5 * GIB)
        stream(connection, cut)
        sockets.reset(connection) if is_reset else connection.close()

    started = time.monotonic()
    with Watch(daemon.pid) as watch:
        threads = [threading.Thread(target=upload, args=pair) for pair in zip(cuts, resets)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        left_open = process.settle(daemon.pid, descriptors, 60)
    run.note("50 uploads cut off", f"{sum(cuts) / 2**20:,.0f} MiB in {time.monotonic() - started:.1f} s")
    run.check("left behind by them", len(contents(daemon) - before), "files", 0)
    run.check("descriptors left over", left_open, "", 0)
    run.check("growth of memory meanwhile", watch.growth / 2**20, "MiB", 32)
    daemon.client.upload(messages())
