"""The store as a fake in memory, for unit tests: the same outcomes as Redis, and exact counts of people."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from streams.change import Change
from streams.store.checks import INT64, check
from streams.store.keys import MOST_CLAIMS, MOST_LOGS
from streams.store.memory_desk import MemoryAlerts, MemoryLeases, MemoryNotices
from streams.store.port import NO_CLAIMS, Applied, Fenced, Lost, Moved, Outcome, Snapshot, State, Wanted, Wants
from streams.topics import Partition

Hash = dict[str, str]
People = set[str]
Items = list[str]


class Scores(dict[str, int]):
    """Member → score: a type of its own, to tell it from a hash."""


Kind = TypeVar("Kind", Hash, People, Items, Scores)


@dataclass(slots=True)
class Room:
    """One room: `kept` is what Redis keeps under the room's keys, `ends_ms` when they go."""

    rev: int = 0
    fences: dict[tuple[str, Partition], int] = field(default_factory=dict)
    guards: dict[str, int] = field(default_factory=dict)
    touched: dict[str, int] = field(default_factory=dict)
    kept: dict[str, Any] = field(default_factory=dict)
    ends_ms: dict[str, int] = field(default_factory=dict)

    def raise_rev(self, now_ms: int) -> None:
        """Gives the room its next revision; see `Store.touched`."""
        self.rev = max(self.rev + 1, now_ms * 1000)

    def get(self, key: str, kind: type[Kind]) -> Kind:
        """What is under the key, or an empty one that is not kept. TypeError when it is of another kind: Redis could only stop half-way."""
        found = self.kept.get(key)
        if found is None:
            return kind()
        if type(found) is not kind:
            raise TypeError(f"{key!r} holds a {type(found).__name__}, not a {kind.__name__}")
        return found

    def keep(self, key: str, kind: type[Kind]) -> Kind:
        """What is under the key, kept from now on."""
        found = self.kept[key] = self.get(key, kind)
        return found

    def drop(self, key: str) -> None:
        """Forgets the key, and when it was to go."""
        self.kept.pop(key, None)
        self.ends_ms.pop(key, None)


