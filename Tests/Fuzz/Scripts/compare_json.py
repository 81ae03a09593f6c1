#!/usr/bin/env python3
"""Holds the JSON parser against Python's own on mutated texts: the same are accepted, with the same values.

  compare_json.py FUZZ [--cases N] [--seed S]

FUZZ is the program `fuzz`, whose command `json` answers the cases. Python's reader is made as strict as RFC 8259 and this
project's rules: no NaN, no byte order mark, UTF-8 only, a name once in an object, no half of a surrogate pair, no number
beyond binary64, 64 levels at most. Standard library only."""
import json
import sys

import answers

options, draw = answers.options(cases=100_000)

DEPTH = 64
SEEDS = [
    b'{"a":[1,-2.5e3,"x\\u00e9\\n",null,true,{"b":"\xf0\x9f\x98\x80"}],"c":"\\\\\\"/"}',
    b' [ ] ', b'{"":{}}', b'[0,-0,0.0,1E5,1e+05,9223372036854775807,9223372036854775808,-9223372036854775808,5e-324]',
    b'"\\ud83d\\ude00\\b\\f\\r\\t\\/"', b'[[[[[[[[1]]]]]]]]', b'{"k":1,"K":2,"\\u006b\\u006b":[false]}', b'true', b'-12.5',
    '"é日本\u2028"'.encode(), b'{"n":1.7976931348623157e308,"m":[123456789012345678901234567890]}',
    b"[" * 62 + b"]" * 62, b'{"a":' * 30 + b"[]" + b"}" * 30,
]
WORDS = [
    b"{", b"}", b"[", b"]", b",", b":", b'"', b"\\", b'\\"', b"\\u", b"\\u0000", b"\\ud800", b"\\udc00", b"\\ud83d\\ude00",
    b"null", b"true", b"false", b"NaN", b"Infinity", b"-Infinity", b"0", b"-", b"+", b".", b"e", b"E+", b"e-400", b"e309",
    b"00", b"1", b"9" * 25, b'""', b'"a":', b'"a":1,', b"[]", b"{}", b" ", b"\t", b"\r\n", b"\x0b", b"\x00", b"\x1f", b"\x7f",
    b"\xef\xbb\xbf", b"\xc3\xa9", b"\xc3", b"\xff", b"\xed\xa0\x80", b"\xc0\xaf", b"\xf4\x90\x80\x80", b"\xe2\x80\xa8", b"/**/",
    b"//", b"#", b"'", b"\\x41", b"\\/", b"\\b", b"0x1", b"1_0", b"\xd9\xa1", b"\xef\xbc\x91", b"[[[[", b"]]]]", b'{"a":',
]


def mutated():
    text = bytearray(draw.choice(SEEDS))
    for _ in range(1 << draw.randrange(3)):
        place = draw.randrange(len(text) + 1)
        end = min(len(text), place + draw.randrange(1, 12))
        kind = draw.randrange(10)
        if kind < 3:
            text[place:place] = draw.choice(WORDS)
        elif kind < 5:
            text[place:end] = draw.choice(WORDS)
        elif kind == 5 and place < len(text):
            text[place] = draw.randrange(256)
        elif kind == 6 and place < len(text):
            text[place] ^= 1 << draw.randrange(8)
        elif kind == 7:
            del text[place:end]
        elif kind == 8:
            text[place:place] = text[place:end] * draw.randrange(1, 9)
        else:
            other = draw.choice(SEEDS)
            text[place:] = other[draw.randrange(len(other)):]
    return bytes(text)


def refuse(reason):
    raise ValueError(reason)


def members(pairs):
    names = [name for name, _ in pairs]
    if len(set(names)) != len(names):
        refuse("a name stands twice")
    return dict(pairs)


def number(text):
    value = float(text)
    return value if abs(value) != float("inf") else refuse("beyond binary64")


def integer(text):
    value = int(text)
    return value if -(2 ** 63) <= value < 2 ** 63 else number(text)


def depth(value):
    if isinstance(value, dict):
        return 1 + max(map(depth, value.values()), default=0)
    if isinstance(value, list):
        return 1 + max(map(depth, value), default=0)
    return 0


def halves(value):
    """Whether there is half of a surrogate pair, which no UTF-8 text can hold."""
    if isinstance(value, str):
        return any(0xD800 <= ord(scalar) < 0xE000 for scalar in value)
    if isinstance(value, dict):
        return any(halves(name) or halves(member) for name, member in value.items())
    return isinstance(value, list) and any(map(halves, value))


def reference(text):
    """The value in a tuple; None where the text is refused."""
    try:
        value = json.loads(
            text.decode("utf-8", "strict"), object_pairs_hook=members, parse_float=number, parse_int=integer,
            parse_constant=refuse)
    except (ValueError, RecursionError):
        return None
    return None if depth(value) > DEPTH or halves(value) else (value,)


def same(left, right):
    """Equal, true not being 1, and objects in the same order."""
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, dict) and isinstance(right, dict):
        return list(left) == list(right) and all(same(left[name], right[name]) for name in left)
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(same, left, right))
    return left == right and type(left) is type(right) or (
        isinstance(left, (int, float)) and isinstance(right, (int, float)) and left == right)


cases = [mutated() for _ in range(options.cases)]
expected = [reference(case) for case in cases]
disagreements = []
ours = answers.ask(options.fuzz, "json", cases)
for index, (answer, value) in enumerate(zip(ours, expected)):
    if answer is None or value is None:
        agrees = answer is None and value is None
    else:
        agrees = same(json.loads(answer, parse_int=integer), value[0])
    if not agrees:
        disagreements.append(index)
sys.exit(answers.report(
    f"JSON texts, seed {options.seed}", cases, expected, disagreements,
    lambda index: f"{cases[index]!r}: Python {expected[index]!r}, here {ours[index]!r}"))
