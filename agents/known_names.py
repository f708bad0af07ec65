"""The names that rooms have taken up (`streams.names`), as this worker has left them, so that it reads them once for each room.

They stand behind the fence of the partition that they came from, and only its worker writes them. So they hold from one assignment of the
partition to the next, and until one of the room's changes is refused.
"""

from collections.abc import Iterable, Mapping

from agents.chunk import Chunk
from streams import keys
from streams.change import Change
from streams.names import DEFAULTS, Bounds, Names
from streams.topics import Partition

#: Names remembered at most, in all rooms together; about 150 bytes each.
MOST_NAMES = 500_000
#: A room of which nothing came for so long, or twice as long at most, is forgotten: most rooms are over.
IDLE_MS = 10 * 60_000


class KnownNames:
    """Room → its names, of each partition; those of idle rooms are forgotten, and all at once where they are too many."""

    def __init__(self, bounds: Bounds = DEFAULTS, most_names: int = MOST_NAMES) -> None:
        self.bounds = bounds
        self._most = most_names
        #: log and partition → where it was taken up, and its rooms
        self._parts: dict[tuple[str, Partition], tuple[int, dict[str, Names]]] = {}
        self._count = 0
        #: rooms that were met since then
        self._met: set[str] = set()
        self._since_ms = 0

    def rooms(self, chunk: Chunk) -> dict[str, Names]:
        """Room → its names, of the chunk's partition; what was known before this worker took it up means nothing."""
        part = self._parts.get((chunk.log, chunk.partition))
        if part is None or part[0] != chunk.taken_up:
            part = self._parts[chunk.log, chunk.partition] = chunk.taken_up, {}
        return part[1]

    def refused(self, chunk: Chunk, room: str) -> None:
        """The store has others than are known."""
        self.rooms(chunk).pop(room, None)

    def learn(self, rooms: dict[str, Names], read: Mapping[str, Mapping[str, str]]) -> None:
        """Adds what the store has of the names of more rooms, room → fields, to what `rooms` returned."""
        for room, fields in read.items():
            rooms[room] = Names(fields, self.bounds)
            self._count += len(fields)

    def applied(self, names: Names, change: Change) -> None:
        """The store has taken the change that was folded against these names."""
        self._count += names.take_over(change.naming)

    def shrink(self, met: Iterable[str], now_ms: int) -> None:
        """Forgets the rooms that are idle, and all where there are too many; whoever has a room's names in hand may go on with them.

        met   the rooms of a chunk that is applied
        """
        self._met.update(met)
        if not 0 <= now_ms - self._since_ms < IDLE_MS:
            self._since_ms = now_ms
            self._forget_idle()
            self._met = set()
        if self._count > self._most:
            self._parts.clear()
            self._count = 0

    def _forget_idle(self) -> None:
        for part, (taken_up, rooms) in self._parts.items():
            self._parts[part] = taken_up, {room: names for room, names in rooms.items() if room in self._met}
        self._count = sum(names.count for _, rooms in self._parts.values() for names in rooms.values())


def key(chunk: Chunk) -> str:
    """The key of what a room has of the chunk's partition."""
    return keys.names(chunk.partition.topic, chunk.partition.number)
