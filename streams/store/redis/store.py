"""The rooms in Redis, or in a Redis Cluster: one atomic step for each change, one round trip for each call."""

import logging
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import Any, Self

import msgspec

from streams.change import Change
from streams.store import checks
from streams.store.keys import MOST_CLAIMS, MOST_LOGS, Keys, fence_field, guard_field
from streams.store.port import NO_CLAIMS, Applied, Fenced, Lost, Moved, Outcome, Snapshot, State, StoreAway, Wanted, Wants
from streams.store.redis import blob, scripts
from streams.store.redis.alerts import RedisAlerts
from streams.store.redis.client import Client, Command
from streams.store.redis.leases import RedisLeases
from streams.store.redis.notices import RedisNotices
from streams.topics import Partition

log = logging.getLogger(__name__)

APPLY = scripts.Script("apply.lua")
RAISE_PROGRESS = scripts.Script("raise_progress.lua")
TURN_BACK = scripts.Script("turn_back.lua")
SNAPSHOT = scripts.Script("snapshot.lua")


class RedisStore:
    """The store in Redis. One of it serves a whole process; make it and use it in one event loop."""

    def __init__(self, client: Client, names: Keys) -> None:
        self._client = client
        self._names = names
        self.leases = RedisLeases(client, names)
        self.alerts = RedisAlerts(client, names)
        self.notices = RedisNotices(client, names)
        self._listed: set[str] = set()  # rooms that this process has put on the list of rooms

    @classmethod
    def connect(cls, url: str, *, prefix: str = "ls") -> Self:
        """A store at `redis://`, `rediss://`, `unix://`, `redis+cluster://` or `rediss+cluster://`.

        It connects at the first call. ValueError when the address or the prefix is none.
        """
        return cls(Client(url), Keys(prefix))

    async def ping(self) -> None:
        """Returns when the store answers."""
        await self._client.ping()

    async def close(self) -> None:
        """Lets go of all connections."""
        await self._client.close()

    async def read(self, wants: Mapping[str, Wants], guards: Sequence[str]) -> dict[str, State]:
        """Room → state; all guards are read before the first hash."""
        versions = [("HMGET", self._names.fence(room), *map(guard_field, guards)) for room in wants if guards]
        hashes: list[Command] = []
        for room, wanted in wants.items():
            stem = self._names.stem(room)
            for key, fields in wanted.items():
                if fields is None:
                    hashes.append(("HGETALL", stem + key))
                elif fields:
                    hashes.append(("HMGET", stem + key, *fields))
        held, found = await self._client.run_in_order(versions, hashes)
        return _states(wants, guards, held, found)

    async def apply(self, changes: Sequence[Change]) -> list[Outcome]:
        """Applies each change in one atomic step, all of them in one round trip; outcomes in the order of the changes."""
        checks.check(changes)
        calls = []
        for change in changes:
            keys, packed = blob.encode(self._names, change)
            calls.append(APPLY.call(keys, packed))
        new = {change.room for change in changes} - self._listed
        before: list[Command] = [("SADD", self._names.rooms, *sorted(new))] if new else []
        try:
            answers = await scripts.run(self._client, APPLY, calls, before)
        except StoreAway:
            self._listed.clear()  # it may come back empty
            raise
        self._listed |= new
        return [_outcome(change, answer) for change, answer in zip(changes, answers, strict=True)]

    async def progress(self, log: str, partitions: Sequence[Partition]) -> dict[Partition, int]:
        """The next offset to read of each partition; partitions never applied are left out."""
        if not partitions:
            return {}
        (offsets,) = await self._client.run([("HMGET", self._names.progress(log), *map(str, partitions))])
        return {partition: int(offset) for partition, offset in zip(partitions, offsets, strict=True) if offset is not None}

    async def raise_progress(
        self, log: str, partition: Partition, offset: int, expected: int = 0, claims: Mapping[str, int] = NO_CLAIMS
    ) -> bool:
        """Sets the next offset to read, unless it is already higher; False where it is lower than `expected`."""
        names = [self._names.progress(log), self._names.claims(log, partition)]
        pairs: Iterable[str | int] = chain.from_iterable(claims.items())
        call = RAISE_PROGRESS.call(names, str(partition), offset, expected, MOST_CLAIMS, *pairs)
        (raised,) = await scripts.run(self._client, RAISE_PROGRESS, [call])
        return bool(raised)

    async def claims(self, log: str, partition: Partition) -> dict[str, int]:
        """Room → the last offset it must have."""
        (found,) = await self._client.run([("HGETALL", self._names.claims(log, partition))])
        return {room: int(last) for room, last in found.items()}

    async def turn_back(self, log: str, partition: Partition, offset: int, rooms: Sequence[str] = ()) -> None:
        """Lowers the next offset to read, unless it is already lower, and drops the rooms' claims."""
        names = [self._names.progress(log), self._names.claims(log, partition)]
        await scripts.run(self._client, TURN_BACK, [TURN_BACK.call(names, str(partition), offset, *rooms)])

    async def fences(self, log: str, partition: Partition, rooms: Sequence[str]) -> dict[str, int]:
        """Room → the last offset it has of the partition."""
        held = await self._client.run([("HGET", self._names.fence(room), fence_field(log, partition)) for room in rooms])
        return {room: int(last) for room, last in zip(rooms, held, strict=True) if last is not None}

    async def logs(self, topic: str) -> list[str]:
        """The topic's logs, newest first."""
        (found,) = await self._client.run([("LRANGE", self._names.logs(topic), 0, -1)])
        return list(found)

    async def note_log(self, topic: str, log: str) -> None:
        """Remembers that the topic is this log now."""
        key = self._names.logs(topic)
        await self._client.run([("LREM", key, 0, log), ("LPUSH", key, log), ("LTRIM", key, 0, MOST_LOGS - 1)])

    async def report(self, worker: str, text: str, alive_seconds: int) -> None:
        """Keeps what a worker says of itself, and that it is alive for so long; 0: no more."""
        alive = self._names.alive(worker)
        lives: Command = ("SET", alive, "1", "EX", alive_seconds) if alive_seconds else ("DEL", alive)
        await self._client.run([("HSET", self._names.workers, worker, text), lives])

    async def reports(self) -> dict[str, tuple[str, bool]]:
        """Worker → what it said last, and whether it is alive."""
        (said,) = await self._client.run([("HGETALL", self._names.workers)])
        alive = await self._client.run([("EXISTS", self._names.alive(worker)) for worker in said])
        return {worker: (text, bool(lives)) for (worker, text), lives in zip(said.items(), alive, strict=True)}

    async def forget_workers(self, workers: Sequence[str]) -> None:
        """Drops what these said."""
        if workers:
            await self._client.run([("HDEL", self._names.workers, *workers)])

    async def rooms(self) -> list[str]:
        """All rooms, sorted by name."""
        (found,) = await self._client.run([("SMEMBERS", self._names.rooms)])
        return sorted(found)

    async def touched(self, room: str, since: int) -> tuple[int, list[str]]:
        """The room's revision, and the keys touched after revision `since` (some perhaps after the revision returned: they come again)."""
        rev = ("HGET", self._names.fence(room), "rev")
        keys = ("ZRANGEBYSCORE", self._names.touched(room), f"({since}", "+inf")
        ((held,), (found,)) = await self._client.run_in_order([rev], [keys])
        return int(held or 0), found

    async def snapshot(self, room: str, since: int, wanted: Wanted) -> Snapshot:
        """What was touched after revision `since`, and what is wanted of that, in one script."""
        keys = [self._names.fence(room), self._names.touched(room)]
        call = SNAPSHOT.call(keys, self._names.stem(room), since, msgspec.msgpack.encode(wanted))
        (answer,) = await scripts.run(self._client, SNAPSHOT, [call])
        if len(answer) == 1:
            return Snapshot(int(answer[0]))
        rev, touched, hashes, lists = answer
        found = {key: dict(_pairs(flat)) for key, flat in _pairs(hashes)}
        return Snapshot(int(rev), touched, found, dict(_pairs(lists)))

    async def hashes(self, room: str, keys: Sequence[str]) -> list[dict[str, str]]:
        """The whole hash under each key, in order."""
        stem = self._names.stem(room)
        return await self._client.run([("HGETALL", stem + key) for key in keys])

    async def counts(self, room: str, unions: Sequence[Sequence[str]]) -> list[int]:
        """For each union the estimated number of different people."""
        stem = self._names.stem(room)
        answers = iter(await self._client.run([("PFCOUNT", *(stem + key for key in keys)) for keys in unions if keys]))
        return [next(answers) if keys else 0 for keys in unions]

    async def heads(self, room: str, lists: Mapping[str, int]) -> dict[str, list[str]]:
        """Key → its newest items."""
        stem = self._names.stem(room)
        answers = await self._client.run([("LRANGE", stem + key, 0, most - 1) for key, most in lists.items() if most > 0])
        return _by_key(lists, answers)

    async def tops(self, room: str, sets: Mapping[str, int]) -> dict[str, list[tuple[str, int]]]:
        """Key → the members with the highest scores (kept negative, see `apply.lua`)."""
        stem = self._names.stem(room)
        answers = await self._client.run([("ZRANGE", stem + key, 0, most - 1, "WITHSCORES") for key, most in sets.items() if most > 0])
        found = _by_key(sets, answers)
        return {key: [(member, -int(score)) for member, score in rows] for key, rows in found.items()}


