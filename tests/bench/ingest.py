"""Kafka → store: one worker process with all metrics on, beside plain Faust, Quix Streams, and a consumer that does nothing."""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from tests.bench import quix
from tests.bench.events import mixed
from tests.bench.place import Place, cpu_seconds, middle, place

#: The first is what all others are compared with.
ROOMS = (20, 1, 1_000)
PARTS = ("fetch_us", "decode_us", "fold_us", "store_us")


@dataclass(frozen=True)
class Way:
    """A way to do it: `few` for those that are too slow for as many events as the rest."""

    what: str
    module: str
    arguments: tuple[str, ...] = ()
    few: bool = False
    python: Sequence[str] = (sys.executable,)


OTHERS = (
    Way("faust, event by event", "tests.bench.others.plain_faust", ("each",), few=True),
    Way("faust, take_events", "tests.bench.others.plain_faust", ("take",), few=True),
    Way("aiokafka, no work", "tests.bench.others.bare_consumer"),
)


def measure(runs: int, quick: bool) -> Iterator[dict[str, Any]]:
    """A row for each number of rooms, and one for each other way."""
    python = quix.python()
    if isinstance(python, str):
        yield {"what": f"Quix Streams skipped: {python}"}
        return (yield from _measure(runs, quick, OTHERS))
    beside = Way("Quix Streams, counted between checkpoints", "tests.bench.others.quix_streams", python=python)
    yield from _measure(runs, quick, (*OTHERS, beside))


def _measure(runs: int, quick: bool, others: Sequence[Way]) -> Iterator[dict[str, Any]]:
    events, few = (40_000, 2_000) if quick else (100_000, 10_000)
    ours: float | None = None
    for rooms in ROOMS:
        with place() as here:
            sent = here.fill(mixed(events, rooms))
            row = {"what": f"livescreen, {rooms:,} rooms"} | middle(runs, lambda _: _ours(here, sent))  # noqa: B023 (called at once)
        ours = ours or row["cpu_us"]
        yield row | {"cpu_ratio": row["cpu_us"] / ours}
    for way in others:
        with place() as here:
            sent = here.fill(mixed(few if way.few else events, ROOMS[0]))
            row = {"what": way.what} | middle(runs, lambda _: _other(here, sent, way))  # noqa: B023
        yield row | {"cpu_ratio": row["cpu_us"] / ours}


def _ours(here: Place, sent: int) -> dict[str, float]:
    row = _once(here, sent, "tests.bench.worker", here.group())
    whole = sum(row[part] for part in PARTS)
    return row | {part.replace("_us", "_share"): row[part] / whole for part in PARTS}


def _other(here: Place, sent: int, way: Way) -> dict[str, float]:
    return _once(here, sent, way.module, *way.arguments, python=way.python)


def _once(here: Place, sent: int, module: str, *arguments: str, python: Sequence[str] = (sys.executable,)) -> dict[str, float]:
    """The log was filled once; each run reads it from its start into an empty store."""
    here.empty_store()
    before = cpu_seconds(here.store_pid)
    found = here.result(module, sent, *arguments, python=python)
    done = found.pop("events")
    for stamp in ("begun", "ended"):
        found.pop(stamp, None)
    return {
        "events_per_second": done / found.pop("seconds"),
        **found,
        "redis_cpu_us": (cpu_seconds(here.store_pid) - before) / done * 1e6,
    }
