"""The hub: how long a feed outlives its last watcher."""

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest

from screen.hub import Hub
from screen.measures import Measures
from screen.problems import Problem

LINGER_SECONDS = 0.4


class StandIn:
    """A room in which nothing happens."""

    name = "r1"

    async def refresh(self, now_ms: int) -> bool:
        return False

    def tables(self, now_ms: int) -> dict[str, Any]:
        return {"room": {}}


@pytest.fixture
def hub() -> Hub:
    nothing: Any = None
    return Hub(nothing, lambda: 1_000_000, Measures(), tick_ms=250, max_watchers=10, token_watchers=2, linger_seconds=LINGER_SECONDS)


async def test_a_feed_lingers_from_its_last_watcher_not_from_an_earlier_one(hub: Hub) -> None:
    room: Any = StandIn()
    nobody: Any = SimpleNamespace(owner="a")
    first = hub.join(room, nobody)
    hub.leave(first)
    await asyncio.sleep(0.7 * LINGER_SECONDS)
    hub.leave(hub.join(room, nobody))
    await asyncio.sleep(0.5 * LINGER_SECONDS)
    back = hub.join(room, nobody)
    assert back.feed is first.feed, "a page that reloads twice gets a delta both times"
    hub.leave(back)
    await asyncio.sleep(1.5 * LINGER_SECONDS)
    assert hub.join(room, nobody).feed is not first.feed
    await hub.stop()


async def test_a_token_takes_its_own_seats_and_no_more(hub: Hub) -> None:
    room: Any = StandIn()
    one: Any = SimpleNamespace(owner="a")
    other: Any = SimpleNamespace(owner="b")
    seats = [hub.join(room, one), hub.join(room, one)]
    with pytest.raises(Problem) as refused:
        hub.join(room, one)
    assert (refused.value.status, refused.value.kind, "retry-after" in refused.value.headers) == (429, "token-full", True)
    seats.append(hub.join(room, other))
    hub.leave(seats.pop(0))
    seats.append(hub.join(room, one))
    for seat in seats:
        hub.leave(seat)
    assert not hub._seats
    await hub.stop()
