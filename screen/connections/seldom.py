"""What strangers can make a server say, said now and then: they must not fill its log."""

import logging
from collections.abc import Callable

EVERY_SECONDS = 10.0


class Seldom(logging.Filter):
    """Lets one line of each text through in `EVERY_SECONDS`; for loggers whose texts are few. `clock`: seconds, never back."""

    def __init__(self, clock: Callable[[], float]) -> None:
        super().__init__()
        self._clock = clock
        self._said: dict[str, float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether this one is let through: of errors, each."""
        if record.levelno >= logging.ERROR:
            return True
        now, text = self._clock(), str(record.msg)
        if now < self._said.get(text, -EVERY_SECONDS) + EVERY_SECONDS:
            return False
        self._said[text] = now
        return True
