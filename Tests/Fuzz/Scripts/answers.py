"""What the scripts beside this one share: many cases answered by one process of `fuzz`."""
import struct
import subprocess

REFUSED = 0xFFFFFFFF


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
