"""Rooms take turns: two chunks that this worker has in hand at once never change one room together.

A room's records lie in one partition as a rule, and a partition's chunks come one by one. But a hot room may be spread over several, and
then each change would be refused because of another that was under way, and folded again: twice the work, and more with more partitions.
"""

import asyncio
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager


class Turns:
    """Who changes which rooms now."""

    def __init__(self) -> None:
        self._busy: set[str] = set()
        self._freed = asyncio.Event()

    @asynccontextmanager
    async def of(self, rooms: Collection[str]) -> AsyncIterator[None]:
        """Waits until nobody is at any of the rooms, then has all of them until the block ends."""
        while not self._busy.isdisjoint(rooms):
            await self._freed.wait()
        mine = set(rooms)
        self._busy |= mine
        try:
            yield
        finally:
            self._busy -= mine
            self._freed.set()
            self._freed = asyncio.Event()