def _pairs(flat: Sequence[Any]) -> Iterable[tuple[Any, Any]]:
    """Names and values that stand one behind the other."""
    return zip(flat[::2], flat[1::2], strict=True)


def _outcome(change: Change, answer: list[int]) -> Outcome:
    match answer:
        case [1, refused]:
            if refused:
                log.error("room %s: %d counters are full or hold text, and kept what they held", change.room, refused)
            return Applied()
        case [2, upto]:
            return Fenced(upto)
        case [4, upto]:
            return Lost(upto)
        case _:
            return Moved()


def _states(wants: Mapping[str, Wants], guards: Sequence[str], held: Sequence[Any], found: Sequence[Any]) -> dict[str, State]:
    states = {}
    hashes = iter(found)
    for number, (room, wanted) in enumerate(wants.items()):
        versions = held[number] if guards else ()
        state = states[room] = State(guards={guard: int(version or 0) for guard, version in zip(guards, versions, strict=True)})
        for key, fields in wanted.items():
            if fields is None:
                state.hashes[key] = next(hashes)
            elif fields:
                state.hashes[key] = {name: value for name, value in zip(fields, next(hashes), strict=True) if value is not None}
            else:
                state.hashes[key] = {}
    return states


def _by_key(wanted: Mapping[str, int], answers: Sequence[Any]) -> dict[str, Any]:
    remaining = iter(answers)
    return {key: next(remaining) if most > 0 else [] for key, most in wanted.items()}
