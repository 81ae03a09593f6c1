#!/usr/bin/env python3
"""Tests a running server against its own description with schemathesis (PyPI, 4.x).

  run_schemathesis.py BASE_URL [TOKEN] [--seconds N]

BASE_URL ends in /v1. Run openai_client.py first, so that there are jobs to be found. Exit status: that of schemathesis,
0 where all passed.

Not asked: whether valid requests are accepted, as that depends on what is there (the file that a job names, the state
that a job is in), which a schema cannot say."""
import argparse
import pathlib
import subprocess
import sys
import tempfile

arguments = argparse.ArgumentParser()
arguments.add_argument("base_url")
arguments.add_argument("token", nargs="?", default="")
arguments.add_argument("--seconds", type=int, default=120, help="how long to look for faults")
options = arguments.parse_args()

command = [
    str(pathlib.Path(sys.executable).parent / "schemathesis"),
    "run",
    f"{options.base_url}/openapi.json",
    "--exclude-checks=positive_data_acceptance",
    "--continue-on-failure",
    f"--max-time={options.seconds}",
    "--warnings=off",
    "--no-color",
]
if options.token:
    command.append(f"--header=Authorization: Bearer {options.token}")
with tempfile.TemporaryDirectory() as scratch:
    # It leaves its cache where it runs.
    sys.exit(subprocess.run(command, cwd=scratch).returncode)
