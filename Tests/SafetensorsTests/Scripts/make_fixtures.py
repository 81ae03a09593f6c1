"""Writes the fixtures of SafetensorsTests with the Python package `safetensors`.

    python make_fixtures.py

header_cases.json    headers, hostile and not, each with whether the package opens it
reference.safetensors and reference.json   a small file that the package wrote, with its values
"""

import base64
import json
import pathlib
import struct
import tempfile

import numpy
import safetensors
import safetensors.numpy

HERE = pathlib.Path(__file__).resolve().parent.parent / "Fixtures"
ENTRY = '{"dtype":"F32","shape":[1],"data_offsets":[0,4]}'
SECOND = '{"dtype":"F32","shape":[1],"data_offsets":[4,8]}'


def entry(dtype='"F32"', shape="[1]", offsets="[0,4]", more=""):
    return '{"a":{"dtype":%s,"shape":%s,"data_offsets":%s%s}}' % (dtype, shape, offsets, more)


# name: (header, bytes of data) or (header, bytes of data, claimed length of the header)
CASES = {
    "one tensor": (entry(), 4),
    "no tensors": ("{}", 0),
    "a scalar": (entry(shape="[]"), 4),
    "no elements": (entry(shape="[0]", offsets="[0,0]"), 0),
    "an empty tensor between two others": (
        '{"a":%s,"z":{"dtype":"F32","shape":[0],"data_offsets":[4,4]},"b":%s}' % (ENTRY, SECOND), 8),
    "tensors in another order than their data": ('{"b":%s,"a":%s}' % (SECOND, ENTRY), 8),
    "metadata": ('{"__metadata__":{"format":"pt"},"a":%s}' % ENTRY, 4),
    "metadata null": ('{"__metadata__":null,"a":%s}' % ENTRY, 4),
    "metadata behind the tensors": ('{"a":%s,"__metadata__":{}}' % ENTRY, 4),
    "metadata with a number": ('{"__metadata__":{"a":1}}', 0),
    "metadata an array": ('{"__metadata__":[]}', 0),
    "metadata that looks like a tensor": ('{"__metadata__":%s}' % ENTRY, 4),
    "metadata twice": ('{"__metadata__":{},"__metadata__":{}}', 0),
    "a metadata key twice": ('{"__metadata__":{"a":"b","a":"c"}}', 0),
    "a name twice": ('{"a":%s,"a":%s}' % (ENTRY, ENTRY), 4),
    "a name twice, once escaped": ('{"a":%s,"\\u0061":%s}' % (ENTRY, ENTRY), 4),
    "a field twice": (entry(more=',"dtype":"F32"'), 4),
    "an unknown field": (entry(more=',"x":1'), 4),
    "an empty name": ('{"":%s}' % ENTRY, 4),
    "a name with an escaped NUL": ('{"a\\u0000":%s}' % ENTRY, 4),
    "a name with a raw line end": ('{"a\n":%s}' % ENTRY, 4),
    "a name with half a surrogate pair": ('{"\\ud800":%s}' % ENTRY, 4),
    "a name that is not UTF-8": (b'{"\xff":' + ENTRY.encode() + b"}", 4),
    "an overlong UTF-8 slash": (b'{"\xc0\xaf":' + ENTRY.encode() + b"}", 4),
    "padding with spaces": (entry() + "     ", 4),
    "padding with NUL": (entry() + "\0", 4),
    "a leading space": (" " + entry(), 4),
    "a leading line end": ("\n" + entry(), 4),
    "a byte order mark": (b"\xef\xbb\xbf" + entry().encode(), 4),
    "a second object": (entry() + "{}", 4),
    "an array at the top": ("[]", 0),
    "null at the top": ("null", 0),
    "an empty header": ("", 0),
    "a cut header": (entry()[:-1], 4),
    "a trailing comma": (entry()[:-1] + ",}", 4),
    "a comment": (entry() + "/* */", 4),
    "single quotes": (entry().replace('"', "'"), 4),
    "a tensor null": ('{"a":null}', 0),
    "a tensor as an array": ('{"a":["F32",[1],[0,4]]}', 4),
    "dtype missing": ('{"a":{"shape":[1],"data_offsets":[0,4]}}', 4),
    "shape missing": ('{"a":{"dtype":"F32","data_offsets":[0,4]}}', 4),
    "data_offsets missing": ('{"a":{"dtype":"F32","shape":[1]}}', 4),
    "dtype a number": (entry(dtype="1"), 4),
    "dtype an object": (entry(dtype='{"F32":null}'), 4),
    "dtype unknown": (entry(dtype='"F33"'), 4),
    "dtype in small letters": (entry(dtype='"f32"'), 4),
    "shape a number": (entry(shape="1"), 4),
    "shape with a fraction": (entry(shape="[1.0]"), 4),
    "shape with an exponent": (entry(shape="[1e0]"), 4),
    "shape with a string": (entry(shape='["1"]'), 4),
    "shape negative": (entry(shape="[-1]"), 4),
    "shape minus zero": (entry(shape="[-0]", offsets="[0,0]"), 0),
    "shape above 64 bits": (entry(shape="[18446744073709551616]"), 4),
    "shape whose product overflows": (entry(shape="[4294967296,4294967296]"), 4),
    "shape whose product overflows to what is there": (entry(shape="[4294967296,4294967296,0]", offsets="[0,0]"), 0),
    "shape whose bytes overflow": (entry(shape="[4611686018427387905]"), 4),
    "shape whose bits overflow": (entry(shape="[2305843009213693952]", offsets="[0,0]"), 0),
    "shape with more elements than bytes": (entry(shape="[2]"), 4),
    "shape with fewer elements than bytes": (entry(shape="[1]", offsets="[0,8]"), 8),
    "one offset": (entry(offsets="[0]"), 4),
    "three offsets": (entry(offsets="[0,4,4]"), 4),
    "offsets reversed": (entry(offsets="[4,0]"), 4),
    "offsets negative": (entry(offsets="[-4,0]"), 4),
    "offsets that begin behind the start": (entry(offsets="[4,8]"), 8),
    "offsets at the end of the address space": (
        entry(offsets="[9223372036854775803,9223372036854775807]"), 4),
    "offsets beyond the file": (entry(shape="[1000000000]", offsets="[0,4000000000]"), 4),
    "a hole between tensors": ('{"a":%s,"b":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}}' % ENTRY, 12),
    "tensors that overlap": ('{"a":%s,"b":%s}' % (ENTRY, ENTRY), 4),
    "tensors that overlap in part": (
        '{"a":%s,"b":{"dtype":"F32","shape":[1],"data_offsets":[2,6]}}' % ENTRY, 6),
    "data behind the last tensor": (entry(), 5),
    "data cut": (entry(), 3),
    "no data": (entry(), 0),
    "data and no tensors": ("{}", 1),
    "a length beyond the file": (entry(), 4, 1000),
    "a length one beyond the file": (entry(), 0, len(entry()) + 1),
    "a length of 100 MB in a small file": (entry(), 4, 100_000_000),
    "a length above 100 MB": (entry(), 4, 100_000_001),
    "a length of half the address space": (entry(), 4, 1 << 63),
    "a length that overflows": (entry(), 4, (1 << 64) - 1),
    "a length that overflows with its own eight bytes": (entry(), 4, (1 << 64) - 8),
    "a length of zero": (entry(), 4, 0),
    "brackets 60 deep": (entry(more=',"x":' + "[" * 60 + "]" * 60), 4),
    "brackets 125 deep": (entry(more=',"x":' + "[" * 125 + "]" * 125), 4),
    "brackets 126 deep": (entry(more=',"x":' + "[" * 126 + "]" * 126), 4),
    "brackets 200 deep": (entry(more=',"x":' + "[" * 200 + "]" * 200), 4),
    "brackets 2000 deep": (entry(more=',"x":' + "[" * 2000 + "]" * 2000), 4),
}
SIZES = {
    "BOOL": 8, "F4": 4, "F6_E2M3": 6, "F6_E3M2": 6, "U8": 8, "I8": 8, "F8_E5M2": 8, "F8_E4M3": 8, "F8_E8M0": 8,
    "F8_E4M3FNUZ": 8, "F8_E5M2FNUZ": 8, "I16": 16, "U16": 16, "F16": 16, "BF16": 16, "I32": 32, "U32": 32, "F32": 32,
    "C64": 64, "F64": 64, "I64": 64, "U64": 64, "C128": 128, "F8": 8, "STRING": 8,
}
for dtype, bits in SIZES.items():
    CASES["dtype " + dtype] = (entry(dtype=f'"{dtype}"', shape="[8]", offsets=f"[0,{bits}]"), bits)
