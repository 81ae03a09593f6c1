"""A client of the event streams that reconnects like a browser."""

import contextlib
import http.client
import json
import socket
import threading
import time

from support.daemon import until


class EventListener(threading.Thread):
    """Hears all events of all jobs, from the first one on, through any number of deaths of the server.

    What it heard is in `events`, by sequence number; what it heard twice or out of order, in `faults`. `ends` counts the
    streams that ended.
    """

    def __init__(self, port):
        super().__init__(daemon=True)
        self.port = port
        self.events = {}
        self.faults = []
        self.farewells = 0
        self.ends = 0
        self.stopping = threading.Event()
        self.connection = None

    def run(self):
        while not self.stopping.is_set():
            try:
                self.listen()
            except (OSError, http.client.HTTPException):
                pass
            self.ends += not self.stopping.is_set()
            time.sleep(0.02)

    def listen(self):
        """Hears events until the server ends the stream or dies."""
        self.connection = connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        last = max(self.events, default=0)
        try:
            connection.request("GET", "/v1/events", headers={"Last-Event-ID": str(last)})
            answer = connection.getresponse()
            fields = {}
            while line := answer.readline():
                if line == b"\n":
                    self.take(fields)
                    fields = {}
                elif b": " in line and not line.startswith(b":"):
                    name, value = line.rstrip(b"\n").split(b": ", 1)
                    fields[name] = value
        finally:
            connection.close()

    def take(self, fields):
        if fields.get(b"event") == b"shutdown":
            self.farewells += 1
        if b"id" not in fields:
            return
        number, event = int(fields[b"id"]), json.loads(fields[b"data"])
        if number in self.events:
            self.faults.append(f"event {number} was heard twice")
        if number <= max(self.events, default=0):
            self.faults.append(f"event {number} was heard after event {max(self.events)}")
        self.events[number] = event

    def stop(self, last=None):
        """Hears the events up to that number, which stand in the database already, and no more."""
        until(lambda: not last or last in self.events, 20, f"event {last} is not heard")
        self.stopping.set()
        with contextlib.suppress(OSError, AttributeError):
            self.connection.sock.shutdown(socket.SHUT_RDWR)
        self.join()
