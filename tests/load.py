"""Events of a busy evening in several rooms, and what they add up to, counted without any of the code under test.

Among them: orders paid, cancelled and refunded, steps told twice and in the wrong order, late events, and records that are no events.
"""

import json
import random
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

VIEWS, CLICKS, ORDERS, COMMENTS = "live.views", "live.clicks", "live.orders", "live.comments"
MINUTE_MS = 60_000
_VIEW_KINDS = ("exposed", "entered", "stayed", "left", "liked", "shared", "followed", "disliked")
_FIGURES = {
    (VIEWS, "exposed"): "impressions",
    (VIEWS, "entered"): "entries",
    (VIEWS, "stayed"): "stays",
    (VIEWS, "left"): "leaves",
    (VIEWS, "liked"): "likes",
    (VIEWS, "shared"): "shares",
    (VIEWS, "followed"): "follows",
    (VIEWS, "disliked"): "dislikes",
    (CLICKS, "exposed"): "product_impressions",
    (CLICKS, "clicked"): "product_clicks",
    (CLICKS, "carted"): "carts",
    (COMMENTS, "commented"): "comments",
    (ORDERS, "created"): "orders_created",
    (ORDERS, "paid"): "orders_paid",
    (ORDERS, "cancelled"): "orders_cancelled",
    (ORDERS, "refunded"): "refunds",
}


@dataclass(frozen=True, slots=True)
class Record:
    """What goes into Kafka. `event` is None for a record that must be rejected."""

    topic: str
    room: str
    value: bytes
    event: dict | None


@dataclass(frozen=True, slots=True)
class Sums:
    """What a room's events add up to: figures in all, by minute, and by product."""

    total: Counter[str]
    minutes: dict[int, Counter[str]]
    products: dict[str, Counter[str]]


class Evening:
    """Makes records, the same ones for the same seed but for their times.

    `rooms`: where things happen now; others may take their places.
    """

    def __init__(self, seed: int, rooms: list[str]) -> None:
        self._random = random.Random(seed)
        self.rooms = rooms
        self._orders: list[dict] = []
        self._told: list[dict] = []

    def follow(self, room: str, next_room: str) -> None:
        """Another room takes this one's place, of which nothing more is told."""
        self.rooms[self.rooms.index(room)] = next_room
        self._orders = [order for order in self._orders if order["room"] != room]
        self._told = [event for event in self._told if event["room"] != room]

    def record(self, number: int, now_ms: int) -> Record:
        """One more, of about `now_ms` (Unix ms) or a few minutes before. `number` is another one for each record."""
        pick = self._random.random()
        room = self._random.choice(self.rooms)
        late = self._random.randrange(5 * MINUTE_MS) if self._random.random() < 0.02 else 0
        common = {"id": f"e{number}", "room": room, "at": now_ms - late, "user": f"u{self._random.randrange(5_000)}"}
        if pick < 0.001:
            return Record(VIEWS, room, b'{"kind": "entered", "room": ', None)
        if pick < 0.6:
            return _record(VIEWS, common | self._view())
        if pick < 0.8:
            return _record(CLICKS, common | {"kind": self._random.choice(["exposed", "clicked", "carted"]), "product": self._product()})
        if pick < 0.9:
            return _record(COMMENTS, common | {"kind": "commented", "text": "多少钱 " + "好" * self._random.randrange(5)})
        return _record(ORDERS, self._order(number, common))

    def _view(self) -> dict:
        kind = self._random.choice(_VIEW_KINDS)
        if kind in {"exposed", "entered"}:
            person = {"gender": self._random.choice(["f", "m"]), "province": self._random.choice(["浙江", "广东"])}
            return {"kind": kind, "source": self._random.choice(["recommend", "search", "ads_feed"]), "person": person}
        return {"kind": kind, "seconds": self._random.randrange(100)} if kind in {"stayed", "left"} else {"kind": kind}

    def _order(self, number: int, common: dict) -> dict:
        """A step of a new order, or of one of the last ones, which any step may be the first of; or something that was told before."""
        if self._told and self._random.random() < 0.05:
            return self._random.choice(self._told)
        if not self._orders or self._random.random() < 0.4:
            line = {"order": f"o{number}", "product": self._product(), "quantity": self._random.randrange(1, 4)}
            who = {"room": common["room"], "user": common["user"], "amount": self._random.randrange(100_000)}
            self._orders = [*self._orders[-200:], line | who]
        step = {"kind": self._random.choice(["created", "paid", "paid", "cancelled", "refunded"])}
        event = common | self._random.choice(self._orders) | step
        self._told = [*self._told[-200:], event]
        return event

    def _product(self) -> str:
        return f"商品 {self._random.randrange(8)}"


class Load:
    """An evening in rooms of its own, all of whose records are kept."""

    def __init__(self, seed: int, rooms: int = 5) -> None:
        self.rooms = [f"room-{seed}-{number}" for number in range(rooms)]
        self.records: list[Record] = []
        self._evening = Evening(seed, self.rooms)

    @property
    def rejected(self) -> int:
        """How many records must be rejected."""
        return sum(record.event is None for record in self.records)

    def make(self, count: int, now_ms: int) -> list[Record]:
        """More records, of about `now_ms` (Unix ms); some are a few minutes old."""
        made = [self._evening.record(len(self.records) + number, now_ms) for number in range(count)]
        self.records += made
        return made


class Tally:
    """Adds up a room's events by the contract, one by one, and keeps none of them."""

    def __init__(self) -> None:
        self._sums = Sums(Counter(), {}, {})
        self._steps: set[tuple[str, str]] = set()
        self._created: set[str] = set()
        self._ended: set[str] = set()
        self._buyers: set[str] = set()

    def add(self, record: Record) -> None:
        """Counts one record of the room."""
        event = record.event
        if event is None or (record.topic == ORDERS and self._repeats(event)):
            return
        figures = _figures(record.topic, event)
        if event["kind"] == "paid":
            self._buyers.add(event["user"])
        self._sums.total.update(figures)
        self._sums.minutes.setdefault(event["at"] // MINUTE_MS, Counter()).update(figures)
        if "product" in event:
            self._sums.products.setdefault(event["product"], Counter()).update(figures)

    def sums(self) -> Sums:
        """What it has come to."""
        self._sums.total["buyers"] = len(self._buyers)
        self._sums.total["orders_unpaid"] = len(self._created - self._ended)
        return self._sums

    def _repeats(self, event: dict) -> bool:
        """Whether this step of the order was counted before."""
        order, kind = event["order"], event["kind"]
        step = order, kind if kind != "refunded" else f"refunded {event['id']}"
        if step in self._steps:
            return True
        self._steps.add(step)
        if kind == "created":
            self._created.add(order)
        elif kind in {"paid", "cancelled"}:
            self._ended.add(order)
        return False


def sums(records: Iterable[Record], room: str) -> Sums:
    """What a room's events add up to."""
    tally = Tally()
    for record in records:
        if record.room == room:
            tally.add(record)
    return tally.sums()


def _figures(topic: str, event: dict) -> Counter[str]:
    figures = Counter({_FIGURES[topic, event["kind"]]: 1})
    if "seconds" in event:
        figures["watched_ms"] = event["seconds"] * 1_000
    if event["kind"] == "paid":
        figures.update({"gmv": event["amount"], "items_sold": event["quantity"]})
    if event["kind"] == "refunded":
        figures["refund_amount"] = event["amount"]
    return figures


def _record(topic: str, event: dict) -> Record:
    return Record(topic, event["room"], json.dumps(event, ensure_ascii=False).encode(), event)
