#!/usr/bin/env python3
"""Holds the safetensors reader against the Python package `safetensors` on mutated files: the same are accepted, with the
same tensors.

  compare_safetensors.py FUZZ [--cases N] [--seed S]

FUZZ is the program `fuzz`, whose command `safetensors` answers the cases. Where this project refuses what the package lets
pass, the rule is one of `stricter` below, told here from the header alone and not from the answer."""
import json
import os
import struct
import sys
import tempfile
import unicodedata

import safetensors

import answers

options, draw = answers.options(cases=12_000)

BITS = {
    "BOOL": 8, "F4": 4, "F6_E2M3": 6, "F6_E3M2": 6, "U8": 8, "I8": 8, "F8_E5M2": 8, "F8_E4M3": 8, "F8_E8M0": 8, "I16": 16,
    "F8_E4M3FNUZ": 8, "F8_E5M2FNUZ": 8, "U16": 16, "F16": 16, "BF16": 16, "I32": 32, "U32": 32, "F32": 32, "C64": 64,
    "F64": 64, "I64": 64, "U64": 64,
}
NAMES = ["a", "b", "encoder.weight", "", "\u00e9", "e\u0301", "a\\u0000", "\\u0061", "\\ud83d\\ude00", "__metadata__", "\u65e5"]
NUMBERS = [
    "0", "1", "2", "4", "8", "-1", "-0", "1.0", "1e0", "0.5", "4294967296", "4611686018427387904", "9223372036854775807",
    "9223372036854775808", "18446744073709551615", "18446744073709551616", "1" + "0" * 40, "1e400", "null", "true", '"4"',
    "[]", "{}", "01", "0x4", "NaN", "",
]
VALUES = [
    "null", "0", '""', "[]", "{}", '"F32"', '["F32",[1],[0,4]]', '{"F32":null}', "[0,4]", "true", '"' + "a" * 300 + '"',
    "[" * 60 + "]" * 60, "[" * 100 + "]" * 100, "[" * 130 + "]" * 130, '{"x":1,"x":2}', '{"dtype":"F32"}', "1e999", '"\\ud800"',
]
WORDS = [
    b"{", b"}", b"[", b"]", b",", b":", b'"', b"\\", b" ", b"\n", b"\t", b"\x00", b"\xff", b"\xc3", b"\xc3\xa9", b"0", b"1", b"-",
    b"9" * 20, b'"a":', b'"dtype"', b'"shape"', b'"data_offsets"', b"null", b"\\u0041", b"\\ud800", b"\xef\xbb\xbf", b"/**/", b"{}",
]


def product(shape):
    count = 1
    for size in shape:
        count *= size
    return count


def good_tensors():
    """Tensors that cover their data: name, element type, shape, beginning, end."""
    tensors, end = [], 0
    for name in draw.sample(NAMES[:9], draw.randrange(0, 5)):
        dtype = draw.choice(list(BITS)) if draw.random() < 0.5 else "F32"
        shape = [draw.choice([0, 1, 2, 3, 8]) for _ in range(draw.randrange(0, 4))]
        if product(shape) * BITS[dtype] % 8:
            shape.append(4)
        size = product(shape) * BITS[dtype] // 8
        tensors.append([name, dtype, shape, end, end + size])
        end += size
    draw.shuffle(tensors)
    return tensors, end


def member(name, value):
    return f'"{name}":{value}'


