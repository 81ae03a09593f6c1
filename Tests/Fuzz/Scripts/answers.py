"""What the scripts beside this one share: their options, and many cases answered by one process of `fuzz`."""
import argparse
import random
import struct
import subprocess
import sys

REFUSED = 0xFFFFFFFF


def options(cases):
    """The options, and the generator that their seed begins."""
    parser = argparse.ArgumentParser()
    parser.add_argument("fuzz")
    parser.add_argument("--cases", type=int, default=cases)
    parser.add_argument("--seed", type=int, default=1)
    found = parser.parse_args()
    # Numbers of thousands of digits are cases, too.
    if hasattr(sys, "set_int_max_str_digits"):
        sys.set_int_max_str_digits(0)
    return found, random.Random(found.seed)


def ask(program, command, cases):
    """The program's answer to each case, None where it refused it."""
    blob = b"".join(struct.pack("<I", len(case)) + case for case in cases)
    done = subprocess.run([program, command], input=blob, stdout=subprocess.PIPE, check=True)
    answers, position = [], 0
    while position < len(done.stdout):
        (length,) = struct.unpack_from("<I", done.stdout, position)
        position += 4
        if length == REFUSED:
            answers.append(None)
        else:
            answers.append(done.stdout[position:position + length])
            position += length
    assert len(answers) == len(cases), f"{len(answers)} answers to {len(cases)} cases"
    return answers


def report(name, cases, expected, disagreements, show):
    """Prints the table; the exit status."""
    accepted = sum(1 for value in expected if value)
    print(f"{name}: {len(cases)} cases, {accepted} accepted, {len(cases) - accepted} refused")
    for index in disagreements[:10]:
        print(f"  case {index}: {show(index)}")
    print(f"disagreements: {len(disagreements)}")
    return 1 if disagreements else 0
