"""What the store has acknowledged to this worker, and noticing that it lost some of it again.

A failover to a replica that was behind, a power cut, a restored backup: the last writes are gone, and often no call has failed. Going on
would hide the hole behind new fences and a new progress. So each write says what the store must still have, and is refused otherwise: a
change names the room's fence that is known (`Position.after`), the progress is raised only from where it was. The worker then starts again,
and so finds every hole that the progress claims to have filled, in whichever partition (`agents.claims`).
"""

from collections.abc import Iterable
from typing import Never

from agents.chunk import Chunk
from agents.ending import RESTART, Ending
from agents.patience import Patience
from streams.store.port import Store
from streams.topics import Partition

#: The fences of so many rooms are remembered for each partition; forgotten ones are read again.
_MOST_ROOMS = 10_000

_Place = tuple[str, Partition]


class Acknowledged:
    """The progress and the fences that this worker has seen in the store."""

    def __init__(self, store: Store, patience: Patience, ending: Ending) -> None:
        self._store = store
        self._patience = patience
        self._ending = ending
        self._progress: dict[_Place, int] = {}
        self._fences: dict[_Place, dict[str, int]] = {}

    def progress(self, chunk: Chunk) -> int:
        """The offset up to which this worker itself has applied the chunk's partition; 0 before its first chunk."""
        return self._progress.get((chunk.log, chunk.partition), 0)

    def fence(self, chunk: Chunk, room: str) -> int:
        """The last offset that the room has of the chunk's partition, as far as is known; -1: none."""
        return self._fences[chunk.log, chunk.partition].get(room, -1)

    def note(self, chunk: Chunk, room: str, last: int) -> None:
        """The store has the room's events up to and with offset `last`."""
        fences = self._fences[chunk.log, chunk.partition]
        fences[room] = max(last, fences.get(room, -1))

    async def meet(self, chunk: Chunk, rooms: Iterable[str]) -> None:
        """Learns the fences of the chunk's rooms; to be called before any of it is applied."""
        fences = self._fences.setdefault((chunk.log, chunk.partition), {})
        if len(fences) > _MOST_ROOMS:
            fences.clear()
        new = [room for room in rooms if room not in fences]
        if not new:
            return
        found = await self._patience.until_done(lambda: self._store.fences(chunk.log, chunk.partition, new))
        fences.update({room: found.get(room, -1) for room in new})
        # In this order: if nothing was lost until now, the fences just read are whole.
        if await self._held_progress(chunk) < self._expected(chunk):
            await self.lost(chunk)

    async def raise_progress(self, chunk: Chunk, rooms: Iterable[str]) -> None:
        """Says that all of the chunk is applied, and how far that makes its rooms."""
        expected = self._expected(chunk)
        claims = {room: self.fence(chunk, room) for room in rooms}
        raised = await self._patience.until_done(
            lambda: self._store.raise_progress(chunk.log, chunk.partition, chunk.next, expected, claims),
        )
        if not raised:
            await self.lost(chunk)
        self._progress[chunk.log, chunk.partition] = chunk.next

    async def lost(self, chunk: Chunk) -> Never:
        """Ends the worker."""
        line = f"{chunk.partition} was applied up to {self._expected(chunk)} in all of its rooms"
        await self._ending.reach(RESTART, f"stopping, to be started again at what the store has: the store lost its last writes: {line}")

    def _expected(self, chunk: Chunk) -> int:
        return max(self.progress(chunk), chunk.taken_up)

    async def _held_progress(self, chunk: Chunk) -> int:
        known = await self._patience.until_done(lambda: self._store.progress(chunk.log, [chunk.partition]))
        return known.get(chunk.partition, 0)
