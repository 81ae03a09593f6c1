"""What a fault's rounds came to."""

import statistics


class Skip(Exception):
    """The fault cannot be tried on this machine, and why."""


class Report:
    """The books of one fault."""

    def __init__(self, name, is_short):
        self.name = name
        self.is_short = is_short
        self.rounds = 0
        self.lost = []
        self.doubled = []
        self.failures = []
        self.recoveries = []
        self.remarks = []
        self.skipped = None

    def pick(self, short, long):
        """A number for the short form or the long one."""
        return short if self.is_short else long

    def check(self, holds, failure):
        """Notes a failure where something does not hold."""
        if not holds:
            self.failures.append(str(failure))
        return holds

    @property
    def verdict(self):
        if self.skipped:
            return f"skipped: {self.skipped}"
        return "failed" if self.lost or self.doubled or self.failures else "passed"

    @property
    def row(self):
        times = self.recoveries
        recovery = f"{statistics.median(times):.2f} / {max(times):.2f} s" if times else "-"
        figures = ["-"] * 3 if self.skipped else [self.rounds, len(self.lost), len(self.doubled)]
        return [self.name, *map(str, figures), recovery, self.verdict]

    def details(self, most=8):
        """Lines that tell what was wrong, and what else is worth knowing."""
        faults = {"lost": self.lost, "doubled": self.doubled, "wrong": self.failures}
        lines = [f"{what}: {fault}" for what, found in faults.items() for fault in found[:most]]
        left = sum(max(0, len(found) - most) for found in faults.values())
        return lines + ([f"and {left} more"] if left else []) + self.remarks


def table(reports):
    """The reports as a table of text."""
    rows = [["fault", "rounds", "lost", "doubled", "recovery (median / max)", "verdict"]]
    rows += [report.row for report in reports]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip() for row in rows)
