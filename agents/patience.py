"""Waiting for the store to come back, in the middle of a run."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import TypeVar

from streams.store.port import StoreAway

log = logging.getLogger(__name__)

T = TypeVar("T")

_FIRST_PAUSE_SECONDS = 0.1
_LONGEST_PAUSE_SECONDS = 2.0
#: A shorter outage is not worth a line: after a longer one, each pooled connection to a cluster that died in it fails once more.
_WORTH_SAYING_SECONDS = 0.5


class Patience:
    """Repeats calls while the store is away. All agents of a worker share one, so an outage is logged twice: its beginning, its end."""

    def __init__(self) -> None:
        self._away_since: float | None = None
        self._said = False

    @property
    def waiting(self) -> bool:
        """Whether the store is away, as far as is known."""
        return self._away_since is not None

    async def until_done(self, call: Callable[[], Awaitable[T]]) -> T:
        """What the call returns, as soon as the store lets it; the call must be safe to repeat."""
        pause = _FIRST_PAUSE_SECONDS
        while True:
            try:
                result = await call()
            except StoreAway as error:
                self._is_away(error)
                await asyncio.sleep(pause)
                pause = min(pause * 2, _LONGEST_PAUSE_SECONDS)
            else:
                self._is_there()
                return result

    def _is_away(self, error: StoreAway) -> None:
        if self._away_since is None:
            self._away_since = _now()
        elif not self._said and _now() - self._away_since >= _WORTH_SAYING_SECONDS:
            self._said = True
            log.warning("the store is away (%s); waiting for it, nothing is lost", error)

    def _is_there(self) -> None:
        if self._away_since is None:
            return
        if self._said:
            log.warning("the store is back after %.1f s", _now() - self._away_since)
        self._away_since = None
        self._said = False


def _now() -> float:
    return asyncio.get_running_loop().time()
