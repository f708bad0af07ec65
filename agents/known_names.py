"""The names that rooms have taken up (`streams.names`), as this worker has left them, so that it reads them once for each room.

They stand behind the fence of the partition that they came from, and only its worker writes them. So they hold from one assignment of the
partition to the next, and until one of the room's changes is refused.
"""

from collections.abc import Mapping

from agents.chunk import Chunk
from streams import keys
from streams.change import Change
from streams.names import DEFAULTS, Bounds, Names
from streams.topics import Partition

#: Names remembered at most, in all rooms together; about 150 bytes each.
MOST_NAMES = 500_000


class KnownNames:
    """Room → its names, of each partition; forgotten all at once where they are too many."""

    def __init__(self, bounds: Bounds = DEFAULTS, most_names: int = MOST_NAMES) -> None:
        self.bounds = bounds
        self._most = most_names
        #: log and partition → where it was taken up, and its rooms
        self._parts: dict[tuple[str, Partition], tuple[int, dict[str, Names]]] = {}
        self._count = 0

    def rooms(self, chunk: Chunk) -> dict[str, Names]:
        """Room → its names, of the chunk's partition; what was known before this worker took it up means nothing."""
        part = self._parts.get((chunk.log, chunk.partition))
        if part is None or part[0] != chunk.taken_up:
            part = self._parts[chunk.log, chunk.partition] = chunk.taken_up, {}
        return part[1]

    def learn(self, rooms: dict[str, Names], read: Mapping[str, Mapping[str, str]]) -> None:
        """Adds what the store has of the names of more rooms, room → fields, to what `rooms` returned."""
        for room, fields in read.items():
            rooms[room] = Names(fields, self.bounds)
            self._count += len(fields)

    def applied(self, names: Names, change: Change) -> None:
        """The store has taken the change that was folded against these names."""
        self._count += names.take_over(change.naming)

    def shrink(self) -> None:
        """Forgets all where there are too many; whoever has a room's names in hand may go on with them."""
        if self._count > self._most:
            self._parts.clear()
            self._count = 0


def key(chunk: Chunk) -> str:
    """The key of what a room has of the chunk's partition."""
    return keys.names(chunk.partition.topic, chunk.partition.number)