for dtype in ("F4", "F6_E2M3"):
    CASES[f"dtype {dtype} in part of a byte"] = (entry(dtype=f'"{dtype}"', offsets="[0,1]"), 1)


def accepts(contents):
    with tempfile.NamedTemporaryFile(suffix=".safetensors") as file:
        file.write(contents)
        file.flush()
        try:
            with safetensors.safe_open(file.name, "np") as opened:
                opened.keys()
            return True
        except safetensors.SafetensorError:
            return False


def header_cases():
    cases = []
    for name, (header, size, *length) in CASES.items():
        header = header if isinstance(header, bytes) else header.encode()
        claimed = length[0] if length else len(header)
        contents = struct.pack("<Q", claimed) + header + bytes(size)
        cases.append({"name": name, "accepted": accepts(contents),
                      "length": base64.b64encode(contents[:8]).decode(),
                      "header": base64.b64encode(header).decode(), "data": size})
    for size in range(8):
        assert not accepts(bytes(size))
    return cases


def reference():
    generator = numpy.random.default_rng(7)
    tensors = {
        "encoder.weight": generator.standard_normal((2, 3)).astype(numpy.float32),
        "encoder.bias": generator.standard_normal(3).astype(numpy.float32),
        "a/é\"": numpy.array(1.5, numpy.float32),
        "empty": numpy.zeros((0, 4), numpy.float32),
    }
    (HERE / "reference.safetensors").write_bytes(safetensors.numpy.save(tensors, metadata={"format": "pt"}))
    return {name: {"shape": list(value.shape), "values": value.flatten().tolist()} for name, value in tensors.items()}


HERE.mkdir(exist_ok=True)
cases = [case for case in header_cases()]
(HERE / "header_cases.json").write_text(
    "[\n" + ",\n".join(json.dumps(case) for case in cases) + "\n]\n")
(HERE / "reference.json").write_text(json.dumps(reference(), ensure_ascii=False) + "\n")
print(sum(case["accepted"] for case in cases), "of", len(cases), "accepted")
