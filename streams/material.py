"""All that was read of one room, ready to be made into a board. `streams.store.view` keeps it current; `streams.board` reads it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from streams import keys, windows
from streams.metrics import Value
from streams.shelf import Row

Counters = dict[str, int]
#: dimension → value → people
Profile = dict[str, dict[str, int]]


@dataclass(slots=True)
class Bucket:
    """5 seconds of a room: its counters, those of each product, who paid (buyer → profile), who was last heard of then."""

    room: Counters = field(default_factory=dict)
    products: dict[str, Counters] = field(default_factory=dict)
    paid: dict[str, str] = field(default_factory=dict)
    watching: Counters = field(default_factory=dict)

    def buyers(self) -> list[tuple[str, str]]:
        """Who paid for what: (user, product)."""
        return [keys.unpair(name) for name in self.paid]


@dataclass(slots=True)
class Material:
    """One room, as stored. Counters hold stored counters and people alike, by metric; times are ms.

    minutes   minute → counters, with the online steps o0 … o11          buckets   the buckets of both windows
    part      "last_5m" and "previous_5m" → the room's people            products_part   product → its people in the last 5 minutes
    """

    room: str
    rev: int = 0
    facts: dict[str, str] = field(default_factory=dict)
    total: Counters = field(default_factory=dict)
    minutes: dict[int, Counters] = field(default_factory=dict)
    buckets: dict[int, Bucket] = field(default_factory=dict)
    part: dict[str, Counters] = field(default_factory=dict)
    products: dict[str, Counters] = field(default_factory=dict)
    products_part: dict[str, Counters] = field(default_factory=dict)
    sources: dict[str, Counters] = field(default_factory=dict)
    #: key of a product's or source's figures → its name
    names: dict[str, str] = field(default_factory=dict)
    viewers: Profile = field(default_factory=dict)
    buyers: Profile = field(default_factory=dict)
    shelf: dict[str, Row] = field(default_factory=dict)
    taken: Counters = field(default_factory=dict)
    taken_before: Counters = field(default_factory=dict)
    scenes: list[dict[str, Any]] = field(default_factory=list)
    comments: list[dict[str, Any]] = field(default_factory=list)
    words: list[tuple[str, int]] = field(default_factory=list)
    violations: list[dict[str, Any]] = field(default_factory=list)
    #: rule → violations found in all
    found: Counters = field(default_factory=dict)
    #: minute → the floods of comments in it
    floods: dict[int, list[dict[str, Any]]] = field(default_factory=dict)
    #: minute → its metrics, computed once until the minute changes
    minute_rows: dict[int, dict[str, Value]] = field(default_factory=dict)
    #: minute → (peak, mean) of its online steps, once it is over; until the minute changes
    minute_online: dict[int, tuple[int, float]] = field(default_factory=dict)

    def bucket(self, number: int) -> Bucket:
        """The bucket, made if it was empty so far."""
        return self.buckets.setdefault(number, Bucket())

    def within(self, span: range) -> list[Bucket]:
        """The buckets of a window in which something happened."""
        return [self.buckets[number] for number in span if number in self.buckets]

    def sum(self, span: range) -> Counters:
        """The room's counters over a window."""
        return add_up(bucket.room for bucket in self.within(span))

    def online(self, bucket: int) -> int:
        """People online in a bucket."""
        minute, slot = divmod(bucket, windows.BUCKETS_PER_MINUTE)
        return self.minutes.get(minute, {}).get(f"o{slot}", 0)


def add_up(parts: Iterable[Counters]) -> Counters:
    """The sums of counters."""
    sums: Counters = {}
    for part in parts:
        for name, number in part.items():
            sums[name] = sums.get(name, 0) + number
    return sums
