"""What the progress claims is checked before anybody goes on from it."""

import pytest

from agents import claims
from agents.patience import Patience
from streams.change import Change, Position
from streams.store.memory import MemoryStore
from streams.topics import VIEWS, Partition

P = Partition(VIEWS, 0)
Q = Partition(VIEWS, 1)


async def store_with(**fences: int) -> MemoryStore:
    """Rooms that have partition P up to these offsets; the progress is 100, and claims 50 and 99 of rooms a and b."""
    store = MemoryStore()
    for room, last in fences.items():
        await store.apply([Change(room, Position("log", P, 0, last))])
    await store.raise_progress("log", P, 100, claims={"a": 50, "b": 99})
    await store.raise_progress("log", Q, 7, claims={})
    return store


@pytest.mark.parametrize(
    ("fences", "then"),
    [
        ({"a": 50, "b": 99}, 100),
        ({"a": 70, "b": 120}, 100),  # somebody is ahead of the progress
        ({"a": 50, "b": 80}, 81),
        ({"a": 20, "b": 80}, 21),
        ({"b": 99}, 0),
    ],
)
async def test_the_progress_is_turned_back_to_the_first_hole(fences: dict[str, int], then: int, caplog: pytest.LogCaptureFixture) -> None:
    store = await store_with(**fences)
    await claims.check(store, Patience(), {P: "log", Q: "log"})
    assert await store.progress("log", [P, Q]) == {P: then, Q: 7}
    assert ("the store lost its last writes" in caplog.text) is (then < 100)


async def test_a_hole_is_told_once_and_a_second_look_changes_nothing(caplog: pytest.LogCaptureFixture) -> None:
    store = await store_with(a=50, b=80)
    await claims.check(store, Patience(), {P: "log"})
    caplog.clear()
    await claims.check(store, Patience(), {P: "log"})
    assert not caplog.text
    assert await store.claims("log", P) == {"a": 50}