def case():
    """A file: bytes."""
    tensors, size = good_tensors()
    entries = []
    for name, dtype, shape, begin, end in tensors:
        fields = {"dtype": f'"{dtype}"', "shape": [str(number) for number in shape], "data_offsets": [str(begin), str(end)]}
        entries.append([name, fields, []])
    metadata = draw.choice([None, None, '{"format":"pt"}', "{}", "null", '{"a":"b","c":"\\u00e9"}'])
    data, claimed, before, behind = size, None, b"", b""
    raw = 0
    for _ in range(draw.choice([0, 1, 1, 1, 2, 3])):
        kind = draw.randrange(20)
        entry = draw.choice(entries) if entries else None
        if kind == 0 and entry:                                         # dtype
            entry[1]["dtype"] = draw.choice([f'"{draw.choice(list(BITS))}"', '"F33"', '"f32"', '""', '"F32 "', "32", "null"])
        elif kind in (1, 2) and entry and isinstance(entry[1].get("shape"), list):
            shape = entry[1]["shape"]
            choice = draw.randrange(4)
            if choice == 0 and shape:
                shape[draw.randrange(len(shape))] = draw.choice(NUMBERS)
            elif choice == 1:
                shape.insert(draw.randrange(len(shape) + 1), draw.choice(NUMBERS))
            elif choice == 2 and shape:
                shape.pop(draw.randrange(len(shape)))
            else:
                shape.insert(draw.randrange(len(shape) + 1), "1")
        elif kind in (3, 4, 5) and entry and isinstance(entry[1].get("data_offsets"), list):
            offsets = entry[1]["data_offsets"]                          # overlaps, gaps, beyond the end, reversed
            choice = draw.randrange(5)
            place = draw.randrange(len(offsets)) if offsets else 0
            if choice == 0 and offsets:
                offsets[place] = draw.choice(NUMBERS)
            elif choice == 1 and offsets and offsets[place].isdigit():
                offsets[place] = str(max(0, int(offsets[place]) + draw.choice([-8, -4, -1, 1, 4, 8])))
            elif choice == 2:
                offsets.reverse()
            elif choice == 3 and offsets:
                offsets.pop()
            else:
                offsets.append("4")
        elif kind == 6 and entry:                                       # a field of another type, or none
            field = draw.choice(["dtype", "shape", "data_offsets"])
            if draw.random() < 0.3:
                entry[1].pop(field, None)
            else:
                entry[1][field] = draw.choice(VALUES)
        elif kind == 7 and entry:                                       # a further or a double field
            entry[2].append(member(draw.choice(["x", "dtype", "shape", "\\u0064type", ""]), draw.choice(VALUES)))
        elif kind == 8 and entry:                                       # a double name
            entries.append([entry[0], dict(entry[1]), []])
        elif kind == 9 and entry:
            entry[0] = draw.choice(NAMES)
        elif kind == 10:
            metadata = draw.choice(VALUES + ['{"a":1}', '{"a":null}', '{"a":"b","a":"c"}', '{"a":{}}'])
        elif kind == 11:
            data = max(0, data + draw.choice([-8, -4, -1, 1, 4, 8, 1000]))
        elif kind == 12:
            behind = draw.choice([b" ", b"        ", b"\n", b"\t", b"\x00", b"{}", b",", b"}", b"\xa0", b"\xff"])
        elif kind == 13:
            before = draw.choice([b" ", b"\n", b"\x00", b"\xef\xbb\xbf", b"["])
        elif kind == 14:
            claimed = draw.choice([0, 1, 7, -1, -8, 1, 8, 100_000_000, 100_000_001, 1 << 31, 1 << 63, (1 << 64) - 1, (1 << 64) - 8])
        elif kind == 15 and entry:                                      # an entry of another type
            entry[1] = draw.choice(VALUES)
            if isinstance(entry[1], str):
                entry[1] = {"": entry[1]}
        else:
            raw += 1
    texts = []
    for name, fields, more in entries:
        if list(fields) == [""]:
            texts.append(member(name, fields[""]))
            continue
        parts = [
            member(field, f"[{','.join(value)}]" if isinstance(value, list) else value) for field, value in fields.items()]
        parts += more
        draw.shuffle(parts)
        texts.append(member(name, "{" + ",".join(parts) + "}"))
    if metadata is not None:
        texts.insert(draw.randrange(len(texts) + 1), member("__metadata__", metadata))
    header = bytearray(before + ("{" + ",".join(texts) + "}").encode("utf-8", "surrogatepass") + behind)
    for _ in range(raw):
        place = draw.randrange(len(header) + 1)
        end = min(len(header), place + draw.randrange(1, 5))
        header[place:draw.choice([place, end])] = draw.choice(WORDS)
    length = len(header) if claimed is None else (len(header) + claimed if -9 < claimed < 9 else claimed)
    if draw.random() < 0.01:
        return struct.pack("<Q", len(header))[:draw.randrange(8)]
    return struct.pack("<Q", max(0, length)) + bytes(header) + bytes(data)


def package(path, contents):
    """The tensors as the package reads them, in the order of their names; None where it refuses the file."""
    with open(path, "wb") as file:
        file.write(contents)
    try:
        with safetensors.safe_open(path, "np") as opened:
            tensors = []
            for name in opened.keys():
                part = opened.get_slice(name)
                tensors.append([name, part.get_dtype(), part.get_shape()])
            return sorted(tensors)
    except safetensors.SafetensorError:
        return None


class Twice(Exception):
    """A name stands twice in an object."""


def members(pairs):
    names = [name for name, _ in pairs]
    if len(set(names)) != len(names):
        raise Twice
    return dict(pairs)


def stricter(contents):
    """The rule by which a file is refused here that the package accepts; None where there is none."""
    (length,) = struct.unpack_from("<Q", contents)
    text = contents[8:8 + length]
    if not text.startswith(b"{"):
        return "the header begins with {"
    try:
        header = json.loads(text.decode(), object_pairs_hook=members)
    except Twice:
        return "a name stands once"
    names = [unicodedata.normalize("NFC", name) for name in header]
    if len(set(names)) != len(names):
        return "names differ in more than their composition"
    for name, entry in header.items():
        if name == "__metadata__":
            continue
        if isinstance(entry, list) or isinstance(entry, dict) and isinstance(entry.get("dtype"), dict):
            return "an entry is an object, its dtype a string"
        bits = 1
        for size in entry["shape"]:
            bits *= size
            if size >= 1 << 63 or bits >= 1 << 63:
                return "sizes have 63 bits"
    return None


cases = [case() for _ in range(options.cases)]
expected, rules = [], {}
with tempfile.TemporaryDirectory(dir="/dev/shm" if os.path.isdir("/dev/shm") else None) as scratch:
    for contents in cases:
        value = package(os.path.join(scratch, "x.safetensors"), contents)
        rule = stricter(contents) if value is not None else None
        if rule:
            rules[rule] = rules.get(rule, 0) + 1
        expected.append(None if value is None or rule else (value,))
disagreements = []
ours = answers.ask(options.fuzz, "safetensors", cases)
for index, (answer, value) in enumerate(zip(ours, expected)):
    read = None if answer is None else (sorted(tensor[:3] for tensor in json.loads(answer)),)
    if read != value:
        disagreements.append(index)
for rule, count in sorted(rules.items()):
    print(f"refused here, accepted by the package: {count} ({rule})")
sys.exit(answers.report(
    f"safetensors files, seed {options.seed}", cases, expected, disagreements,
    lambda index: f"{cases[index][:400]!r}: the package {expected[index]!r}, here {ours[index]!r}"))
