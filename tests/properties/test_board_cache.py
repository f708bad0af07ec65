"""A board is built on what was kept of the last one. It must be the board that somebody who reads the room for the first time sees."""

from random import Random

import pytest

from streams import board, windows
from streams.board_rules import BoardRules
from streams.rolling import Bucket, Rolling
from streams.store.memory import MemoryStore
from streams.store.view import RoomView
from tests.rooms import logs
from tests.rooms.build import MINUTE, NOW, SECOND
from tests.rooms.drive import Worker

_LOOKS = 40


@pytest.mark.parametrize("seed", range(6))
async def test_what_is_kept_of_a_room_shows_what_a_first_reading_shows(seed: int) -> None:
    rng, clock = Random(seed), [NOW - 20 * MINUTE]
    store = MemoryStore(lambda: clock[0])
    worker = Worker(store, clock[0])
    views = {room: RoomView(store, room) for room in logs.ROOMS}
    waiting = logs.many(seed, 200, live=seed % 2 == 0)
    done = dict.fromkeys(waiting, 0)
    for look in range(_LOOKS):
        for partition, log in waiting.items():
            first, done[partition] = done[partition], len(log) * (look + 1) // _LOOKS
            if some := log[first : done[partition]]:
                await worker.deliver(partition, list(enumerate(some, first)))
        before = clock[0]
        clock[0] = worker.now_ms = clock[0] + rng.choice(
            [0, 250, 4 * SECOND, 5 * SECOND, 61 * SECOND, 6 * MINUTE if look == _LOOKS // 2 else 0]
        )
        moved = windows.bucket_of(clock[0]) != windows.bucket_of(before)
        for room, kept in views.items():
            fresh = RoomView(store, room)
            await kept.refresh(clock[0])
            await fresh.refresh(clock[0])
            rules = BoardRules(rng.choice([10, 1_000]))
            for now_ms in (clock[0], clock[0] + rng.randrange(30 * SECOND)):  # a board may be younger than what it is made of
                shown, first_shown = board.build(kept.material, now_ms, rules), board.build(fresh.material, now_ms, rules)
                for each in (shown, first_shown) if not moved else ():  # where those who paid are is looked up when the windows move
                    del each["audience"]["last_5m"]["unpaid"]
                assert shown == first_shown
                assert _minutes(kept, now_ms) == _minutes(fresh, now_ms)


def _minutes(view: RoomView, now_ms: int) -> list[dict[str, object]]:
    return board.minutes(view.material, 0, 2**60, now_ms)


@pytest.mark.parametrize("seed", range(20))
def test_sums_that_moved_along_are_the_sums_of_the_window(seed: int) -> None:
    rng, buckets, kept = Random(seed), {}, Rolling()
    for step in range(50):
        for _ in range(rng.randrange(4)):
            buckets[rng.randrange(30)] = _bucket(rng)
        if buckets and rng.random() < 0.2:
            del buckets[rng.choice(list(buckets))]
        start = rng.randrange(30)
        span = range(start, start + 10)
        kept.move(buckets, span, step)
        fresh = Rolling()
        fresh.move(buckets, span, step)
        for sums in ("room", "products", "watching", "buyers", "product_buyers"):
            assert getattr(kept, sums) == getattr(fresh, sums)
        whole = sum(buckets[number].room.get("a", 0) for number in span if number in buckets)
        assert kept.room.get("a", 0) == whole


def _bucket(rng: Random) -> Bucket:
    def counters() -> dict[str, int]:
        return {name: rng.randrange(-2, 3) for name in rng.sample("abc", rng.randrange(4))}

    paid = {(rng.choice("uvw"), rng.choice("pq")): "profile" for _ in range(rng.randrange(4))}
    return Bucket(counters(), {name: counters() for name in rng.sample("pqr", rng.randrange(4))}, paid, counters())
