"""What a watched room costs a screen: reading what changed, building the board, turning it into a frame; and what a room weighs."""

import asyncio
import random
import time
from collections.abc import Iterator
from statistics import median
from typing import Any

from redis import Redis

from screen.rooms import Room
from streams import events as ev
from streams.board_rules import BoardRules
from streams.frames import Journal
from streams.store.redis import RedisStore
from streams.topics import CLICKS, ORDERS, SCENES, VIEWS, Partition
from tests.bench.place import Place, place
from tests.rooms.build import event
from tests.rooms.drive import Worker

HOURS = 6
PRODUCTS = 200
CHUNK = 5_000
TICKS = 40
VIEWERS_OF_MANY = 1_000


def measure(runs: int, quick: bool) -> Iterator[dict[str, Any]]:
    """A row for each size of a room, one run each: its figures are medians over ticks. Then many rooms that are all watched at once."""
    sizes = (10_000,) if quick else (10_000, 100_000, 1_000_000)
    for viewers in sizes:
        with place() as here:
            yield {"what": f"room of {viewers:,} viewers, {HOURS} h, {PRODUCTS} products"} | asyncio.run(_room(here, viewers))
    rooms = 10 if quick else 100
    with place() as here:
        yield {"what": f"{rooms} rooms of {VIEWERS_OF_MANY:,} viewers at once"} | asyncio.run(_rooms(here, rooms))


async def _rooms(here: Place, count: int) -> dict[str, float]:
    """CPU of a tick in which each room has changed, and is read, built and framed. `tick_share`: of the 250 ms that a tick has."""
    store = RedisStore.connect(here.redis)
    now_ms = time.time_ns() // 1_000_000
    fillers = [_Filler(store, now_ms, f"room-{number}") for number in range(count)]
    for filler in fillers:
        await filler.fill(VIEWERS_OF_MANY)
    rooms = [(Room(store, filler.room, BoardRules(), 0), Journal()) for filler in fillers]
    spent = []
    for tick in range(6):
        at = now_ms + tick * 250
        for filler in fillers:
            await filler.some(at, 10)
        begun = time.process_time()
        for room, journal in rooms:
            await room.refresh(at)
            journal.update(room.tables(at))
        spent.append(time.process_time() - begun)
    await store.close()
    tick_ms = median(spent[1:]) * 1e3  # the first reads all
    return {"first_ms": spent[0] * 1e3, "tick_ms": tick_ms, "room_ms": tick_ms / count, "tick_share": tick_ms / 250}


async def _room(here: Place, viewers: int) -> dict[str, float]:
    store = RedisStore.connect(here.redis)
    now_ms = time.time_ns() // 1_000_000
    with Redis.from_url(here.redis) as plain:
        empty = plain.info("memory")["used_memory"]
        filler = _Filler(store, now_ms)
        await filler.fill(viewers)
        megabytes = (plain.info("memory")["used_memory"] - empty) / 1e6
    found = await _watch(store, filler, now_ms)
    await store.close()
    return {"store_mb": megabytes, **found}


async def _watch(store: RedisStore, filler: "_Filler", now_ms: int) -> dict[str, float]:
    """The first frame, and those of a busy room: 250 events before each."""
    room, journal = Room(store, "room", BoardRules(), 0), Journal()
    begun = time.process_time()
    await room.refresh(now_ms)
    journal.update(room.tables(now_ms))
    first_ms = (time.process_time() - begun) * 1e3
    spent: list[tuple[float, float, float]] = []
    for tick in range(TICKS):
        at = now_ms + tick * 250
        await filler.some(at, 250)
        begun = time.process_time()
        await room.refresh(at)
        read = time.process_time()
        tables = room.tables(at)
        built = time.process_time()
        journal.update(tables)
        spent.append((read - begun, built - read, time.process_time() - built))
    read_ms, build_ms, journal_ms = (median(part) * 1e3 for part in zip(*spent, strict=True))
    return {"first_ms": first_ms, "read_ms": read_ms, "build_ms": build_ms, "journal_ms": journal_ms}


class _Filler:
    """Fills one room by the fold that the agents use."""

    def __init__(self, store: RedisStore, now_ms: int, room: str = "room") -> None:
        self.room = room
        self._worker, self._now_ms = Worker(store, now_ms), now_ms
        self._chance, self._offset = random.Random(1), 0

    async def fill(self, viewers: int) -> None:
        """Everybody enters once, over the whole time; half of them look at products, one in twenty buys."""
        begin, length = self._now_ms - HOURS * 3_600_000, HOURS * 3_600_000
        listed = [event(ev.Listed, room=self.room, at=begin, product=f"p{number}", stock=1_000) for number in range(PRODUCTS)]
        await self._send(SCENES, [event(ev.Opened, room=self.room, at=begin), *listed])
        for first in range(0, viewers, CHUNK):
            some = range(first, min(viewers, first + CHUNK))
            await self._visit([(f"viewer-{number}", begin + number * length // viewers) for number in some])

    async def some(self, now_ms: int, count: int) -> None:
        """People who do something now."""
        self._worker.now_ms = now_ms
        await self._visit([(f"viewer-{self._chance.randrange(10_000)}", now_ms) for _ in range(count)])

    async def _visit(self, people: list[tuple[str, int]]) -> None:
        product = [f"p{self._chance.randrange(PRODUCTS)}" for _ in people]
        visits = list(zip(people, product, strict=True))
        person = [ev.Person(gender="f", province="浙江"), ev.Person(gender="m", province="广东")]
        await self._send(VIEWS, [event(ev.Entered, room=self.room, at=at, user=user, person=person[at % 2]) for user, at in people])
        await self._send(CLICKS, [event(ev.Clicked, room=self.room, at=at, user=user, product=name) for (user, at), name in visits[::2]])
        paid = [event(ev.Paid, room=self.room, at=at, user=user, product=name, order=f"{user}{at}") for (user, at), name in visits[::20]]
        await self._send(ORDERS, paid)

    async def _send(self, topic: str, some: list[Any]) -> None:
        await self._worker.deliver(Partition(topic, 0), list(enumerate(some, self._offset)))
        self._offset += len(some)
