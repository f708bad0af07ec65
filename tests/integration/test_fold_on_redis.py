"""The same as tests/properties/test_fold_exact.py on a real server, with workers that meet: people are estimated there."""

import asyncio
from random import Random

import pytest

from streams import board as boards
from streams import events as ev
from streams.board_rules import BoardRules
from streams.store.redis import RedisStore
from streams.store.view import RoomView
from streams.topics import ORDERS, Partition
from tests.rooms.build import MINUTE, NOW, event
from tests.rooms.compare import Comparison
from tests.rooms.count import Count
from tests.rooms.drive import Worker
from tests.rooms.logs import deliver, many, of_room, rooms_of


@pytest.mark.parametrize("live", [False, True])
def test_a_board_read_from_redis_equals_the_count(redis_url: str, live: bool) -> None:
    async def run() -> None:
        store = RedisStore.connect(redis_url, prefix=f"fold-{live}")
        try:
            worker, logs = Worker(store), many(11, 700, live)
            await deliver(worker, logs, Random(5), longest=40)
            assert set(worker.refusals) == {"Fenced", "Moved"}
            for room in rooms_of(logs):
                view, count = RoomView(store, room), Count(of_room(logs, room))
                for now_ms in (NOW, NOW + 4 * MINUTE):
                    await view.refresh(now_ms)
                    board = boards.build(view.material, now_ms, BoardRules())
                    minutes = {row["at"]: row for row in boards.minutes(view.material, 0, 2**60, now_ms)}
                    assert Comparison(count, now_ms, exact_people=False).differences(board, minutes) == []
        finally:
            await store.close()

    asyncio.run(run())


def test_boards_that_are_read_while_orders_come_in_are_each_one_state(redis_url: str) -> None:
    async def run() -> int:
        writing_to, reading_from = (RedisStore.connect(redis_url, prefix="one-state") for _ in range(2))

        async def write() -> None:
            worker, offset = Worker(writing_to), 0
            while True:
                some = [event(ev.Paid, order=f"o{offset + n}", product=f"p{n % 7}", user=f"u{n}") for n in range(20)]
                await worker.deliver(Partition(ORDERS, 0), list(enumerate(some, offset)))
                offset += len(some)

        writer = asyncio.create_task(write())
        try:
            view, states = RoomView(reading_from, "room"), set()
            for _ in range(200):
                await view.refresh(NOW)
                board = boards.build(view.material, NOW, BoardRules())
                for metric in ("gmv", "orders_paid", "items_sold"):
                    assert board["total"][metric] == sum(row["total"][metric] for row in board["products"])
                states.add(board["total"]["gmv"])
            return len(states)
        finally:
            writer.cancel()
            await asyncio.gather(writer, return_exceptions=True)
            await writing_to.close()
            await reading_from.close()

    assert asyncio.run(run()) > 20
