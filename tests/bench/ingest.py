"""Kafka → store: one worker process with all metrics on, beside plain Faust and a consumer that does nothing."""

from collections.abc import Iterator
from typing import Any

from redis import Redis

from tests.bench.events import mixed
from tests.bench.place import Place, cpu_seconds, middle, place

ROOMS = (20, 1, 1_000)  # the first is what all others are compared with
OTHERS = {
    "faust, event by event": ("tests.bench.others.plain_faust", "each"),
    "faust, take_events": ("tests.bench.others.plain_faust", "take"),
    "aiokafka, no work": ("tests.bench.others.bare_consumer",),
}


def measure(runs: int, quick: bool) -> Iterator[dict[str, Any]]:
    """A row for each number of rooms, and one for each baseline."""
    events, few = (40_000, 2_000) if quick else (300_000, 20_000)
    whats = [(f"livescreen, {rooms:,} rooms", events, rooms, ("tests.bench.worker",)) for rooms in ROOMS]
    whats += [(what, few if way[1:] else events, ROOMS[0], way) for what, way in OTHERS.items()]
    ours: float | None = None
    for what, count, rooms, way in whats:
        row = {"what": what} | _rounds(count, rooms, runs, *way)
        ours = ours or row["cpu_us"]
        yield row | {"cpu_ratio": row["cpu_us"] / ours}


def _rounds(events: int, rooms: int, runs: int, module: str, *way: str) -> dict[str, float]:
    """The log is filled once; each run reads it from its start into an empty store."""
    with place() as here:
        sent = here.fill(mixed(events, rooms))
        return middle(runs, lambda _: _once(here, sent, module, *way))


def _once(here: Place, sent: int, module: str, *way: str) -> dict[str, float]:
    with Redis.from_url(here.redis) as store:
        store.flushall()
    before = cpu_seconds(here.store_pid)
    found = here.result(module, sent, *way)
    count = found.pop("events")
    return {
        "events_per_second": count / found.pop("seconds"),
        **found,
        "store_cpu_us": (cpu_seconds(here.store_pid) - before) / count * 1e6,
    }
