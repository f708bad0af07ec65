"""Ports of this machine."""

import socket
from contextlib import closing

LOOPBACK = "127.0.0.1"


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
