"""Calls at the same time read one room together. What is kept of it must be what somebody sees who reads it for the first time."""

import asyncio
from collections.abc import Mapping, Sequence
from random import Random

import pytest

from screen.rooms import Room
from streams import board
from streams.board_rules import BoardRules
from streams.store.memory import MemoryStore
from streams.store.view import RoomView
from tests.rooms import logs
from tests.rooms.build import MINUTE, NOW, SECOND
from tests.rooms.drive import Worker

_LOOKS = 8
_ROOM = logs.ROOMS[0]
_RULES = BoardRules()


class Slow(MemoryStore):
    """Whoever reads waits, sometimes longer and sometimes not at all."""

    def __init__(self, rng: Random) -> None:
        super().__init__()
        self._rng = rng

    async def _wait(self) -> None:
        for _ in range(self._rng.randrange(5)):
            await asyncio.sleep(0)

    async def hashes(self, room: str, keys: Sequence[str]) -> list[dict[str, str]]:
        await self._wait()
        return await super().hashes(room, keys)

    async def counts(self, room: str, unions: Sequence[Sequence[str]]) -> list[int]:
        await self._wait()
        return await super().counts(room, unions)

    async def tops(self, room: str, sets: Mapping[str, int]) -> dict[str, list[tuple[str, int]]]:
        await self._wait()
        return await super().tops(room, sets)


@pytest.mark.parametrize("seed", range(3))
async def test_nothing_half_read_is_kept(seed: int) -> None:
    rng, now_ms = Random(seed), NOW - 20 * MINUTE
    store = Slow(rng)
    worker, kept = Worker(store, now_ms), Room(store, _ROOM, _RULES, 0)
    waiting = logs.many(seed, 40)
    done = dict.fromkeys(waiting, 0)

    async def deliver(upto: int) -> None:
        for partition, log in waiting.items():
            first, done[partition] = done[partition], len(log) * upto // _LOOKS
            for place in range(first, done[partition], 3):
                await worker.deliver(partition, list(enumerate(log[place : min(place + 3, done[partition])], place)))
                await store._wait()

    for look in range(1, _LOOKS + 1):
        calls = [deliver(look), kept.board(now_ms), kept.minutes(0, 2**60, now_ms)]
        calls += [call for _ in range(2) for call in (kept.review(now_ms), kept.product("a", now_ms))]
        rng.shuffle(calls)
        await asyncio.gather(*calls)
        fresh = RoomView(store, _ROOM)
        await fresh.refresh(now_ms)
        assert await kept.minutes(0, 2**60, now_ms) == board.minutes(fresh.material, 0, 2**60, now_ms)
        shown, first_shown = (await kept.whole(now_ms, 0))[0], board.build(fresh.material, now_ms, _RULES)
        for each in (shown, first_shown):
            del each["audience"]["last_5m"]["unpaid"]  # where those who paid are is looked up again when the windows move
        assert shown == first_shown
        now_ms = worker.now_ms = now_ms + rng.choice([0, 250, 5 * SECOND, 61 * SECOND])
