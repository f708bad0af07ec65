"""All rooms with their headline figures: read at most once a second, whoever asks."""

import asyncio
from collections.abc import Callable
from typing import Any

from screen.rooms import Rooms
from streams.store.port import Store

FRESH_MS = 1_000
#: Rooms that are not on air change seldom.
RESTING_FRESH_MS = 10_000
AT_ONCE = 8

Headline = dict[str, Any]


class Wall:
    """Keeps each room's last headline. `clock` gives Unix ms; `read` raises `StoreAway`."""

    def __init__(self, store: Store, rooms: Rooms, clock: Callable[[], int]) -> None:
        self._store, self._rooms, self._clock = store, rooms, clock
        self._read_ms = 0
        self._held: dict[str, Headline] = {}
        self._turn = asyncio.Lock()

    async def read(self) -> list[Headline]:
        """The headlines (`streams.board.headline`), by name of the room."""
        async with self._turn:
            now_ms = self._clock()
            if not 0 <= now_ms - self._read_ms < FRESH_MS:
                await self._read_due(now_ms)
                self._read_ms = now_ms
            return list(self._held.values())

    async def _read_due(self, now_ms: int) -> None:
        names = await self._store.rooms()
        due = [name for name in names if not self._rests(name, now_ms)]
        for start in range(0, len(due), AT_ONCE):
            await asyncio.gather(*[self._read_one(name, now_ms) for name in due[start : start + AT_ONCE]])
        self._held = {name: self._held[name] for name in names if name in self._held}

    def _rests(self, name: str, now_ms: int) -> bool:
        held = self._held.get(name)
        return held is not None and held["status"] != "live" and 0 <= now_ms - held["at"] < RESTING_FRESH_MS

    async def _read_one(self, name: str, now_ms: int) -> None:
        room = await self._rooms.find(name)
        if room is not None:
            self._held[name] = await room.headline(now_ms)
