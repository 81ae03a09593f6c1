"""What the kernel tells about a process."""
import os
import pathlib
import resource
import time

PAGE = os.sysconf("SC_PAGE_SIZE")
TICKS = os.sysconf("SC_CLK_TCK")


def resident(pid):
    """Resident memory in bytes."""
    return int(pathlib.Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE


def descriptors(pid):
    """How many descriptors it has open."""
    return len(os.listdir(f"/proc/{pid}/fd"))


def settle(pid, expected, limit):
    """Waits, at most so many seconds, until it has no more descriptors open than expected; returns how many beyond."""
    deadline = time.monotonic() + limit
    while descriptors(pid) > expected and time.monotonic() < deadline:
        time.sleep(0.1)
    return max(0, descriptors(pid) - expected)


def processor_seconds(pid):
    """Seconds of processor time that all of its threads have used."""
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def raise_descriptor_limit(needed):
    """Raises this process's limit of open descriptors, and so its children's, as far as it may.

    Raises SystemExit where `needed` is out of reach.
    """
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    if most != resource.RLIM_INFINITY and most < needed:
        raise SystemExit(f"this needs {needed} open descriptors, and {most} are allowed: raise `ulimit -Hn`")
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
