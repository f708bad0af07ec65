"""Kafka → store: one worker process with all metrics on, beside plain Faust and a consumer that does nothing."""

from typing import Any

from redis import Redis

from tests.bench.events import mixed
from tests.bench.place import Place, cpu_seconds, middle, place

ROOMS = (1, 20, 1_000)
OTHERS = {
    "faust, event by event": ("tests.bench.others.plain_faust", "each"),
    "faust, take_events": ("tests.bench.others.plain_faust", "take"),
    "aiokafka, no work": ("tests.bench.others.bare_consumer",),
}


def measure(runs: int, quick: bool) -> list[dict[str, Any]]:
    """A row for each number of rooms, and one for each baseline."""
    events, few = (60_000, 4_000) if quick else (300_000, 20_000)
    rows = []
    for rooms in ROOMS:
        rows.append({"what": f"livescreen, {rooms} rooms"} | _rounds(events, rooms, runs, "tests.bench.worker"))
    for what, (module, *way) in OTHERS.items():
        rows.append({"what": what} | _rounds(few if way else events, 20, runs, module, *way))
    ours = next(row for row in rows if "20 rooms" in row["what"])
    for row in rows:
        row["cpu_ratio"] = row["cpu_us"] / ours["cpu_us"]
    return rows


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
