"""A worker says every few seconds how it is, into the store, where screens and `livescreen doctor` read it (`streams.workers`)."""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress

from agents.ending import Ending
from streams.store.port import Store, StoreAway
from streams.workers import ALIVE_SECONDS, FORGET_MS, Condition, Report, parse

log = logging.getLogger(__name__)

_EVERY_SECONDS = 5.0
_LAST_WORD_SECONDS = 2.0


class Health:
    """Reports as `worker`. `condition`: how it is now, and why."""

    def __init__(
        self, store: Store, worker: str, ending: Ending, condition: Callable[[], tuple[Condition, str]], clock_ms: Callable[[], int]
    ) -> None:
        self._store = store
        self._worker = worker
        self._ending = ending
        self._condition = condition
        self._clock_ms = clock_ms

    async def run(self) -> None:
        """Never returns; when it is cancelled, it says that the worker ended, and why."""
        try:
            await self._forget_old()
            while True:
                await self._report(*self._condition(), ALIVE_SECONDS)
                await asyncio.sleep(_EVERY_SECONDS)
        finally:
            with suppress(TimeoutError):
                async with asyncio.timeout(_LAST_WORD_SECONDS):
                    await self._report("ended", self._ending.line, 0)

    async def _forget_old(self) -> None:
        try:
            said = await self._store.reports()
            first = self._clock_ms() - FORGET_MS
            old = [name for name, (text, lives) in said.items() if not lives and ((report := parse(text)) is None or report.at < first)]
            await self._store.forget_workers(old)
        except StoreAway as error:
            log.debug("what earlier workers said is not forgotten yet: %s", error)

    async def _report(self, condition: Condition, why: str, alive_seconds: int) -> None:
        try:
            await self._store.report(self._worker, Report(self._clock_ms(), condition, why).text(), alive_seconds)
        except StoreAway as error:  # whoever needs the store waits for it, and says so; a screen sees that it is away
            log.debug("how the worker is can't be told: %s", error)
