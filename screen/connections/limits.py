"""How many connections there may be, in all and from an address."""

import ipaddress
import logging
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from uvicorn.middleware.proxy_headers import _TrustedHosts as TrustedHosts

log = logging.getLogger(__name__)

#: What is refused is told so often at most, with the number of all since.
TELL_EVERY_SECONDS = 10.0
_LONGEST_ADDRESS = 64


@dataclass(frozen=True)
class Limits:
    """most             connections in all                        of_address       of them, from one address
    header_seconds   for a request's head, from its first byte    body_seconds     for its body
    trusted          proxies, as addresses and networks with commas: theirs count as of the address that they forward for
    """

    most: int = 10_000
    of_address: int = 500
    header_seconds: float = 10.0
    body_seconds: float = 60.0
    trusted: str = "127.0.0.1,::1"

    @cached_property
    def proxies(self) -> TrustedHosts:
        """Who may say for whom a request is."""
        return TrustedHosts(self.trusted)


class Connections:
    """Counts the open ones. `clock`: seconds, never back. `refused` is called for each that is turned away."""

    def __init__(self, limits: Limits, clock: Callable[[], float], refused: Callable[[], None] = lambda: None) -> None:
        self.limits = limits
        self._clock = clock
        self._refused = refused
        self._of: Counter[str] = Counter()
        self._told = -TELL_EVERY_SECONDS
        self._untold = 0

    def enter(self, host: str) -> "Place | None":
        """A place for a connection from there; None when there is none left."""
        address = _address(host)
        return Place(self, address) if self._take(address) else None

    def _take(self, address: str) -> bool:
        if self._of.total() >= self.limits.most:
            return self._refuse(f"all {self.limits.most} connections are taken, {self._of[address]} of them by {address}")
        if self._of[address] >= self.limits.of_address:
            return self._refuse(f"{address} has {self.limits.of_address} already (LIVESCREEN_ADDRESS_CONNECTIONS)")
        self._of[address] += 1
        return True

    def _refuse(self, why: str) -> bool:
        self._refused()
        self._untold += 1
        if self._clock() >= self._told + TELL_EVERY_SECONDS:
            log.warning("connections are refused, %d since this was last said: %s", self._untold, why)
            self._told, self._untold = self._clock(), 0
        return False

    def _give_back(self, address: str) -> None:
        self._of[address] -= 1
        if not self._of[address]:
            del self._of[address]


class Place:
    """One open connection, and the address that it counts for."""

    def __init__(self, connections: Connections, address: str) -> None:
        self._connections = connections
        self._address: str | None = address

    def move(self, host: str) -> bool:
        """The connection is a proxy's, and its request from there: from now on it counts as of there. False: there is no place left."""
        address = _address(host)
        if self._address is None or address == self._address:
            return True
        self._connections._give_back(self._address)
        moved = self._connections._take(address)
        if not moved:
            self._connections._of[self._address] += 1
        else:
            self._address = address
        return moved

    def leave(self) -> None:
        """The connection is closed; more than once is once."""
        if self._address is not None:
            self._connections._give_back(self._address)
            self._address = None


def _address(host: str) -> str:
    """What is counted as one: of IPv6 the network of 64 bits, all of which one household or server has."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host[:_LONGEST_ADDRESS]
    if address.version == 6:
        if address.ipv4_mapped is not None:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((address, 64), strict=False))
    return host
