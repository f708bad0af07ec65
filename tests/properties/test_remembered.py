"""A worker that remembers where users are stores what one stores that reads it anew: through takeovers, repeats, and lost writes."""

import asyncio
from collections.abc import Awaitable
from copy import deepcopy
from random import Random
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents import claims, remembered
from agents.chunk import Chunk
from agents.ending import Ending
from agents.gauges import Gauges
from agents.patience import Patience
from agents.rejects.dead_letters import DeadLetters
from agents.rejects.quota import Quota
from agents.runner import Runner
from streams.events import FUTURE_MS, Rejected, decode
from streams.store.memory import MemoryStore
from streams.topics import VIEWS, Partition
from tests.properties.test_chunking import meaning
from tests.rooms.build import NOW
from tests.rooms.logs import Logs, logs, many, rooms_of

GAUGES = Gauges()


class Record:
    def __init__(self, offset: int, event: Any) -> None:
        self.offset, self.timestamp, self.value = offset, NOW, msgspec.json.encode(event)


class Ended(Exception):
    """Raised where a real worker would be on its way out."""


class Ends(Ending):
    def begin(self, status: int, line: str) -> None:
        raise Ended(line)


async def _send(key: bytes, value: bytes) -> Awaitable[object]:
    raise AssertionError(value)


def runner(store: MemoryStore, most_users: int) -> Runner:
    made = Runner(store, DeadLetters(_send, Quota(9), lambda: NOW), Ends(), GAUGES, Patience(), lambda: NOW)
    made._remembered = remembered.Remembered(most_users)
    return made


class Cluster:
    """Three workers on one store. Each partition is somebody's, and goes over to another now and then."""

    def __init__(self, logs: Logs, rng: Random, most_users: int) -> None:
        self.logs, self.rng, self.most = logs, rng, most_users
        self.store = MemoryStore(lambda: NOW)
        self.runners = [runner(self.store, most_users) for _ in range(3)]
        self.owner = {partition: rng.randrange(3) for partition in logs}
        self.next = dict.fromkeys(logs, 0)
        self.backup: dict[str, Any] | None = None
        self.losses = 0

    async def run(self, longest: int, loses: bool) -> None:
        while left := [partition for partition, log in self.logs.items() if self.next[partition] < len(log)]:
            partition = self.rng.choice(left)
            if self.rng.random() < 0.05:
                self.owner[partition] = self.rng.randrange(3)
                await self._take_up(partition)
            if loses:
                self._lose()
            await self._chunk(partition, longest)
            if not any(self.next[partition] < len(log) for partition, log in self.logs.items()):
                for each in self.logs:  # as after a last restart: what was lost without anybody noticing
                    await self._take_up(each)

    async def _chunk(self, partition: Partition, longest: int) -> None:
        first = self.next[partition]
        some = self.logs[partition][first : first + self.rng.randint(1, longest)]
        if not some:
            return
        records = [Record(first + number, event) for number, event in enumerate(some)]
        owner = self.owner[partition]
        try:
            await self.runners[owner].apply(Chunk("log", partition, records))
            self.next[partition] = first + len(some)
        except Ended:
            self.runners[owner] = runner(self.store, self.most)
            for each, by in self.owner.items():
                if by == owner:
                    await self._take_up(each)

    async def _take_up(self, partition: Partition) -> None:
        await claims.check(self.store, Patience(), {partition: "log"})
        self.next[partition] = (await self.store.progress("log", [partition])).get(partition, 0)

    def _lose(self) -> None:
        """Keeps a copy of the store now, or brings back the one kept."""
        chance = self.rng.random()
        if chance < 0.3:
            self.backup = deepcopy({name: getattr(self.store, name) for name in ("_rooms", "_progress", "_claims")})
        elif chance < 0.4 and self.backup is not None:
            self.losses += 1
            for name, value in deepcopy(self.backup).items():
                setattr(self.store, name, value)

    def kept(self) -> dict[str, Any]:
        return {room: meaning(self.store._room(room).kept) for room in rooms_of(self.logs)}


def check(views: Logs, seed: int, most_users: int, loses: bool) -> int:
    """Returns how often the store lost writes."""
    plain = Cluster(views, Random(seed), 0)
    asyncio.run(plain.run(longest=1, loses=False))
    cluster = Cluster(views, Random(seed), most_users)
    asyncio.run(cluster.run(longest=9, loses=loses))
    assert cluster.kept() == plain.kept()
    return cluster.losses


def of_views(logs: Logs) -> Logs:
    """The logs of live.views, without what would be rejected."""
    views = {partition: log for partition, log in logs.items() if partition.topic == VIEWS}
    return {
        partition: [event for event in log if not isinstance(decode(VIEWS, msgspec.json.encode(event), NOW + FUTURE_MS), Rejected)]
        for partition, log in views.items()
    }


@given(logs(), st.integers(0, 2**32), st.sampled_from([5, 1_000]))
def test_what_is_remembered_changes_nothing(logs: Logs, seed: int, most_users: int) -> None:
    check(of_views(logs), seed, most_users, loses=False)


@pytest.mark.parametrize("seed", range(8))
def test_nor_do_lost_writes_in_a_broadcast_of_hours(seed: int) -> None:
    assert check(of_views(many(seed, 250, live=True)), seed, 1_000, loses=True)


def test_a_room_spread_over_partitions_stores_the_same_in_the_same_order() -> None:
    rng = Random(3)
    log = [event for log in of_views(many(3, 400, live=True)).values() for event in log]
    chunks = [(rng.randrange(2), log[first : first + 7]) for first in range(0, len(log), 7)]

    async def stored(most_users: int) -> Any:
        store, offsets = MemoryStore(lambda: NOW), [0, 0]
        runners = [runner(store, most_users) for _ in range(2)]
        for number, some in chunks:
            records = [Record(offsets[number] + place, event) for place, event in enumerate(some)]
            await runners[rng.randrange(2) if most_users else 0].apply(Chunk("log", Partition(VIEWS, number), records))
            offsets[number] += len(some)
        return {room: meaning(store._room(room).kept) for room in store._rooms}

    assert asyncio.run(stored(1_000)) == asyncio.run(stored(0))
