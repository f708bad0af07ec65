"""Where chunks begin and end leaves no trace: not in what is stored, and so in nothing that is ever shown."""

import asyncio
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.places import Place, parse
from streams.store.memory import MemoryStore
from tests.rooms.build import NOW
from tests.rooms.drive import Worker
from tests.rooms.logs import Logs, deliver, logs, many, rooms_of


async def stored(logs: Logs, seed: int, longest: int, chaos: bool) -> dict[str, Any]:
    """Room → what is kept of it after the logs were delivered."""
    store = MemoryStore(lambda: NOW)
    await deliver(Worker(store), logs, Random(seed), longest, chaos)
    return {room: meaning(store._room(room).kept) for room in rooms_of(logs)}


def meaning(kept: dict[str, Any]) -> dict[str, Any]:
    """What is kept, without what means nothing: counters at 0, and where a user was before they were somewhere else."""
    places: dict[str, Place] = {}
    found: dict[str, Any] = {}
    for key, value in kept.items():
        if key.startswith("presence:"):
            for user, text in value.items():
                place = parse(text)
                if user not in places or places[user][0] < place[0]:
                    places[user] = place
        elif type(value) is dict:
            found[key] = {field: text for field, text in value.items() if text != "0"}
        else:
            found[key] = value
    return {key: value for key, value in found.items() if value} | {"places": places}


def check(logs: Logs, seed: int, longest: int) -> None:
    one_by_one = asyncio.run(stored(logs, seed, 1, chaos=False))
    for chaos in (False, True):
        chunked = asyncio.run(stored(logs, seed + 1, longest, chaos))
        for room, kept in one_by_one.items():
            assert chunked[room] == kept


@given(logs(), st.integers(0, 2**32), st.sampled_from([2, 7, 100]))
def test_chunks_leave_no_trace(logs: Logs, seed: int, longest: int) -> None:
    check(logs, seed, longest)


@pytest.mark.parametrize("live", [False, True])
def test_chunks_of_long_logs_leave_no_trace(live: bool) -> None:
    check(many(7, 600, live), 7, longest=200)
