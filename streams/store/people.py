"""How many different people: the HyperLogLogs of a room that are counted when something changed, and no others.

A HyperLogLog grows only in the atomic step that adds to the counter of the same events. So its number holds while that counter stands,
and counting it again is left out: a busy room changes a few figures a tick, and has hundreds.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping
from functools import partial
from typing import NamedTuple

from streams import keys, windows
from streams.asked import Asked
from streams.material import Material
from streams.metrics import EVENTS_OF
from streams.rolling import Counters
from streams.store import reading
from streams.store.port import Store


class _Number(NamedTuple):
    """One number of people: where it goes, what it is of, how many events that had, and the HyperLogLogs to unite."""

    into: Counters
    metric: str
    of: Hashable
    events: int
    union: Callable[[], list[str]]


class People:
    """The numbers of people of one room, each with how many events it was counted from."""

    def __init__(self, store: Store, asked: Asked) -> None:
        self._store, self._asked = store, asked
        self._known: dict[tuple[Hashable, str], tuple[int, int]] = {}

    async def read(self, material: Material, changed: set[str], now_ms: int, moved: bool) -> None:
        """Brings the people of what changed up to date, and of both windows if they `moved`: one call for all. It may raise `StoreAway`."""
        if moved:  # the windows are others now; and what is over is not kept for ever
            self._known.clear()
        part, products_part = dict(material.part), material.products_part
        numbers = list(_totals(material, self._asked, changed))
        touched = {reading.bucket_number(key) for key in changed} - {None}
        for name, span in (("last_5m", windows.last_5m(now_ms)), ("previous_5m", windows.previous_5m(now_ms))):
            if moved or any(number in span for number in touched):
                part[name] = {}
                numbers += _window(material, self._asked, part[name], name, span)
                if name == "last_5m" and self._asked.product_window:
                    products_part = {}
                    numbers += _products(material, self._asked, products_part, span)
        await self._count(material.room, numbers)
        material.part, material.products_part = part, products_part

    async def _count(self, room: str, numbers: list[_Number]) -> None:
        known = self._known
        stale = [each for each in numbers if known.get((each.of, each.metric), (None,))[0] != each.events]
        found = await self._store.counts(room, [each.union() for each in stale])
        known.update({(each.of, each.metric): (each.events, people) for each, people in zip(stale, found, strict=True)})
        for each in numbers:
            each.into[each.metric] = known[each.of, each.metric][1]


def _totals(material: Material, asked: Asked, changed: set[str]) -> Iterable[_Number]:
    for key in changed:
        if key == keys.AUDIENCE:
            for dimension, values in material.viewers.items():
                for value, events in material.arrivals[dimension].items():
                    yield _Number(values, value, dimension, events, partial(_viewers, dimension, value))
        elif (counters := reading.figures(material, key)) is not None:
            wanted = asked.total if key == keys.TOTAL else asked.minute if key.startswith("m:") else asked.product
            for metric in wanted:
                if events := _events(counters, metric):
                    yield _Number(counters, metric, key, events, partial(_each, [key], metric))


def _window(material: Material, asked: Asked, counters: Counters, name: str, span: range) -> Iterable[_Number]:
    sums = material.window(name, span).room
    minutes, buckets = windows.cover(span)
    figures = [keys.minute(number) for number in minutes] + [keys.bucket(number) for number in buckets]
    for metric in asked.window:
        if events := _events(sums, metric):
            yield _Number(counters, metric, name, events, partial(_each, figures, metric))


def _products(material: Material, asked: Asked, parts: dict[str, Counters], span: range) -> Iterable[_Number]:
    """The people of each product that had any in the window."""
    window = material.window("last_5m", span)
    for product, sums in window.products.items():
        for metric in asked.product_window:
            if events := _events(sums, metric):
                counters = parts.setdefault(product, {})
                yield _Number(counters, metric, (product,), events, partial(_within, window.product_buckets[product], product, metric))


def _events(counters: Counters, metric: str) -> int:
    return sum([counters.get(name, 0) for name in EVENTS_OF[metric]])


# The HyperLogLogs of a number; their names are made only when they are to be counted.


def _viewers(dimension: str, value: str) -> list[str]:
    return [keys.viewers(dimension, value)]


def _each(figures: list[str], metric: str) -> list[str]:
    return [keys.people(key, metric) for key in figures]


def _within(buckets: Mapping[int, Counters], product: str, metric: str) -> list[str]:
    """Of a product, in the buckets in which it had any."""
    scope = keys.product(product)
    return [keys.people(keys.bucket(number, scope), metric) for number, counters in buckets.items() if _events(counters, metric)]
