"""What the agents and the screen need of a store. `memory.py` and `redis.py` pass one contract suite (tests/contracts)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Protocol

from streams.change import Change
from streams.names import Names
from streams.places import Places
from streams.store.desk import Alerts, Leases, Notices
from streams.topics import Partition

#: key → the fields wanted of that hash, or None for all of them
Wants = Mapping[str, Sequence[str] | None]


NO_CLAIMS: Mapping[str, int] = MappingProxyType({})


class StoreAway(Exception):
    """The store cannot be reached or is not ready; nothing was applied, or it is unknown what was: trying again is safe."""


@dataclass(slots=True)
class State:
    """What a fold needs to know of a room: the hashes it asked for (missing fields left out), and the versions of the guards.

    `names`: those that the partition's part of the room has taken up; without it the hashes say so.
    `places`: where the room's users are as of that version, by somebody who remembers it; without it the hashes say so.
    """

    hashes: dict[str, dict[str, str]] = field(default_factory=dict)
    guards: dict[str, int] = field(default_factory=dict)
    places: Places | None = None
    names: Names | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a reader wants of a room. The kind of a key is what stands before its first colon.

    hashes    whole keys of hashes        kinds      kinds of hashes        ignored   keys and kinds to be left out all the same
    numbered  kinds whose keys end in a number: those below `first` are left out
    lists     key → how many of its newest items
    """

    hashes: frozenset[str]
    kinds: frozenset[str]
    numbered: frozenset[str]
    first: int
    ignored: frozenset[str]
    lists: Mapping[str, int]

    def reads(self, key: str) -> bool:
        """Whether the key is not to be left out."""
        kind, _, rest = key.partition(":")
        if key in self.ignored or kind in self.ignored:
            return False
        return kind not in self.numbered or int(rest.rpartition(":")[2]) >= self.first

    def is_hash(self, key: str) -> bool:
        """Whether the key is a hash that is wanted."""
        kind, colon, _ = key.partition(":")
        return self.reads(key) and (key in self.hashes or (kind in self.kinds and bool(colon)))


@dataclass(slots=True)
class Snapshot:
    """A room at one moment, as far as it was touched since a revision: keys, hashes, and the newest items of lists."""

    rev: int
    touched: list[str] = field(default_factory=list)
    hashes: dict[str, dict[str, str]] = field(default_factory=dict)
    lists: dict[str, list[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Applied:
    """The change is in the store."""


@dataclass(frozen=True, slots=True)
class Fenced:
    """Refused: the room's fence already covers the log up to and with offset `upto`. Drop what it covers, fold the rest again."""

    upto: int


@dataclass(frozen=True, slots=True)
class Moved:
    """Refused: a guard moved on since the state was read. Read the state and fold again."""


@dataclass(frozen=True, slots=True)
class Lost:
    """Refused: the room's fence covers the log up to and with `upto` (-1: nothing), less than was acknowledged: writes were lost."""

    upto: int


Outcome = Applied | Fenced | Moved | Lost


class Store(Protocol):
    """Rooms, and how far the log is applied. All calls raise `StoreAway` when the store is not there."""

    @property
    def leases(self) -> Leases:
        """Who does what only one may do."""

    @property
    def alerts(self) -> Alerts:
        """The alerts of the rooms."""

    @property
    def notices(self) -> Notices:
        """Subscriptions, and what they are sent."""

    async def ping(self) -> None:
        """Returns when the store answers."""

    async def close(self) -> None:
        """Lets go of all connections."""

    # --- for the agents

    async def read(self, wants: Mapping[str, Wants], guards: Sequence[str]) -> dict[str, State]:
        """Room → state, for every room asked for. Guards are read before the hashes, so a change in between is refused later."""

    async def apply(self, changes: Sequence[Change]) -> list[Outcome]:
        """Applies each change in one atomic step with its room's fence; outcomes in the order of the changes.

        At most one change of each room in a call, else ValueError, as for a change that could not be applied whole: then nothing was sent.
        """

    async def progress(self, log: str, partitions: Sequence[Partition]) -> dict[Partition, int]:
        """The next offset to read of each partition of the log `log`; partitions never applied are left out."""

    async def raise_progress(
        self, log: str, partition: Partition, offset: int, expected: int = 0, claims: Mapping[str, int] = NO_CLAIMS
    ) -> bool:
        """Sets the next offset to read, unless it is already higher. False, and nothing is set, where it is lower than `expected`.

        `claims`: room → the last offset below `offset` that was applied to it; kept with the progress, in the same step.
        """

    async def claims(self, log: str, partition: Partition) -> dict[str, int]:
        """Room → the last offset it must have of the partition; a room that has less lost it again. Rooms of long ago are left out."""

    async def turn_back(self, log: str, partition: Partition, offset: int, rooms: Sequence[str] = ()) -> None:
        """Lowers the next offset to read, unless it is already lower, and drops the rooms' claims, in one step.

        What is read again and was applied is behind the fences.
        """

    async def fences(self, log: str, partition: Partition, rooms: Sequence[str]) -> dict[str, int]:
        """Room → the last offset it has of the partition; rooms that have none are left out."""

    async def logs(self, topic: str) -> list[str]:
        """The logs that a topic of this name has been, newest first, a few at most."""

    async def note_log(self, topic: str, log: str) -> None:
        """Remembers that the topic is this log now."""

    async def report(self, worker: str, text: str, alive_seconds: int) -> None:
        """Keeps what a worker says of itself, and that it is alive for so long; 0: no more."""

    async def reports(self) -> dict[str, tuple[str, bool]]:
        """Worker → what it said last, and whether it is alive."""

    async def forget_workers(self, workers: Sequence[str]) -> None:
        """Drops what these said."""

    # --- for the readers

    async def rooms(self) -> list[str]:
        """All rooms, sorted by name."""

    async def touched(self, room: str, since: int) -> tuple[int, list[str]]:
        """The room's revision (0: unknown room), and the keys touched after revision `since`.

        Revisions rise with the store's clock (microseconds), so that after lost writes no revision that was read before is given out again.
        """

    async def snapshot(self, room: str, since: int, wanted: Wanted) -> Snapshot:
        """What was touched after revision `since`, and what is wanted of that, all as of one moment. Its revision may be below `since`."""

    async def hashes(self, room: str, keys: Sequence[str]) -> list[dict[str, str]]:
        """The whole hash under each key, in order; an empty one where there is none."""

    async def counts(self, room: str, unions: Sequence[Sequence[str]]) -> list[int]:
        """For each union the number of different people in the HyperLogLogs under its keys."""

    async def heads(self, room: str, lists: Mapping[str, int]) -> dict[str, list[str]]:
        """Key → its newest items, at most as many as asked for."""

    async def tops(self, room: str, sets: Mapping[str, int]) -> dict[str, list[tuple[str, int]]]:
        """Key → the members with the highest scores, at most as many as asked for, highest first (ties by member)."""
