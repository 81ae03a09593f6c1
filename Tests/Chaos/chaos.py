#!/usr/bin/env python3
"""Hurts the daemon and its workers in every way that can be thought of, and counts what was lost.

It drives the debug build's programs on a tiny model, in temporary folders and on the loopback interface only.
"""

import argparse
import concurrent.futures
import importlib
import pathlib
import sys
import time
import traceback

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).parent))

from support.report import Report, Skip, table  # noqa: E402

NAMES = sorted(path.stem for path in (pathlib.Path(__file__).parent / "faults").glob("[a-z]*.py"))


def run(name, is_short):
    """Runs a fault; its report, whatever happens."""
    report = Report(name, is_short)
    begun = time.monotonic()
    try:
        importlib.import_module(f"faults.{name}").run(report)
    except Skip as skip:
        report.skipped = str(skip)
    except Exception:
        report.failures.append(traceback.format_exc())
    took = time.monotonic() - begun
    print(f"{name}: {report.verdict} ({took:.0f} s)", *report.details(), sep="\n    ", flush=True)
    return report


def main():
    faults = "\n".join(f"  {name:20} {importlib.import_module(f'faults.{name}').__doc__}" for name in NAMES)
    parser = argparse.ArgumentParser(
        description=__doc__, epilog=f"faults:\n{faults}", formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("faults", nargs="*", metavar="FAULT", help="which faults (all)")
    parser.add_argument("--short", action="store_true", help="few rounds: less than three minutes for all faults")
    parser.add_argument("--at-once", type=int, default=1, metavar="N", help="how many faults are tried at a time (1)")
    arguments = parser.parse_args()
    unknown = set(arguments.faults) - set(NAMES)
    if unknown:
        parser.error(f"no fault {', '.join(sorted(unknown))}; there are {', '.join(NAMES)}")
    with concurrent.futures.ThreadPoolExecutor(arguments.at_once) as pool:
        reports = list(pool.map(lambda name: run(name, arguments.short), arguments.faults or NAMES))
    print(f"\n{table(reports)}")
    return any(report.verdict == "failed" for report in reports)


if __name__ == "__main__":
    sys.exit(main())
