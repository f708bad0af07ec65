"""What a look at a room costs a watcher and its store: CPU time for each look, by what happened in the room before it."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

from msgspec.structs import replace

from agents.alerting.look import Room
from agents.alerting.rulebook import Rulebook
from streams import events as ev
from streams.board_rules import BoardRules
from streams.store.redis import RedisStore
from streams.topics import CLICKS, COMMENTS, INPUTS, ORDERS, SCENES, VIEWS, Partition
from tests.bench.place import Place, cpu_seconds, place
from tests.rooms.build import event
from tests.rooms.drive import Worker

ROOMS = 10
PRODUCTS = 20
MINUTES = 12
#: Events of one room a second: 5,000 over 50 rooms.
RATE = 100
TICK_MS = 500


def measure(runs: int, quick: bool) -> Iterator[dict[str, Any]]:
    """A row for each kind of room: where nothing, where much, and where everything happens."""
    with place() as here:
        yield from asyncio.run(_measure(here, ROOMS // 5 if quick else ROOMS, runs * 2))


async def _measure(here: Place, rooms: int, looks: int) -> list[dict[str, Any]]:
    store = RedisStore.connect(here.redis)
    try:
        book = Rulebook(None, store.alerts.rules)
        await book.load()
        crowd = _Crowd(store, time.time_ns() // 1_000_000, rooms)
        await crowd.fill()
        tokens = await store.leases.take(crowd.rooms, "bench", 600_000)
        led = [Room(store, name, token) for name, token in tokens.items()]

        async def look() -> None:
            for room in led:
                await room.look(book.rules, BoardRules(), dict.fromkeys(INPUTS, 0), crowd.now_ms)

        await look()
        rows = []
        for what, happens in (("nothing", crowd.rest), ("a like", crowd.like), (f"{RATE} events a second", crowd.busy)):
            spent = [await _look(here, happens, look) for _ in range(looks)]
            watcher_ms, store_ms, wall_ms = (sum(part) * 1e3 / rooms / looks for part in zip(*spent, strict=True))
            rows.append({"what": f"a look at a room, before it {what}", "watcher_ms": watcher_ms, "store_ms": store_ms, "wall_ms": wall_ms})
        return rows
    finally:
        await store.close()


async def _look(here: Place, happens: Callable[[], Awaitable[None]], look: Callable[[], Awaitable[None]]) -> tuple[float, float, float]:
    """Seconds of the watcher's CPU, of the store's, and by the clock."""
    await happens()
    begun, store, clock = time.process_time(), cpu_seconds(here.store_pid), time.perf_counter()
    await look()
    return time.process_time() - begun, cpu_seconds(here.store_pid) - store, time.perf_counter() - clock


class _Crowd:
    """People in some rooms, folded as the agents fold them."""

    def __init__(self, store: RedisStore, now_ms: int, rooms: int) -> None:
        self.now_ms = now_ms
        self.rooms = [f"room-{number}" for number in range(rooms)]
        self._worker = Worker(store, now_ms)
        self._offset = self._person = 0

    async def fill(self) -> None:
        begin = self.now_ms - MINUTES * 60_000
        listed = [event(ev.Listed, at=begin, product=f"p{number}", stock=100_000) for number in range(PRODUCTS)]
        for room in self.rooms:
            await self._send(room, SCENES, [event(ev.Opened, at=begin), *listed])
            for at in range(begin, self.now_ms, 5_000):
                await self._visit(room, at, 5 * RATE)

    async def rest(self) -> None:
        self._pass()

    async def like(self) -> None:
        self._pass()
        for room in self.rooms:
            await self._send(room, VIEWS, [event(ev.Liked, at=self.now_ms)])

    async def busy(self) -> None:
        self._pass()
        for room in self.rooms:
            await self._visit(room, self.now_ms, RATE * TICK_MS // 1000)

    def _pass(self) -> None:
        self.now_ms += TICK_MS
        self._worker.now_ms = self.now_ms

    async def _visit(self, room: str, at: int, count: int) -> None:
        """As many events: of five people one enters, one stays, one looks at a product, one clicks; of fifty one pays, and five talk."""
        users = [f"u{self._person + number}" for number in range(count)]
        self._person += count
        goods = [f"p{number % PRODUCTS}" for number in range(count)]
        some = list(zip(users, goods, strict=True))
        person = ev.Person(gender="f", province="浙江")
        views = [event(ev.Entered, at=at, user=user, person=person) for user, _ in some[::5]]
        await self._send(room, VIEWS, [*views, *(event(ev.Stayed, at=at, user=user) for user, _ in some[1::5])])
        clicks = [event(ev.Clicked, at=at, user=user, product=product) for user, product in some[2::5]]
        await self._send(room, CLICKS, [*clicks, *(event(ev.ProductExposed, at=at, user=user, product=name) for user, name in some[3::5])])
        await self._send(room, COMMENTS, [event(ev.Commented, at=at, user=user) for user, _ in some[4::10]])
        await self._send(room, ORDERS, [event(ev.Paid, at=at, user=user, product=name, order=user) for user, name in some[9::50]])

    async def _send(self, room: str, topic: str, some: list[Any]) -> None:
        batch = [(number, replace(one, room=room)) for number, one in enumerate(some, self._offset)]
        await self._worker.deliver(Partition(topic, 0), batch)
        self._offset += len(some)


if __name__ == "__main__":  # by itself: `python -m tests.bench.looks`
    for row in measure(5, quick=True):
        print("  ".join(f"{value:.2f} {name}" if name != "what" else value for name, value in row.items()))
