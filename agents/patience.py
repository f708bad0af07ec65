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


class Patience:
    """Repeats calls while the store is away. All agents of a worker share one, so an outage is logged twice: its beginning, its end."""

    def __init__(self) -> None:
        self._away_since: float | None = None
        #: How many outages began so far.
        self.outages = 0

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
                self._went(error)
                await asyncio.sleep(pause)
                pause = min(pause * 2, _LONGEST_PAUSE_SECONDS)
            else:
                self._came_back()
                return result

    def _went(self, error: StoreAway) -> None:
        if self._away_since is None:
            self._away_since = asyncio.get_running_loop().time()
            self.outages += 1
            log.warning("the store is away (%s); waiting for it, nothing is lost", error)

    def _came_back(self) -> None:
        if self._away_since is not None:
            seconds = asyncio.get_running_loop().time() - self._away_since
            self._away_since = None
            log.warning("the store is back after %.1f s", seconds)
