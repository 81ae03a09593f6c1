"""no file descriptor is left: 503, training goes on; with descriptors again all goes on without a restart"""

import http.client
import os
import resource
import time

from support.client import Client, Refused, messages
from support.daemon import Daemon, until
from support.outcome import Trial


def run(report):
    with Daemon("--threads", "1") as daemon:
        trial = Trial(daemon, epochs=60, every=50)
        for number in range(report.pick(2, 20)):
            job = trial.create()
            daemon.client.at_step(job, 20)
            usual = resource.prlimit(daemon.pid, resource.RLIMIT_NOFILE)
            before = opened(daemon)
            # Opened before: what is asked on it needs no descriptor but those of its own files.
            connection = http.client.HTTPConnection("127.0.0.1", daemon.port, timeout=30)
            connection.request("GET", "/healthz")
            connection.getresponse().read()
            resource.prlimit(daemon.pid, resource.RLIMIT_NOFILE, (opened(daemon), usual[1]))
            worker = daemon.worker(job)
            report.check(refusal(connection) == 503, "an upload without a descriptor was not refused with 503")
            until(lambda: not worker or daemon.worker(job) != worker, 60, "the worker does not end")
            report.check(daemon.process.poll() is None, "the daemon has ended")
            resource.prlimit(daemon.pid, resource.RLIMIT_NOFILE, usual)
            restored = time.monotonic()
            daemon.client.upload(messages())
            report.recoveries.append(time.monotonic() - restored)
            connection.close()
            value = trial.compare(job, report, f"round {number}")
            report.check(value["attempt"] == 1, f"attempt {value['attempt']}")
            until(lambda: opened(daemon) <= before, 20, f"{opened(daemon)} descriptors, {before} before")
            report.rounds += 1


def opened(daemon):
    return len(os.listdir(f"/proc/{daemon.pid}/fd"))


def refusal(connection):
    """The status with which an upload on an open connection is answered."""
    client = Client(0)

    def send(method, path, body, headers):
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        raise Refused(answer.status, answer.read())

    client.send = send
    try:
        client.upload(messages())
    except Refused as refused:
        return refused.status
    return None
