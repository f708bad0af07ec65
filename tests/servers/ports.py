"""Ports for servers that are killed and come back at the same address."""

import random
from pathlib import Path

from deploy.ports import LOOPBACK, is_free

_OUTGOING = Path("/proc/sys/net/ipv4/ip_local_port_range")
_LOWEST = 10_000
_given: set[int] = set()


def lasting_ports(count: int) -> list[int]:
    """Different free ports of 127.0.0.1, outside the range that outgoing connections take theirs from.

    A port of that range could be taken by any client while its server is down; a client that tries again and again to reach a dead server
    there even connects to itself in the end.
    """
    below = int(_OUTGOING.read_text().split()[0]) if _OUTGOING.exists() else 32_768
    found: list[int] = []
    for port in random.sample(range(_LOWEST, max(below, _LOWEST + 1_000)), 1_000):
        if len(found) < count and port not in _given and is_free(LOOPBACK, port):
            found.append(port)
            _given.add(port)
    assert len(found) == count, "no free ports"
    return found
