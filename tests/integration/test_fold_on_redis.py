"""The same as tests/properties/test_fold_exact.py on a real server, with workers that meet: people are estimated there."""

import asyncio
from random import Random

import pytest

from streams import board as boards
from streams.board_rules import BoardRules
from streams.store.redis import RedisStore
from streams.store.view import RoomView
from tests.rooms.build import MINUTE, NOW
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
