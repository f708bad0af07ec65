"""Whatever the order of topics, the chunks, the refusals and the repeats: the board is what a brute-force count of the logs says."""

import asyncio
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams import board as boards
from streams.board_rules import BoardRules
from streams.store.memory import MemoryStore
from streams.store.view import RoomView
from tests.rooms.build import MINUTE, NOW
from tests.rooms.compare import Comparison
from tests.rooms.count import Count
from tests.rooms.drive import Worker
from tests.rooms.logs import Logs, deliver, logs, many, of_room, rooms_of

#: When the boards are looked at: at once, and as the windows move over what was counted.
LOOKS = [0, 3 * MINUTE, 7 * MINUTE + 2_500]


async def differences(logs: Logs, seed: int, longest: int) -> tuple[dict[str, list[str]], set[str]]:
    """Room and time → what differs, after the logs were delivered to a fresh store; and how chunks were refused on the way."""
    clock = [NOW]
    store = MemoryStore(lambda: clock[0])
    worker, found = Worker(store), {}
    await deliver(worker, logs, Random(seed), longest)
    views = {room: RoomView(store, room) for room in rooms_of(logs)}
    for after in LOOKS:
        clock[0] = NOW + after
        for room, view in views.items():
            await view.refresh(clock[0])
            board = boards.build(view.material, clock[0], BoardRules())
            minutes = {row["at"]: row for row in boards.minutes(view.material, 0, 2**60, clock[0])}
            if differ := Comparison(Count(of_room(logs, room)), clock[0]).differences(board, minutes):
                found[f"{room} after {after} ms"] = differ
    return found, set(worker.refusals)


@given(logs(), st.integers(0, 2**32))
@settings(max_examples=settings.default.max_examples // 2)
def test_every_figure_equals_the_count(logs: Logs, seed: int) -> None:
    found, _ = asyncio.run(differences(logs, seed, longest=12))
    assert found == {}


@pytest.mark.parametrize("live", [False, True])
@pytest.mark.parametrize("seed", range(2))
def test_every_figure_of_long_logs_equals_the_count(seed: int, live: bool) -> None:
    found, refusals = asyncio.run(differences(many(seed, 1_000, live), seed, longest=150))
    assert found == {}
    assert refusals == {"Fenced", "Moved"}
