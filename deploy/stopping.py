"""The wish to stop, as signals bring it."""

import asyncio
import signal
from collections.abc import Callable

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stopping:
    """From its making on the first of `SIGNALS` is a wish to stop; each further one calls `hurry`."""

    def __init__(self, hurry: Callable[[], None]) -> None:
        self._wanted = asyncio.Event()
        self._hurry = hurry
        for number in SIGNALS:
            asyncio.get_running_loop().add_signal_handler(number, self._take)

    async def wait(self) -> None:
        """Returns when a stop is wanted."""
        await self._wanted.wait()

    def _take(self) -> None:
        if self._wanted.is_set():
            self._hurry()
        self._wanted.set()
