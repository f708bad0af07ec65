"""All that was read of one room, ready to be made into a board. `streams.store.view` keeps it current; `streams.board` reads it."""

from dataclasses import dataclass, field
from typing import Any

from streams import windows
from streams.metrics import Value
from streams.places import Seen
from streams.rolling import Bucket, Counters, Rolling
from streams.shelf import Row

#: dimension → value → people
Profile = dict[str, dict[str, int]]


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
    #: how often a bucket has been put there
    puts: int = field(default=0, compare=False)
    part: dict[str, Counters] = field(default_factory=dict)
    products: dict[str, Counters] = field(default_factory=dict)
    products_part: dict[str, Counters] = field(default_factory=dict)
    sources: dict[str, Counters] = field(default_factory=dict)
    #: (source, plan) → advertising cost
    plans: dict[tuple[str, str], int] = field(default_factory=dict)
    #: key of a product's or source's figures → its name
    names: dict[str, str] = field(default_factory=dict)
    viewers: Profile = field(default_factory=dict)
    #: as `viewers`, but how often they entered
    arrivals: Profile = field(default_factory=dict)
    buyers: Profile = field(default_factory=dict)
    #: minute → order → what is known of it, of the orders created in it that are neither paid nor cancelled (`streams.unpaid`)
    opens: dict[int, dict[str, Any]] = field(default_factory=dict)
    #: how often any was put there
    open_puts: int = field(default=0, compare=False)
    #: user → where they were last heard of, if they were, of those who paid in the last 5 minutes
    places: dict[str, Seen | None] = field(default_factory=dict)
    shelf: dict[str, Row] = field(default_factory=dict)
    taken: Counters = field(default_factory=dict)
    taken_before: Counters = field(default_factory=dict)
    scenes: list[dict[str, Any]] = field(default_factory=list)
    #: rule and subject → an alert's state
    alerts: dict[str, dict[str, Any]] = field(default_factory=dict)
    comments: list[dict[str, Any]] = field(default_factory=list)
    #: list → its rows, and both as readers see them
    feeds: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    feed: list[dict[str, Any]] = field(default_factory=list)
    words: list[tuple[str, int]] = field(default_factory=list)
    words_part: list[tuple[str, int]] = field(default_factory=list)
    #: the answers of the last 2 minutes, as the board shows them (`streams.polls`)
    polls: list[dict[str, Any]] = field(default_factory=list)
    violations: list[dict[str, Any]] = field(default_factory=list)
    #: rule → violations found in all
    found: Counters = field(default_factory=dict)
    #: minute → the floods of comments in it
    floods: dict[int, list[dict[str, Any]]] = field(default_factory=dict)
    #: minute → its row, made once it is over; until the minute changes
    minute_rows: dict[int, dict[str, Value]] = field(default_factory=dict, compare=False)
    #: minute → (peak, mean) of its online steps, once it is over; until the minute changes
    minute_online: dict[int, tuple[int, float]] = field(default_factory=dict, compare=False)
    #: window → its sums when they were last asked for
    rolling: dict[str, Rolling] = field(default_factory=dict, compare=False)
    #: what the minutes before a minute have come to (`streams.online`); until one of them changes
    online_before: tuple[int, Any] | None = field(default=None, compare=False)
    #: what the open orders come to, as long as that holds (`streams.unpaid`)
    ledger: Any = field(default=None, compare=False)
    #: product → its row, and what it was made of (`streams.products`)
    product_rows: dict[str, Any] = field(default_factory=dict, compare=False)

    def put_minute(self, minute: int, counters: Counters) -> None:
        """Sets a minute's counters."""
        self.minutes[minute] = counters
        self.minute_rows.pop(minute, None)
        self.minute_online.pop(minute, None)
        if self.online_before is not None and minute < self.online_before[0]:
            self.online_before = None

    def put_bucket(self, number: int, bucket: Bucket) -> None:
        """Sets a bucket."""
        self.buckets[number] = bucket
        self.puts += 1

    def put_open(self, minute: int, orders: dict[str, Any]) -> None:
        """Sets the open orders of a minute; none: there are no more."""
        if orders:
            self.opens[minute] = orders
        else:
            self.opens.pop(minute, None)
        self.open_puts += 1

    def within(self, span: range) -> list[Bucket]:
        """The buckets of a window in which something happened."""
        return [self.buckets[number] for number in span if number in self.buckets]

    def window(self, name: str, span: range) -> Rolling:
        """The sums over a window; each name has its own, to be moved from where it was."""
        found = self.rolling.setdefault(name, Rolling())
        found.move(self.buckets, span, self.puts)
        return found

    def online(self, bucket: int) -> int:
        """People online in a bucket."""
        minute, slot = divmod(bucket, windows.BUCKETS_PER_MINUTE)
        return self.minutes.get(minute, {}).get(f"o{slot}", 0)
