"""live.clicks: what a chunk does to the figures of a room and its products."""

from collections.abc import Sequence
from typing import Any

from streams import windows
from streams.change import Change
from streams.events import Event
from streams.metrics import COUNTED, PEOPLE
from streams.tally import Tally


def fold(change: Change, events: Sequence[Event], now_ms: int) -> None:
    """Adds the events of one room to its change."""
    tally = Tally(change, now_ms)
    for (sort, bucket), products in _cells(events).items():
        kind = (sort.topic, str(sort.__struct_config__.tag))
        counted, people = COUNTED[kind], PEOPLE.get(kind)
        everybody = [user for users in products.values() for user in users]
        tally.room(bucket, counted, len(everybody))
        if people is not None:
            tally.room_people(bucket, people, everybody)
        for product, users in products.items():
            tally.product(bucket, product, counted, len(users))
            if people is not None:
                tally.product_people(bucket, product, people, users)


def _cells(events: Sequence[Any]) -> dict[tuple[type[Event], int], dict[str, list[str]]]:
    """(kind, bucket) → product → who did it."""
    cells: dict[tuple[type[Event], int], dict[str, list[str]]] = {}
    for event in events:
        cell = (type(event), event.at // windows.BUCKET_MS)
        products = cells.get(cell)
        if products is None:
            products = cells[cell] = {}
        if event.product in products:
            products[event.product].append(event.user)
        else:
            products[event.product] = [event.user]
    return cells
