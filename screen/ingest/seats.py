"""How many requests of events are worked on at once: of each source a few, of all of them a few more. Nobody waits in a queue."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from screen.problems import Problem

#: While a request has its seat it may hold 8 MiB in memory.
MOST = 16
MOST_OF_A_SOURCE = 8
#: Pushes of platforms are small, many, and in a hurry.
PUSHES = 256
PUSHES_OF_AN_ADDRESS = 64
_RETRY = {"retry-after": "1"}


class Seats:
    """Those of one process."""

    def __init__(self, most: int = MOST, most_of_a_source: int = MOST_OF_A_SOURCE) -> None:
        self._most, self._most_of_a_source = most, most_of_a_source
        self._of: Counter[str] = Counter()
        self._working = 0

    @contextmanager
    def of(self, source: str) -> Iterator[None]:
        """A request of the source, from its first byte on; `Problem` 429 when it has too many already."""
        if self._of[source] >= self._most_of_a_source:
            raise Problem(429, "too-many-requests", f"At most {self._most_of_a_source} requests of one source at once.", _RETRY)
        self._of[source] += 1
        try:
            yield
        finally:
            self._of[source] -= 1
            if not self._of[source]:
                del self._of[source]

    @contextmanager
    def working(self) -> Iterator[None]:
        """A request whose body is here; `Problem` 503 when there are too many: a slow body must not keep others out, hence two steps."""
        if self._working >= self._most:
            raise Problem(503, "busy", "Too many requests are being worked on; please try again.", _RETRY)
        self._working += 1
        try:
            yield
        finally:
            self._working -= 1
