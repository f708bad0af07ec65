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
from streams.frames import Journal
from streams.products import BoardRules
from streams.store.redis import RedisStore
from streams.topics import CLICKS, ORDERS, SCENES, VIEWS, Partition
from tests.bench.place import Place, place
from tests.rooms.build import event
from tests.rooms.drive import Worker

HOURS = 6
PRODUCTS = 200
CHUNK = 5_000
TICKS = 40


def measure(runs: int, quick: bool) -> Iterator[dict[str, Any]]:
    """A row for each size of a room."""
    sizes = (10_000,) if quick else (10_000, 100_000, 1_000_000)
    for viewers in sizes:
        with place() as here:
            yield {"what": f"room of {viewers:,} viewers, {HOURS} h, {PRODUCTS} products"} | asyncio.run(_room(here, viewers))


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

    def __init__(self, store: RedisStore, now_ms: int) -> None:
        self._worker, self._now_ms = Worker(store, now_ms), now_ms
        self._chance, self._offset = random.Random(1), 0

    async def fill(self, viewers: int) -> None:
        """Everybody enters once, over the whole time; half of them look at products, one in twenty buys."""
        begin, length = self._now_ms - HOURS * 3_600_000, HOURS * 3_600_000
        listed = [event(ev.Listed, at=begin, product=f"p{number}", stock=1_000) for number in range(PRODUCTS)]
        await self._send(SCENES, [event(ev.Opened, at=begin), *listed])
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
        await self._send(VIEWS, [event(ev.Entered, at=at, user=user, person=person[at % 2]) for user, at in people])
        await self._send(CLICKS, [event(ev.Clicked, at=at, user=user, product=name) for (user, at), name in visits[::2]])
        paid = [event(ev.Paid, at=at, user=user, product=name, order=f"{user}{at}") for (user, at), name in visits[::20]]
        await self._send(ORDERS, paid)

    async def _send(self, topic: str, some: list[Any]) -> None:
        await self._worker.deliver(Partition(topic, 0), list(enumerate(some, self._offset)))
        self._offset += len(some)
