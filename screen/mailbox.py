"""One browser's slot between the room's reader and its writer: whatever is newest when the writer is ready."""

import asyncio
from typing import Generic, TypeVar

from screen.close import Close

T = TypeVar("T")


class Ended(Exception):
    """There is nothing more to write. `close`: what to tell the browser; None when it has left by itself."""

    def __init__(self, close: Close | None) -> None:
        super().__init__("the browser left" if close is None else close.name)
        self.close = close


class Mailbox(Generic[T]):
    """Holds one thing at most. What a slow writer did not take in time is replaced, so nothing can pile up."""

    __slots__ = ("_ended", "_filled", "_slot")

    def __init__(self) -> None:
        self._slot: T | None = None
        self._ended: Ended | None = None
        self._filled = asyncio.Event()

    def put(self, newest: T) -> None:
        """Replaces what is in the slot."""
        self._slot = newest
        self._filled.set()

    def end(self, close: Close | None) -> None:
        """Makes `take` raise `Ended` from now on; the first reason stands."""
        self._ended = self._ended or Ended(close)
        self._filled.set()

    async def take(self) -> T:
        """Waits for something and empties the slot; raises `Ended`."""
        while True:
            await self._filled.wait()
            if self._ended is not None:
                raise self._ended
            self._filled.clear()
            newest, self._slot = self._slot, None
            if newest is not None:
                return newest
