"""SIGTERM under load: what was acknowledged is there, streams say farewell, workers train on; a second one is at once"""

import random
import signal
import socket
import time

from support.client import JOBS
from support.daemon import Daemon, end, until
from support.events import EventListener
from support.load import Books, Load, settle

#: Seconds: the daemon lets requests end for at most ten.
SLOWEST = 12.0


def run(report):
    with Daemon("--workers", "2", "--threads", "1") as daemon:
        books, listener = Books(), EventListener(daemon.port)
        listener.start()
        with Load(daemon.port, books):
            for number in range(report.pick(4, 40)):
                time.sleep(random.uniform(0.2, 0.8))
                stop(daemon, report, number)
                report.recoveries.append(daemon.start())
                report.rounds += 1
        settle(daemon, books, listener, report)
        report.check(listener.farewells, "no stream said farewell")
        attempts = [job["attempt"] for job in daemon.client.list(JOBS)]
        report.check(max(attempts) == 1, f"workers were lost: attempts {sorted(attempts)[-3:]}")
        stop_twice(daemon, report)


def stop(daemon, report, number):
    begun = time.monotonic()
    daemon.process.send_signal(random.choice([signal.SIGTERM, signal.SIGINT]))
    status = daemon.ended()
    took = time.monotonic() - begun
    report.check(status == 0, f"round {number}: status {status}")
    report.check(took < SLOWEST, f"round {number}: stopped after {took:.1f} s")


def stop_twice(daemon, report):
    """A request that does not end holds the first SIGTERM up; the second one does not wait for it."""
    with socket.create_connection(("127.0.0.1", daemon.port), timeout=5) as request:
        request.sendall(
            b"POST /v1/fine_tuning/jobs HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
            b"Content-Length: 9\r\nExpect: 100-continue\r\n\r\n")
        # Now it is being served, and waits for its body.
        report.check(request.recv(100).startswith(b"HTTP/1.1 100 "), "the request is not asked for its body")
        daemon.process.terminate()
        until(lambda: "stopping signal=terminate" in daemon.log.rsplit("ready", 1)[-1], 5, "the signal is not heard")
        report.check(daemon.process.poll() is None, "the first SIGTERM did not wait for a request")
        begun = time.monotonic()
        end(daemon.process.pid, signal.SIGTERM)
        daemon.ended()
        took = time.monotonic() - begun
        report.check(took < 1, f"the second SIGTERM took {took:.1f} s")
