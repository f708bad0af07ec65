"""Sends what a season makes at a steady rate, for a given time."""

import asyncio
import time
from collections.abc import Callable, Iterable

from deploy.sender import Sender
from tests.soak.rooms import Season, Sent

TICK_SECONDS = 0.1
#: What it is behind by more than this is not made up for: a machine that cannot take the rate gets less, and the report says how much.
PATIENCE_SECONDS = 1.0


async def feed(sender: Sender, season: Season, rate: float, seconds: float, told: Callable[[], None]) -> float:
    """Sends from the first room's opening to the last one's end; the rate reached, in events/s. `told` is called at each tick."""
    started = due = time.monotonic()
    end = started + seconds
    await send(sender, season.open(now_ms()))
    owed = 0.0
    while due < end:
        owed += rate * TICK_SECONDS
        await send(sender, season.make(int(owed), now_ms()))
        owed -= int(owed)
        told()
        due = max(due + TICK_SECONDS, time.monotonic() - PATIENCE_SECONDS)
        await asyncio.sleep(max(0.0, due - time.monotonic()))
    reached = season.sent / (time.monotonic() - started)
    await send(sender, season.close(now_ms()))
    return reached


async def send(sender: Sender, records: Iterable[Sent]) -> None:
    """Returns when Kafka has acknowledged them all."""
    for topic, room, value in records:
        await sender.add(topic, room.encode(), value)
    await sender.flush()


def now_ms() -> int:
    """Unix time."""
    return time.time_ns() // 1_000_000
