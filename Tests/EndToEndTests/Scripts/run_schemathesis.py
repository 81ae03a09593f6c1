#!/usr/bin/env python3
"""Holds a server of its own against its description with schemathesis (PyPI, 4.x), which has to be beside this Python.

  run_schemathesis.py [--examples N] [--seed S] [--programs DIR]

Three jobs are trained first, so that there is something to be found, then an administrator's token is made. Exit status:
that of schemathesis, 0 where all passed.

Not asked: whether valid requests are accepted, as that depends on what is there (the file that a job names, the state
that a job is in), which a schema cannot say."""
import argparse
import pathlib
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(1, str(pathlib.Path(__file__).resolve().parents[2] / "Chaos"))

from support.client import messages  # noqa: E402
from support.daemon import PROGRAMS, Daemon  # noqa: E402

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--examples", type=int, default=200, help="generated requests an operation (200)")
parser.add_argument("--seed", type=int, help="of what is generated")
parser.add_argument("--programs", type=pathlib.Path, default=PROGRAMS, help="the folder of finetuned (the debug build's)")
options = parser.parse_args()

with tempfile.TemporaryDirectory() as place:
    daemon = Daemon("--threads", "1", place=place)
    daemon.program = options.programs.resolve() / "finetuned"
    with daemon:
        file = daemon.client.upload(messages())
        for job in [daemon.client.create_job(file) for _ in range(3)]:
            daemon.client.finished(job)
        made = subprocess.run(
            [daemon.program, "token", "create", "schemathesis", "--scope", "admin", "--data", daemon.data],
            check=True, capture_output=True, text=True)
        command = [
            pathlib.Path(sys.executable).parent / "schemathesis", "run",
            f"http://127.0.0.1:{daemon.port}/v1/openapi.json", f"--header=Authorization: Bearer {made.stdout.strip()}",
            "--exclude-checks=positive_data_acceptance", "--request-timeout=5", f"--max-examples={options.examples}",
            "--continue-on-failure", "--warnings=off", "--no-color",
        ]
        if options.seed is not None:
            command.append(f"--seed={options.seed}")
        # It leaves its cache where it runs.
        status = subprocess.run(command, cwd=place).returncode
sys.exit(status)
