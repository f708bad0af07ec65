"""live.orders: each order's steps, counted once each; buyers, exactly; units taken from stock.

The rules, all by the order in which the log holds the events:
    a step (created, paid, cancelled) counts once per order, a refund once per order and its name or else event id; repeats are dropped
    unpaid        created, and neither paid nor cancelled, whatever came first; of the product that it was created with (`streams.unpaid`)
    refunds       counted as they come, also before `paid` and beyond its amount: they are the order system's word
    stock         `created` takes the quantity, `cancelled` gives it back
"""

from collections.abc import Iterable, Mapping, Sequence

from streams import audience, feed, keys, shelf, unpaid, windows
from streams.change import Change
from streams.events import UNKNOWN_SOURCE, Cancelled, Created, Event, OrderEvent, Paid, Refunded
from streams.tally import Tally
from streams.unpaid import Open

_STEP = {Created: "c", Paid: "p", Cancelled: "x"}
_COUNTER = {Created: "orders_created", Paid: "orders_paid", Cancelled: "orders_cancelled"}


def wants(events: Iterable[Event]) -> dict[str, list[str]]:
    """The state that `fold` needs for these events: key → fields."""
    found: dict[str, set[str]] = {keys.ORDERS: set(), keys.BUYERS: set(), keys.SHELF: set()}
    for event in events:
        assert isinstance(event, OrderEvent)  # noqa: S101 - by the topic's decoder
        found[keys.ORDERS].add(_steps(event.order))
        if isinstance(event, Refunded):
            found[keys.ORDERS].add(_refund(event))
        if isinstance(event, Paid):
            found[keys.BUYERS].update(_visits(event))
        elif not isinstance(event, Refunded):
            found[keys.SHELF].add(event.product)
    return {key: sorted(fields) for key, fields in found.items()}


def fold(change: Change, events: Sequence[Event], rows: Mapping[str, Mapping[str, str]], now_ms: int) -> None:
    """Adds the events of one room to its change. `rows`: what `wants` asked for."""
    folding = _Folding(change, rows, now_ms)
    for event in events:
        if isinstance(event, Refunded):
            folding.refund(event)
        elif isinstance(event, OrderEvent):
            folding.step(event)
    folding.write()
    feed.write(change, keys.FEED_OF_ORDERS, events)


class _Folding:
    """What is known of the orders and buyers while one chunk is folded."""

    def __init__(self, change: Change, rows: Mapping[str, Mapping[str, str]], now_ms: int) -> None:
        self.change, self.tally = change, Tally(change, now_ms)
        self.orders = dict(rows.get(keys.ORDERS, {}))
        self.buyers = set(rows.get(keys.BUYERS, {}))
        self.shelf = {product: shelf.parse(text) for product, text in rows.get(keys.SHELF, {}).items()}
        #: (minute of its creation, order) → the open order; None: it is open no more
        self.open: dict[tuple[int, str], Open | None] = {}

    def refund(self, event: Refunded) -> None:
        name = _refund(event)
        if name in self.orders:
            return
        self._write(name, "r")
        self._count(event, "refunds", 1)
        self._count(event, "refund_amount", event.amount)
        steps, minute = _parsed(self.orders.get(_steps(event.order), ""))
        if "r" not in steps:
            self._write(_steps(event.order), _text(steps + "r", minute))
            self._count(event, "refunded_orders", 1)

    def step(self, event: OrderEvent) -> None:
        name, step = _steps(event.order), _STEP[type(event)]
        before, minute = _parsed(self.orders.get(name, ""))
        if step in before:
            return
        if isinstance(event, Created):
            minute = event.at // windows.MINUTE_MS
            if "p" not in before and "x" not in before:
                self.open[minute, event.order] = unpaid.opened(event)
        elif minute is not None:
            self.open[minute, event.order] = None
        self._write(name, _text(before + step, minute))
        self._count(event, _COUNTER[type(event)], 1)
        if isinstance(event, Paid):
            self._pay(event)
        else:
            self._take(event, event.quantity if isinstance(event, Created) else -event.quantity)

    def _pay(self, event: Paid) -> None:
        self._count(event, "gmv", event.amount)
        self._count(event, "items_sold", event.quantity)
        product, bucket = keys.product(event.product), windows.bucket_of(event.at)
        minute = keys.minute(windows.minute_of(bucket), product)
        self.change.best.add((minute, "gmv", product, "best_minute_gmv"))
        profile = self.change.naming.profile(audience.pack(event.person))
        if bucket >= self.tally.oldest:
            key = keys.paid(bucket)
            self.change.expire[key] = windows.KEEP_BUCKET_SECONDS
            self.change.set(key, keys.pair(event.user, event.product), profile)
        for name, figures in _visits(event).items():
            if name not in self.buyers:
                self.buyers.add(name)
                self.change.put.setdefault(keys.BUYERS, {})[name] = ""
                self.change.count(figures, "buyers")
                if figures == keys.TOTAL:
                    for field in audience.fields(profile):
                        self.change.count(keys.AUDIENCE, f"buyers{keys.SEP}{field}")

    def _take(self, event: OrderEvent, units: int) -> None:
        self.tally.product(windows.bucket_of(event.at), event.product, "units_taken", units)
        row = self.shelf.get(event.product) or shelf.Row()
        if event.at < row.campaign_at:
            return  # all stock was counted after this
        self.change.count_quietly(keys.sold(event.product), str(event.at), units)
        if row.set_at != shelf.UNSET:
            self.change.count(keys.TAKEN if event.at >= row.set_at else keys.TAKEN_BEFORE, event.product, units)

    def _count(self, event: OrderEvent, metric: str, amount: int) -> None:
        bucket = windows.bucket_of(event.at)
        self.tally.room(bucket, metric, amount)
        self.tally.product(bucket, event.product, metric, amount)
        self.tally.source(bucket, event.source or UNKNOWN_SOURCE, metric, amount)
        if event.sku:
            self.change.count_quietly(keys.skus(event.product), f"{metric}{keys.SEP}{event.sku}", amount)

    def write(self) -> None:
        """Writes what became of the open orders."""
        for (minute, order), found in self.open.items():
            if found is None:
                self.change.remove.setdefault(keys.opened(minute), []).append(order)
                self.change.touched.add(keys.opened(minute))
            else:
                self.change.set(keys.opened(minute), order, found.text())

    def _write(self, name: str, value: str) -> None:
        self.orders[name] = value
        self.change.put.setdefault(keys.ORDERS, {})[name] = value


def _parsed(text: str) -> tuple[str, int | None]:
    """An order's steps, and the minute in which it was created."""
    steps, _, minute = text.partition(" ")
    return steps, int(minute) if minute else None


def _text(steps: str, minute: int | None) -> str:
    return steps if minute is None else f"{steps} {minute}"


def _steps(order: str) -> str:
    """The field of an order's steps."""
    return "o" + order


def _refund(event: Refunded) -> str:
    """The field of one refund; one that has a name does not meet one that has not."""
    return "r" + keys.pair(event.id, event.order) if event.refund is None else "R" + keys.pair(event.refund, event.order)


def _visits(event: Paid) -> dict[str, str]:
    """The fields that say where this buyer has bought before → the figures whose `buyers` count them."""
    minute = windows.minute_of(windows.bucket_of(event.at))
    product = keys.product(event.product)
    return {f"u{event.user}": keys.TOTAL, f"m{minute}:{event.user}": keys.minute(minute), f"{product}:{event.user}": product}
