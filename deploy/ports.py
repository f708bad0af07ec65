"""Ports of this machine."""

import random
import socket
from contextlib import closing
from pathlib import Path

LOOPBACK = "127.0.0.1"
_OUTGOING = Path("/proc/sys/net/ipv4/ip_local_port_range")
_LOWEST = 10_000
_given: set[int] = set()


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on now."""
    with closing(socket.socket()) as listener:
        listener.bind((LOOPBACK, 0))
        return int(listener.getsockname()[1])


def hindrance(host: str, port: int) -> OSError | None:
    """Why no server could listen there (as servers do: connections that are still closing don't count); None: one could."""
    try:
        address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        with closing(socket.socket(address[0], socket.SOCK_STREAM)) as listener:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(address[4])
    except OSError as error:
        return error
    return None


def is_free(host: str, port: int) -> bool:
    """Whether a server could listen there."""
    return hindrance(host, port) is None


def next_free(host: str, port: int) -> int:
    """The first free port from `port` on, of the hundred that follow; `port` itself if there is none, to fail where it is used."""
    return next((candidate for candidate in range(port, min(port + 100, 65_536)) if is_free(host, candidate)), port)


def lasting_ports(count: int) -> list[int]:
    """Different free ports of 127.0.0.1 for servers that come back at the same address.

    They are outside the range that outgoing connections take theirs from: a port of that range could be taken by any client while its
    server is down; a client that tries again and again to reach a dead server there even connects to itself in the end.
    """
    below = int(_OUTGOING.read_text("ascii").split()[0]) if _OUTGOING.exists() else 32_768
    found: list[int] = []
    for port in random.sample(range(_LOWEST, max(below, _LOWEST + 1_000)), 1_000):
        if len(found) < count and port not in _given and is_free(LOOPBACK, port):
            found.append(port)
            _given.add(port)
    if len(found) < count:
        raise OSError(f"there are no {count} free ports on {LOOPBACK}")
    return found
