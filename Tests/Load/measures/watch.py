"""Memory and descriptors of a process over time."""
import threading
import time

from . import process


class Watch(threading.Thread):
    """Samples a process until it is stopped or the process ends.

    As a context it runs while the block does.
    """

    def __init__(self, pid, interval=0.05):
        super().__init__(daemon=True)
        self.pid, self.interval = pid, interval
        self.samples = []  # (seconds, resident bytes, descriptors)
        self.ended = threading.Event()

    def run(self):
        while True:
            try:
                self.samples.append((time.monotonic(), process.resident(self.pid), process.descriptors(self.pid)))
            except (FileNotFoundError, ProcessLookupError):
                return
            if self.ended.wait(self.interval):
                return

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.ended.set()
        self.join()

    @property
    def growth(self):
        """How far resident memory rose above what it was at the start; bytes."""
        return max(sample[1] for sample in self.samples) - self.samples[0][1]

    def slope(self, column, skip):
        """By how much a column (1 memory, 2 descriptors) rises a minute.

        It is that of the least squares through the lowest values of forty stretches of the time: what is only there for
        a moment, while requests are served, does not count.

        - skip: the share of the time at the start that is left out.
        """
        begin, end = self.samples[0][0], self.samples[-1][0]
        lowest = {}
        for sample in self.samples:
            stretch = int(40 * (sample[0] - begin) / (end - begin))
            if stretch >= 40 * skip:
                lowest[stretch] = min(lowest.get(stretch, sample[column]), sample[column])
        minutes = (end - begin) / 60 / 40
        middle = sum(lowest) / len(lowest), sum(lowest.values()) / len(lowest)
        rise = sum((stretch - middle[0]) * (value - middle[1]) for stretch, value in lowest.items())
        return rise / sum((stretch - middle[0]) ** 2 for stretch in lowest) / minutes
