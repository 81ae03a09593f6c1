#!/usr/bin/env python3
"""Puts load and rude clients on a server that it starts itself, on the loopback interface, and holds what is measured
against limits. Exit status 0 where all are kept.
"""
import argparse
import pathlib
import random
import signal
import sys
import tempfile
import time

sys.dont_write_bytecode = True
sys.path.insert(1, str(pathlib.Path(__file__).resolve().parent.parent / "Chaos"))

from measures.process import raise_descriptor_limit  # noqa: E402
from measures.table import Table  # noqa: E402
from parts import connections, slow, soak, status, streams, uploads  # noqa: E402
from support.daemon import ROOT, Daemon  # noqa: E402

PARTS = {
    "streams": streams, "connections": connections, "status": status, "uploads": uploads, "slow": slow, "soak": soak,
}


class Run:
    """What the parts share: what was asked for, the daemons, the table."""

    def __init__(self, options):
        self.short = options.short
        self.minutes = options.minutes
        self.model = options.model
        self.programs = programs(options.programs)
        self.directory = options.directory
        self.random = random.Random(options.seed)
        self.table = Table("part", "what", "figure", "limit", "verdict")
        self.part = ""
        self.failures = 0

    def size(self, short, long):
        """How much of something the present form asks for."""
        return short if self.short else long

    def daemon(self, folder, *options):
        """A daemon of the programs under test, not started yet."""
        daemon = Daemon(*options, place=folder)
        daemon.program = self.programs / "finetuned"
        return daemon

    def check(self, what, figure, unit, limit, least=False):
        """A row: a figure and the most (or least) that it may be."""
        passed = figure >= limit if least else figure <= limit
        self.failures += not passed
        number = f"{figure:,.0f}" if float(figure).is_integer() else f"{figure:,.2f}"
        self.table.add(
            self.part, what, f"{number} {unit}".strip(), f"{'≥' if least else '≤'} {limit:,} {unit}".strip(),
            "ok" if passed else "FAILED")

    def expect(self, what, holds):
        """A row: something that must be so."""
        self.failures += not holds
        self.table.add(self.part, what, "yes" if holds else "no", "yes", "ok" if holds else "FAILED")

    def note(self, what, figure):
        """A row without a limit."""
        self.table.add(self.part, what, figure, "", "")

    def run(self, name):
        self.part = name
        print(f"{name}: {PARTS[name].__doc__.splitlines()[0]}", flush=True)
        begin = time.monotonic()
        with tempfile.TemporaryDirectory(prefix="finetuned-load-", dir=self.directory) as folder:
            PARTS[name].run(self, pathlib.Path(folder))
        self.note("time", f"{time.monotonic() - begin:.0f} s")


def programs(directory):
    """The folder with `finetuned` and `finetune-worker`: the one named, else what was built last."""
    names = ("finetuned", "finetune-worker")
    candidates = [pathlib.Path(directory)] if directory else [ROOT / ".build/release", ROOT / ".build/debug"]
    complete = [folder.resolve() for folder in candidates if all((folder / name).exists() for name in names)]
    if not complete:
        looked = " and ".join(map(str, candidates))
        raise SystemExit(f"no {' and '.join(names)} in {looked}: build them, or name their folder with --programs")
    return max(complete, key=lambda folder: (folder / names[0]).stat().st_mtime)


def main():
    described = "\n".join(f"  {name:12}{part.__doc__.splitlines()[0]}" for name, part in PARTS.items())
    parser = argparse.ArgumentParser(
        description=__doc__, epilog=f"parts:\n{described}", formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", metavar="PART", help="all without it")
    parser.add_argument("--short", action="store_true", help="small numbers, at most a minute in all")
    parser.add_argument("--minutes", type=float, help="how long the soak takes (30, short 0.2)")
    parser.add_argument("--model", type=pathlib.Path, help="a folder of a model to train while the status is asked for")
    parser.add_argument("--programs", help="the folder of finetuned and finetune-worker (what was built last)")
    parser.add_argument("--directory", help="where the data is written meanwhile, some 12 GiB (the temporary one)")
    parser.add_argument("--seed", type=int, default=1, help="of everything that is left to chance (1)")
    options = parser.parse_args()
    unknown = set(options.parts) - set(PARTS)
    if unknown:
        parser.error(f"no part {', '.join(sorted(unknown))}; known: {', '.join(PARTS)}")
    options.minutes = options.minutes or (0.2 if options.short else 30)
    # Also who is told to end leaves no daemon behind.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    run = Run(options)
    raise_descriptor_limit(2_500 if options.short else 11_000)
    for name in options.parts or PARTS:
        run.run(name)
    print()
    run.table.print()
    sys.exit(1 if run.failures else 0)


main()
