"""kill -9 of the daemon at random moments under load: uploads, creations, cancellations, event streams"""

import random
import time

from support.daemon import Daemon
from support.events import EventListener
from support.load import Books, Load, audit, settle

#: Seconds within which the daemon must be ready again.
READY = 2.0


def run(report):
    rounds = report.pick(10, 200)
    with Daemon("--workers", "2", "--threads", "1") as daemon:
        books, listener = Books(), EventListener(daemon.port)
        listener.start()
        with Load(daemon.port, books):
            for number in range(rounds):
                # The moment is what is tried: between any two things that the daemon does.
                time.sleep(random.uniform(0.02, 0.8))
                took = daemon.restart()
                report.recoveries.append(took)
                report.check(took <= READY, f"round {number}: ready after {took:.2f} s")
                if number % 10 == 9:
                    audit(daemon, books, report)
                report.rounds += 1
        settle(daemon, books, listener, report)
        report.remarks.append(
            f"{len(books.files)} files, {len(books.jobs)} jobs, {len(books.cancelled)} cancellations, "
            f"{len(listener.events)} events acknowledged")
