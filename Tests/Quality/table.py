#!/usr/bin/env python3
"""Prints the means over seeds of both sides, and their difference in points, for each set and mode.

usage: table.py RESULTS.jsonl
Ends with 1 where a mean of ours is more than half a point below the peer's.
"""
import collections
import json
import statistics
import sys

values = collections.defaultdict(lambda: {"ours": [], "peer": []})
for line in open(sys.argv[1], encoding="utf-8"):
    run = json.loads(line)
    values[run["set"], run["mode"]][run["side"]].append((run["seed"], 100 * run["value"], run["seconds"]))
behind = 0
print(f"{'set':6}{'mode':6}{'ours':>8}{'peer':>8}{'points':>8}  seeds (ours | peer)                        seconds ours/peer")
for (name, mode), sides in sorted(values.items()):
    if not sides["ours"] or not sides["peer"]:
        continue
    mean = {side: statistics.mean(value for _, value, _ in runs) for side, runs in sides.items()}
    time = {side: statistics.mean(seconds for _, _, seconds in runs) for side, runs in sides.items()}
    shown = " | ".join(" ".join(f"{value:.1f}" for _, value, _ in sorted(sides[side])) for side in ("ours", "peer"))
    difference = mean["ours"] - mean["peer"]
    behind += difference < -0.5
    print(f"{name:6}{mode:6}{mean['ours']:8.2f}{mean['peer']:8.2f}{difference:+8.2f}  {shown:42} {time['ours']:.0f}/{time['peer']:.0f}")
sys.exit(1 if behind else 0)
