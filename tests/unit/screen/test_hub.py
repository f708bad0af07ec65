"""The hub: how long a feed outlives its last watcher."""

import asyncio
from typing import Any

import pytest

from screen.hub import Hub
from screen.measures import Measures

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
    return Hub(nothing, lambda: 1_000_000, Measures(), tick_ms=250, max_watchers=10, linger_seconds=LINGER_SECONDS)


async def test_a_feed_lingers_from_its_last_watcher_not_from_an_earlier_one(hub: Hub) -> None:
    room: Any = StandIn()
    nobody: Any = None
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
