"""The wish to stop, as signals bring it."""

import asyncio
import signal
from collections.abc import Callable

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def cancel_this() -> Callable[[], None]:
    """A `hurry` that cancels the task that asks for it."""
    task = asyncio.current_task()
    assert task is not None  # noqa: S101 - a coroutine always runs in one

    def hurry() -> None:
        task.cancel()

    return hurry


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
