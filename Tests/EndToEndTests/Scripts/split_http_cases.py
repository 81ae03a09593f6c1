#!/usr/bin/env python3
"""Sends HTTP cases whole, then cut at random places, and compares what the server makes of them: the same.

  split_http_cases.py CASES PORT [--rounds N] [--seed S] [--token T] [--get-path P] [--post-path P] [--prot-path P]
                      [--file-path P]

CASES is the file http_cases.json of an HTTP conformance suite, PORT that of a server on 127.0.0.1. After its last byte
each case closes its side, so that the server answers what it has and closes, and nothing waits for a time-out. A
verdict is every answer in order: its status, the fields that do not change with time, and its body. Standard library
only."""
import argparse
import base64
import concurrent.futures
import json
import random
import re
import select
import socket
import sys
import time
import zlib

arguments = argparse.ArgumentParser()
arguments.add_argument("cases")
arguments.add_argument("port", type=int)
arguments.add_argument("--rounds", type=int, default=2)
arguments.add_argument("--seed", type=int, default=1)
arguments.add_argument("--token", default="")
arguments.add_argument("--get-path", default="/")
arguments.add_argument("--post-path", default="/")
arguments.add_argument("--prot-path", default="/")
arguments.add_argument("--file-path", default="/")
options = arguments.parse_args()

ADDRESS = ("127.0.0.1", options.port)
MARKS = {
    b"@@HOST@@": f"127.0.0.1:{options.port}", b"@@GET@@": options.get_path, b"@@POST@@": options.post_path,
    b"@@FILE@@": options.file_path, b"@@PROT@@": options.prot_path, b"@@TOKEN1@@": options.token[:-1],
    b"@@TOKEN@@": options.token,
    b"@@AUTH@@": f"Authorization: Bearer {options.token}\r\n" if options.token else "",
}
# What changes from one answer to the next, or tells of time.
CHANGING = re.compile(rb"(?im)^(date|x-request-id|retry-after|age):[^\r\n]*\r\n")
REFUSED = re.compile(
    rb'(?s)HTTP/1\.1 (?:401 [^{]*{[^}]*"code":"invalid_api_key"|429 [^{]*{[^}]*"code":"too_many_wrong_tokens")}}')
SECONDS = 30


def filled(case):
    """The bytes of a case, with the paths and the token of this run."""
    packed = case.get("request_zlib_b64")
    data = zlib.decompress(base64.b64decode(packed)) if packed else base64.b64decode(case["request_b64"])
    for mark, text in MARKS.items():
        data = data.replace(mark, text.encode("latin-1"))
    return data


def pieces(data, draw):
    """The bytes cut at random: seldom one by one, where they are few."""
    if draw is None or len(data) < 2:
        return [data]
    if len(data) < 600 and draw.random() < 0.1:
        return [data[place:place + 1] for place in range(len(data))]
    places = sorted({0, len(data)} | {draw.randrange(1, len(data)) for _ in range(draw.randrange(1, 9))})
    return [data[start:end] for start, end in zip(places, places[1:])]


class Exchange:
    """One connection and all that comes on it."""

    def __init__(self):
        self.socket = socket.create_connection(ADDRESS, timeout=SECONDS)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.setblocking(False)
        self.received = bytearray()
        self.is_closed = self.is_deaf = False

    def take(self, seconds):
        """Reads what has come within a time; whether anything has."""
        if self.is_closed or not select.select([self.socket], [], [], seconds)[0]:
            return False
        try:
            data = self.socket.recv(1 << 18)
        except OSError:
            data = b""
        self.is_closed = not data
        self.received += data
        return bool(data)

    def send(self, data):
        """Sends, and reads meanwhile, so that an early answer to a long request is not lost."""
        while data and not self.is_deaf:
            try:
                data = data[self.socket.send(data):]
            except BlockingIOError:
                select.select([self.socket], [self.socket], [], SECONDS)
            except OSError:
                self.is_deaf = True
            self.take(0)

    def finish(self):
        """Closes our side and reads to the end."""
        try:
            self.socket.shutdown(socket.SHUT_WR)
        except OSError:
            pass
        end = time.monotonic() + SECONDS
        while not self.is_closed and time.monotonic() < end:
            self.take(1)
        self.socket.close()
        return bytes(self.received) if self.is_closed else b"the connection was not closed"


def verdict(case, draw=None):
    """What the server answered, less what changes by itself."""
    exchange = Exchange()
    for piece in pieces(filled(case), draw):
        exchange.send(piece)
        if draw is not None:
            # Gives the server the time to read the piece alone; one that it misses is cut less, and no fault.
            exchange.take(0.0005)
    if case.get("expect_continue"):
        end = time.monotonic() + 2
        while not exchange.received and not exchange.is_closed and time.monotonic() < end:
            exchange.take(0.1)
        if bytes(exchange.received).startswith(b"HTTP/1.1 100"):
            for piece in pieces(case["expect_continue"].encode(), draw):
                exchange.send(piece)
    text = CHANGING.sub(b"", exchange.finish())
    text = re.sub(rb"req_[A-Za-z0-9]+", b"req_", text)
    # Leave to send a body is given only where the body has not come by itself (RFC 9110 section 10.1.1).
    text = text.replace(b"HTTP/1.1 100 Continue\r\n\r\n", b"")
    # Of one address only so many wrong tokens are told to be wrong; later ones have to wait.
    text = REFUSED.sub(b"no valid token", text)
    # The boundary of several ranges is a number drawn anew, of another length.
    if b"boundary=part-" in text:
        text = re.sub(rb"part-[0-9]+", b"part-", re.sub(rb"Content-Length: [0-9]+", b"", text))
    return text


cases = json.load(open(options.cases))["cases"]
failures, cuts = [], 0
with concurrent.futures.ThreadPoolExecutor(16) as pool:
    whole = list(pool.map(verdict, cases))
    for number in range(options.rounds):
        draws = [random.Random(f"{options.seed} {number} {case['id']}") for case in cases]
        for case, expected, got in zip(cases, whole, pool.map(verdict, cases, draws)):
            cuts += 1
            if got != expected:
                failures.append(case["id"])
                if len(failures) <= 5:
                    print(f"{case['id']}, round {number}:\n  whole {expected[:500]!r}\n  cut   {got[:500]!r}")
silent = [case["id"] for case, text in zip(cases, whole) if not text.startswith(b"HTTP/1.1 ")]
answered = len(cases) - len(silent)
print(f"{len(cases)} cases, {answered} answered, {len(silent)} closed without an answer; {cuts} sent in pieces")
print(f"{cuts - len(failures)} passed, {len(failures)} failed")
sys.exit(1 if failures or not answered else 0)
