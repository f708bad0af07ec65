"""Where users are, as this worker has left it: what it need not read again.

A room's places are remembered with what the store had when they were written: the version of the room's presence, and the fence of the
partition that the change came from. They serve the next change from that partition alone, and it names both: if anybody else changed the
room's presence, or the store lost that write, the change is refused, nothing is counted, and the places are read. The version would not do
by itself: a store that lost writes can come to the same version again by other writes, but not to the fence too without the same records.
"""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from streams import keys
from streams.change import Change, Position
from streams.fold import Batch
from streams.places import AS_OF, Places
from streams.store.port import State, Wants

#: What is remembered at most, in all rooms together; about 400 bytes each.
MOST_USERS = 200_000
#: Rooms whose presence is written by others too; to remember them is in vain. Forgotten all at once.
_MOST_SHARED = 10_000


@dataclass(frozen=True, slots=True)
class Memory:
    """A room's places after the change at `position`, as of `version`; `users` of them."""

    position: Position
    version: int
    places: Places
    users: int


class Remembered:
    """The places of the rooms that this worker wrote last, within a bound on the users in them."""

    def __init__(self, most_users: int = MOST_USERS) -> None:
        self._most = most_users
        self._rooms: OrderedDict[str, Memory] = OrderedDict()
        self._shared: set[str] = set()
        self._users = 0

    def of(self, positions: Mapping[str, Position], batches: Mapping[str, Batch]) -> dict[str, Memory]:
        """Room → what is remembered of its users, and serves the batch at its position; other rooms are left out."""
        found = {}
        for room, position in positions.items():
            memory = self._rooms.get(room)
            if memory is None:
                continue
            left = memory.position
            same = (left.log, left.partition, left.last) == (position.log, position.partition, position.after)
            if same and memory.places.serves([event for _, event in batches[room]]):
                found[room] = memory
            else:
                self._drop(room)
        return found

    def applied(self, change: Change, state: State | None) -> None:
        """The store has taken the change that was folded on the state."""
        places = state.places if state is not None else None
        if places is None:
            return  # not a change of presence
        self._drop(change.room)
        if not places.lasting or change.room in self._shared:
            return
        places.move(change.moved, change.raised[keys.FACTS][AS_OF])
        self._rooms[change.room] = Memory(change.position, change.guards["presence"] + 1, places, len(places.known))
        self._users += len(places.known)
        while self._users > self._most:
            self._drop(next(iter(self._rooms)))

    def refused(self, room: str, moved: bool) -> None:
        """The store has refused the room's change; `moved`: for somebody else has changed its presence."""
        if room in self._rooms:
            self._drop(room)
            if moved:
                if len(self._shared) >= _MOST_SHARED:
                    self._shared.clear()
                self._shared.add(room)

    def _drop(self, room: str) -> None:
        memory = self._rooms.pop(room, None)
        if memory is not None:
            self._users -= memory.users


def states(memories: Mapping[str, Memory], wanted: Mapping[str, Wants], read: Mapping[str, State]) -> dict[str, State]:
    """Room → state, with its places: what is remembered, and what the store said of what was `wanted` besides."""
    found = dict(read)
    for room, state in read.items():
        if room not in memories:
            state.places = Places(state.hashes, _users(wanted[room]))
    for room, memory in memories.items():
        # Not the version that was just read: the places are of this one.
        found[room] = State(guards={"presence": memory.version}, places=memory.places)
        if room in read:
            memory.places.read(read[room].hashes, _users(wanted[room]))
    return found


def _users(wanted: Wants) -> dict[str, Sequence[str]]:
    return {key: users or () for key, users in wanted.items()}
