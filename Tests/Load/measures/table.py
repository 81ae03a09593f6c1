"""A table for people."""


def percentile(values, share):
    """The value below which that share of the values lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


class Table:
    """Rows of text in columns; each row is also printed when it is added, so that a long run shows where it is."""

    def __init__(self, *columns):
        self.rows = [columns]

    def add(self, *cells):
        self.rows.append(tuple(map(str, cells)))
        print("  " + " · ".join(self.rows[-1]), flush=True)

    def print(self):
        widths = [max(map(len, column)) for column in zip(*self.rows)]
        rule = tuple("─" * width for width in widths)
        for row in (self.rows[0], rule, *self.rows[1:]):
            print("  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip())
