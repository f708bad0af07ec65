"""A worker's log: plain lines on stderr."""

import logging
import time
from collections.abc import Callable

_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"

#: What these say below a warning is about themselves. Faust logs under the names of our modules where we subclass it.
_CHATTY = ("faust", "mode", "aiokafka", "asyncio", "agents.app", "agents.transport")

_QUIET_SECONDS = 60.0


class Sparse(logging.Filter):
    """Lets each of aiokafka's complaints through once a minute: without Kafka it makes a hundred a second, all the same."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._clock = clock
        self._next: dict[tuple[str, str], float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the record may be logged."""
        if not record.name.startswith("aiokafka"):
            return True
        now, kind = self._clock(), (record.name, str(record.msg))
        if now < self._next.get(kind, 0.0):
            return False
        self._next[kind] = now + _QUIET_SECONDS
        return True


def configure(level: str) -> None:
    """Logs lines of `level` ("debug", "info", …) and above; of the libraries warnings, unless everything is wanted."""
    logging.basicConfig(format=_FORMAT, level=level.upper(), force=True)
    if level == "debug":
        return
    for name in _CHATTY:
        logging.getLogger(name).setLevel(max(logging.WARNING, logging.getLogger().level))
    # It warns at every rebalance, which is an ordinary event here.
    logging.getLogger("aiokafka.consumer.group_coordinator").setLevel(logging.ERROR)
    for handler in logging.getLogger().handlers:
        handler.addFilter(Sparse())
