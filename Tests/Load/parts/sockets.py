"""Sockets of rude clients."""
import itertools
import socket
import struct
import time

# linux/in.h: the port is chosen at connect(2), so that each source address has all of them.
IP_BIND_ADDRESS_NO_PORT = 24
# asm-generic/socket.h: the kernel tells when a segment came, in nanoseconds since 1970.
SO_TIMESTAMPNS = 35
# One source address has some 28,000 ports, and those of closed connections rest for a minute.
SOURCES = itertools.cycle(f"127.0.0.{number}" for number in range(2, 18))


def connect(port, receive_buffer=None, timeout=30, is_stamped=False):
    """A connection from one loopback address after the other.

    - receive_buffer: bytes that the system takes for a client that does not read.
    - is_stamped: whether `receive` tells when bytes came.
    """
    connection = socket.socket()
    connection.setsockopt(socket.IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, 1)
    if receive_buffer:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
    if is_stamped:
        connection.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
    connection.settimeout(timeout)
    connection.bind((next(SOURCES), 0))
    connection.connect(("127.0.0.1", port))
    return connection


def receive(connection):
    """What has come, and when the last of it did, in seconds since 1970."""
    data, extra, _, _ = connection.recvmsg(65536, 64)
    for level, kind, stamp in extra:
        if (level, kind) == (socket.SOL_SOCKET, SO_TIMESTAMPNS):
            seconds, nanoseconds = struct.unpack("qq", stamp)
            return data, seconds + nanoseconds * 1e-9
    return data, time.time()


def reset(connection):
    """Closes with RST instead of FIN."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def send(connection, data):
    """Sends; returns False where the server has closed already."""
    try:
        connection.sendall(data)
        return True
    except (BrokenPipeError, ConnectionResetError):
        return False


def read_to_end(connection):
    """All that comes until the server closes or resets."""
    pieces = []
    while True:
        try:
            piece = connection.recv(65536)
        except ConnectionResetError:
            break
        if not piece:
            break
        pieces.append(piece)
    return b"".join(pieces)
