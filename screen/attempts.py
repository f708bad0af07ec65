"""How often an address may fail to log in."""

from collections import OrderedDict
from collections.abc import Callable


class Attempts:
    """Counts failures per address in fixed windows; remembers a bounded number of addresses.

    clock      Unix ms
    limit      failures allowed in a window
    window_ms  its length
    """

    def __init__(self, clock: Callable[[], int], limit: int = 10, window_ms: int = 60_000, max_addresses: int = 10_000) -> None:
        self._clock = clock
        self._limit = limit
        self._window_ms = window_ms
        self._max_addresses = max_addresses
        self._failures: OrderedDict[str, tuple[int, int]] = OrderedDict()  # address → (start of its window, failures)

    def wait_ms(self, address: str) -> int:
        """How long the address must wait before it may try again; 0: not at all."""
        start, failures = self._failures.get(address, (0, 0))
        left_ms = start + self._window_ms - self._clock()
        return max(0, left_ms) if failures >= self._limit else 0

    def failed(self, address: str) -> None:
        """Counts one failure."""
        now = self._clock()
        start, failures = self._failures.pop(address, (now, 0))
        if now >= start + self._window_ms:
            start, failures = now, 0
        self._failures[address] = (start, failures + 1)
        if len(self._failures) > self._max_addresses:
            self._failures.popitem(last=False)