class MemoryStore:
    """Rooms in dictionaries. `now_ms` is the clock by which keys expire and revisions rise."""

    def __init__(self, now_ms: Callable[[], int] = lambda: 0) -> None:
        self._now_ms = now_ms
        self._rooms: dict[str, Room] = {}
        self._progress: dict[tuple[str, Partition], int] = {}
        self._claims: dict[tuple[str, Partition], dict[str, int]] = {}
        self._logs: dict[str, list[str]] = {}
        self._workers: dict[str, tuple[str, int]] = {}
        self.leases = MemoryLeases(now_ms)
        self.alerts = MemoryAlerts(lambda room: self._rooms.setdefault(room, Room()), self.leases, now_ms)
        self.notices = MemoryNotices(self.leases)

    async def ping(self) -> None:
        """Always there."""

    async def close(self) -> None:
        """Nothing to let go of."""

    async def read(self, wants: Mapping[str, Wants], guards: Sequence[str]) -> dict[str, State]:
        """Room → state."""
        states = {}
        for name, wanted in wants.items():
            room = self._room(name)
            state = states[name] = State(guards={guard: room.guards.get(guard, 0) for guard in guards})
            for key, fields in wanted.items():
                found = room.get(key, dict)
                state.hashes[key] = {name: found[name] for name in (found if fields is None else fields) if name in found}
        return states

    async def apply(self, changes: Sequence[Change]) -> list[Outcome]:
        """Applies each change, or refuses it; outcomes in the order of the changes."""
        check(changes)
        return [self._apply(change) for change in changes]

    def _apply(self, change: Change) -> Outcome:
        room = self._rooms.setdefault(change.room, Room())
        self._expire(room)
        position = change.position
        fence = position.log, position.partition
        upto = room.fences.get(fence, -1)
        if position.first <= upto:
            return Fenced(upto)
        if upto < position.after:
            return Lost(upto)
        if any(room.guards.get(guard, 0) != version for guard, version in change.guards.items()):
            return Moved()
        room.fences[fence] = position.last
        room.raise_rev(self._now_ms())
        room.touched.update(dict.fromkeys(change.touched, room.rev))
        for guard in change.bumps:
            room.guards[guard] = room.guards.get(guard, 0) + 1
        _set_fields(room, change)
        _raise_fields(room, change)
        _count_people(room, change)
        _push_and_score(room, change)
        now_ms = self._now_ms()
        room.ends_ms.update((key, now_ms + seconds * 1000) for key, seconds in change.expire.items() if key in room.kept)
        return Applied()

    def _room(self, name: str) -> Room:
        room = self._rooms.get(name, Room())
        self._expire(room)
        return room

    def _expire(self, room: Room) -> None:
        now_ms = self._now_ms()
        for key in [key for key, end_ms in room.ends_ms.items() if end_ms <= now_ms]:
            room.drop(key)

    async def progress(self, log: str, partitions: Sequence[Partition]) -> dict[Partition, int]:
        """The next offset to read of each partition; partitions never applied are left out."""
        return {partition: self._progress[log, partition] for partition in partitions if (log, partition) in self._progress}

    async def raise_progress(
        self, log: str, partition: Partition, offset: int, expected: int = 0, claims: Mapping[str, int] = NO_CLAIMS
    ) -> bool:
        """Sets the next offset to read, unless it is already higher; False where it is lower than `expected`."""
        held = self._progress.get((log, partition), 0)
        if held < expected:
            return False
        self._progress[log, partition] = max(offset, held)
        if offset > held:
            kept = self._claims.setdefault((log, partition), {})
            if claims and len(kept) >= MOST_CLAIMS:
                kept.clear()
            kept.update(claims)
        return True

    async def claims(self, log: str, partition: Partition) -> dict[str, int]:
        """Room → the last offset it must have."""
        return dict(self._claims.get((log, partition), {}))

    async def turn_back(self, log: str, partition: Partition, offset: int, rooms: Sequence[str] = ()) -> None:
        """Lowers the next offset to read, unless it is already lower, and drops the rooms' claims."""
        if (log, partition) in self._progress:
            self._progress[log, partition] = min(offset, self._progress[log, partition])
        for room in rooms:
            self._claims.get((log, partition), {}).pop(room, None)

    async def fences(self, log: str, partition: Partition, rooms: Sequence[str]) -> dict[str, int]:
        """Room → the last offset it has of the partition."""
        found = {room: self._room(room).fences.get((log, partition)) for room in rooms}
        return {room: last for room, last in found.items() if last is not None}

    async def logs(self, topic: str) -> list[str]:
        """The topic's logs, newest first."""
        return self._logs.get(topic, [])

    async def note_log(self, topic: str, log: str) -> None:
        """Remembers that the topic is this log now."""
        self._logs[topic] = [log, *(each for each in self._logs.get(topic, []) if each != log)][:MOST_LOGS]

    async def report(self, worker: str, text: str, alive_seconds: int) -> None:
        """Keeps what a worker says of itself, and that it is alive for so long; 0: no more."""
        self._workers[worker] = text, self._now_ms() + alive_seconds * 1_000

    async def reports(self) -> dict[str, tuple[str, bool]]:
        """Worker → what it said last, and whether it is alive."""
        return {worker: (text, until_ms > self._now_ms()) for worker, (text, until_ms) in self._workers.items()}

    async def forget_workers(self, workers: Sequence[str]) -> None:
        """Drops what these said."""
        for worker in workers:
            self._workers.pop(worker, None)

    async def rooms(self) -> list[str]:
        """All rooms, sorted by name."""
        return sorted(self._rooms)

    async def touched(self, room: str, since: int) -> tuple[int, list[str]]:
        """The room's revision, and the keys touched after revision `since`."""
        found = self._room(room)
        return found.rev, [key for key, rev in found.touched.items() if rev > since]

    async def snapshot(self, room: str, since: int, wanted: Wanted) -> Snapshot:
        """What was touched after revision `since`, and what is wanted of that: nothing else runs in between."""
        rev, touched = await self.touched(room, since)
        if rev <= since:
            return Snapshot(rev)
        keys = [key for key in touched if wanted.is_hash(key)]
        lists = {key: most for key, most in wanted.lists.items() if key in touched and wanted.reads(key)}
        found = await self.hashes(room, keys) if keys else []
        return Snapshot(rev, touched, dict(zip(keys, found, strict=True)), await self.heads(room, lists) if lists else {})

    async def hashes(self, room: str, keys: Sequence[str]) -> list[dict[str, str]]:
        """The whole hash under each key, in order."""
        found = self._room(room)
        return [dict(found.get(key, dict)) for key in keys]

    async def counts(self, room: str, unions: Sequence[Sequence[str]]) -> list[int]:
        """For each union the exact number of different people."""
        found = self._room(room)
        return [len(set().union(*(found.get(key, set) for key in keys))) for keys in unions]

    async def heads(self, room: str, lists: Mapping[str, int]) -> dict[str, list[str]]:
        """Key → its newest items."""
        found = self._room(room)
        return {key: found.get(key, list)[:most] for key, most in lists.items()}

    async def tops(self, room: str, sets: Mapping[str, int]) -> dict[str, list[tuple[str, int]]]:
        """Key → the members with the highest scores."""
        found = self._room(room)
        return {key: sorted(found.get(key, Scores).items(), key=lambda row: (-row[1], row[0]))[:most] for key, most in sets.items()}


def _set_fields(room: Room, change: Change) -> None:
    for key, names in change.remove.items():
        held = room.get(key, dict)
        for name in names:
            held.pop(name, None)
        if not held:
            room.drop(key)
    for key, texts in change.put.items():
        if texts:
            room.keep(key, dict).update(texts)


def _raise_fields(room: Room, change: Change) -> None:
    for key, amounts in change.add.items():
        for name, amount in amounts.items():
            held = room.keep(key, dict)
            total = int(held.get(name, "0")) + amount
            if -INT64 <= total < INT64:  # a full counter keeps what it holds
                held[name] = str(total)
    for key, values in change.raised.items():
        for name, value in values.items():
            _raise(room.keep(key, dict), name, value)
    for key, name, record, record_name in change.best:
        if held_value := room.get(key, dict).get(name):
            _raise(room.keep(record, dict), record_name, int(held_value))


def _raise(held: Hash, name: str, value: int) -> None:
    if name not in held or int(held[name]) < value:
        held[name] = str(value)


def _count_people(room: Room, change: Change) -> None:
    for keys, users in change.people.items():
        for key in keys if users else ():
            room.keep(key, set).update(users)


def _push_and_score(room: Room, change: Change) -> None:
    for key, (items, keep) in change.push.items():
        if kept := (items + room.get(key, list))[:keep]:
            room.kept[key] = kept
    for key, scores in change.score.items():
        for member, amount in scores.items():
            held = room.keep(key, Scores)
            held[member] = held.get(member, 0) + amount
    for key, most in change.most.items():
        if key in room.kept:
            held = room.keep(key, Scores)
            room.kept[key] = Scores(sorted(held.items(), key=lambda item: (-item[1], item[0].encode()))[:most])
