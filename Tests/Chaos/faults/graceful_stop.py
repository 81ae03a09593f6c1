"""SIGTERM under load: what was acknowledged is there, streams say farewell, workers train on; a second one is at once"""

import http.client
import random
import signal
import socket
import time

from support.client import JOBS, TERMINAL
from support.daemon import Daemon, end, until
from support.events import EventListener
from support.load import Books, Load, audit, audit_end

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
        until(lambda: all(job["status"] in TERMINAL for job in daemon.client.list(JOBS)), 120, "jobs do not end")
        until(lambda: not daemon.workers(), 10, "workers do not end")
        time.sleep(0.2)
        listener.stop()
        audit(daemon, books, report, reads_files=True)
        audit_end(daemon, books, listener, report)
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
    with socket.create_connection(("127.0.0.1", daemon.port)) as upload:
        upload.sendall(b"POST /v1/files HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 9\r\n\r\n")
        http.client.HTTPConnection("127.0.0.1", daemon.port)
        time.sleep(0.1)
        daemon.process.terminate()
        until(lambda: "stopping signal=terminate" in daemon.log.rsplit("ready", 1)[-1], 5, "the signal is not heard")
        report.check(daemon.process.poll() is None, "the first SIGTERM did not wait for a request")
        begun = time.monotonic()
        end(daemon.process.pid, signal.SIGTERM)
        daemon.ended()
        took = time.monotonic() - begun
        report.check(took < 1, f"the second SIGTERM took {took:.1f} s")
