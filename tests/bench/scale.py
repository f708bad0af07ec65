"""More workers on four partitions, and one hot room whose records lie in all four: CPU per event, and what the clock says."""

import time
from collections.abc import Iterator
from typing import Any

from tests.bench.events import mixed
from tests.bench.place import Place, cpu_seconds, figures, middle, place
from tests.servers.process import Process

WORKERS = (1, 2, 4)
ROOMS = 20
DONE_SECONDS = 120.0


def measure(runs: int, quick: bool) -> Iterator[dict[str, Any]]:
    """A row for each number of workers, for many rooms and for one."""
    events = 40_000 if quick else 100_000
    for what, rooms, spread in ((f"{ROOMS} rooms", ROOMS, False), ("one room, spread over 4 partitions", 1, True)):
        alone: float | None = None
        with place() as here:
            sent = here.fill(mixed(events, rooms), spread)
            for workers in WORKERS:
                row = middle(runs, lambda _: _run(here, sent, workers))  # noqa: B023 (called at once)
                alone = alone or row["cpu_us"]
                yield {"what": f"{what}, {workers} workers"} | row | {"cpu_ratio": row["cpu_us"] / alone}


def _run(here: Place, sent: int, workers: int) -> dict[str, float]:
    """All workers together empty the log into an empty store; the clock runs from the first record taken to the last one applied."""
    here.empty_store()
    group = here.group()
    crew = [here.process("tests.bench.worker", 10 * sent, group) for _ in range(workers)]
    before = cpu_seconds(here.store_pid)
    try:
        for each in crew:
            each.start()
        found = _done(crew, sent)
    finally:
        for each in crew:
            each.kill()
    seconds = max(one["ended"] for one in found) - min(one["begun"] for one in found)
    taken = sum(one["events"] for one in found)
    return {
        "events_per_second": sent / seconds,
        "cpu_us": sum(one["cpu_us"] * one["events"] for one in found) / sent,
        "redis_cpu_us": (cpu_seconds(here.store_pid) - before) / sent * 1e6,
        "largest_share": max(one["events"] for one in found) / taken,
        "taken_twice": taken / sent - 1,
    }


def _done(crew: list[Process], sent: int) -> list[dict[str, Any]]:
    """What the workers say when they have taken all records."""
    end = time.monotonic() + DONE_SECONDS
    while time.monotonic() < end:
        time.sleep(0.2)
        said = []
        for each in crew:
            try:
                said.append(figures(each.log))
            except (OSError, ValueError):  # it has taken none yet, or is in the middle of a line
                continue
        if sum(one["events"] for one in said) >= sent:
            return said
    raise TimeoutError(f"{len(crew)} workers have not taken {sent} records within {DONE_SECONDS:.0f} s")
