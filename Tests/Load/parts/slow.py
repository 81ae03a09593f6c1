"""1,000 slow heads, slow bodies and slow readers (slowhttptest): others are served as ever, memory is flat."""
import shutil
import subprocess
import time

from measures import process
from measures.table import percentile
from measures.watch import Watch
from support.client import JOBS, messages

CONNECTIONS = 1000


def run(run, folder):
    program = shutil.which("slowhttptest")
    if not program:
        return run.note("skipped", "slowhttptest is not installed")
    seconds = run.size(4, 40)
    with run.daemon(folder) as daemon:
        client = daemon.client
        file = client.upload(messages(40_000))
        job = client.finished(client.create_job(client.upload(messages()), epochs=1))["id"]
        origin = f"http://127.0.0.1:{daemon.port}"
        attacks = {
            "heads": ["-H", "-i", "5", "-u", f"{origin}{JOBS}"],
            "bodies": ["-B", "-i", "5", "-s", "8192", "-f", "application/json", "-u", f"{origin}{JOBS}"],
            "readers": ["-X", "-w", "512", "-y", "1024", "-n", "5", "-z", "32", "-k", "3",
                        "-u", f"{origin}/v1/files/{file}/content"],
        }
        for name, options in attacks.items():
            pace = ["-c", str(CONNECTIONS), "-r", str(CONNECTIONS // 2), "-l", str(seconds), "-p", "3"]
            with open(folder / "slowhttptest", "wb") as output, Watch(daemon.pid) as watch:
                child = subprocess.Popen(
                    [program, *pace, *options], stdin=subprocess.DEVNULL, stdout=output, stderr=output)
                times, most, used, begin = [], 0, process.processor_seconds(daemon.pid), time.monotonic()
                while child.poll() is None:
                    sent = time.monotonic()
                    client.job(job)
                    times.append((time.monotonic() - sent) * 1000)
                    most = max(most, process.descriptors(daemon.pid))
                    time.sleep(0.005)
            used, taken = process.processor_seconds(daemon.pid) - used, time.monotonic() - begin
            run.note(f"slow {name}, descriptors at once", most)
            run.note(f"slow {name}, processor time of the server", f"{used:.2f} s of {taken:.0f} s")
            run.check(f"slow {name}: others' p99 of {len(times):,} requests", percentile(times, 0.99), "ms", 100)
            run.check(f"slow {name}: memory for each", watch.growth / 1024 / CONNECTIONS, "KiB", 32)
