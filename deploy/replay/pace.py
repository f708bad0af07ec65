"""When a line is sent, and which time it then bears."""

import asyncio
import time
from collections.abc import Awaitable, Callable

#: Less than this early is in time.
EARLY_SECONDS = 0.005


class Pace:
    """`speed`: how much faster than their `at` events are sent; None: at once. `rebase`: the first `at` becomes now.

    With both, event times are compressed by the speed as well: otherwise the clock would fall behind them, and agents refuse the future.
    """

    def __init__(self, speed: float | None, rebase: bool) -> None:
        self._speed = speed
        self._rebase = rebase
        self._first_at: int | None = None
        self._begin_ms = 0
        self._begin_seconds = 0.0

    @property
    def waits(self) -> bool:
        """Whether lines may have to wait."""
        return self._speed is not None

    async def wait(
        self, at: int | None, before_sleep: Callable[[], Awaitable[None]], sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    ) -> None:
        """Returns when a line of that event time is due, or `sleep` has had enough. The first, and those without a time, are at once."""
        if at is None:
            return
        self._begin(at)
        if self._speed is None:
            return
        ahead = self._begin_seconds + self._passed_ms(at) / 1_000 - time.monotonic()
        if ahead > EARLY_SECONDS:
            await before_sleep()
            ahead = self._begin_seconds + self._passed_ms(at) / 1_000 - time.monotonic()
            await sleep(max(0.0, ahead))

    def new_at(self, at: int) -> int | None:
        """The time that the line shall bear instead of `at`, after `wait`; None: its own."""
        return self._begin_ms + round(self._passed_ms(at)) if self._rebase else None

    def _begin(self, at: int) -> None:
        if self._first_at is None:
            self._first_at = at
            self._begin_ms = time.time_ns() // 1_000_000
            self._begin_seconds = time.monotonic()

    def _passed_ms(self, at: int) -> float:
        """From the first event to this one, by the clock that the speed sets."""
        return (at - (self._first_at or 0)) / (self._speed or 1.0)
