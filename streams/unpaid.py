"""The ledger of open orders: created, and neither paid nor cancelled, under the product that each was created with (contract, Unpaid).

    created ──────── unpaid ────────┤ unpaid_minutes ├──── lapsed ────► until it is paid or cancelled after all
                                                     its units are in the stock again

What is open is stored; what has lapsed follows from the time it is read at, so nobody has to write when an order lapses.
"""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from heapq import nlargest, nsmallest
from typing import Any

import msgspec
from msgspec import Struct

from streams import feed, windows
from streams.board_rules import BoardRules
from streams.events import Created
from streams.material import Material
from streams.rolling import Counters

#: The orders that a board lists; `rows` gives any.
SHOWN = 100
_AGES = (5, 15, 30)
Row = dict[str, Any]


class Open(Struct, omit_defaults=True, frozen=True):
    """An open order as it was created: of the event all that a list of orders shows."""

    id: str
    at: int
    user: str
    product: str
    quantity: int
    amount: int
    sku: str | None = None

    def text(self) -> str:
        """As a field's value."""
        return msgspec.json.encode(self).decode()


_decoder = msgspec.json.Decoder(Open)


def opened(event: Created) -> Open:
    """What is kept of an order that was created."""
    return Open(event.id, event.at, event.user, event.product, event.quantity, event.amount, event.sku)


def parse(text: str) -> Open:
    """From what `Open.text` made."""
    return _decoder.decode(text)


@dataclass(slots=True)
class _Of:
    """The open orders of the room, or of a product: when those that are unpaid were created, sorted; (when it did, units) that lapsed."""

    unpaid: list[int] = field(default_factory=list)
    lapses: list[tuple[int, int]] = field(default_factory=list)

    def row(self, now_ms: int) -> Row:
        """orders lapsed oldest_at (ms, None: there is none) older_than_5m …15m …30m: how many of the unpaid are."""
        older = {f"older_than_{span}m": bisect_right(self.unpaid, now_ms - span * windows.MINUTE_MS) for span in _AGES}
        return {"orders": len(self.unpaid), "lapsed": len(self.lapses), "oldest_at": self.unpaid[0] if self.unpaid else None, **older}

    def freed(self, since_ms: int, until_ms: int | None = None) -> int:
        """Units that lapsed orders have given back in [since_ms, until_ms)."""
        first = bisect_left(self.lapses, (since_ms, 0))
        last = len(self.lapses) if until_ms is None else bisect_left(self.lapses, (until_ms, 0))
        return sum(units for _, units in self.lapses[first:last])


NOTHING = _Of()


@dataclass(slots=True)
class Ledger:
    """All open orders of a room as of a time; it holds until one of them lapses or changes."""

    made_of: tuple[int, int]
    since_ms: int
    until_ms: float
    room: _Of = field(default_factory=_Of)
    products: dict[str, _Of] = field(default_factory=dict)

    def of(self, product: str) -> _Of:
        """Those of one product."""
        return self.products.get(product, NOTHING)

    def figures(self, product: str | None = None) -> Counters:
        """`orders_unpaid` and `orders_lapsed`, of the room or of a product."""
        of = self.room if product is None else self.of(product)
        return {"orders_unpaid": len(of.unpaid), "orders_lapsed": len(of.lapses)}


def read(material: Material, now_ms: int, rules: BoardRules) -> Ledger:
    """The ledger as of `now_ms`."""
    kept: Ledger | None = material.ledger
    made_of = material.open_puts, rules.unpaid_minutes
    if kept is not None and kept.made_of == made_of and kept.since_ms <= now_ms < kept.until_ms:
        return kept
    found = material.ledger = _build(material, now_ms, rules, made_of)
    return found


def lapses(material: Material, now_ms: int, rules: BoardRules) -> Sequence[int]:
    """When each of the orders that are unpaid now will lapse (ms, sorted)."""
    patience_ms = rules.unpaid_minutes * windows.MINUTE_MS
    return array("q", (at + patience_ms for at in read(material, now_ms, rules).room.unpaid))


def _build(material: Material, now_ms: int, rules: BoardRules, made_of: tuple[int, int]) -> Ledger:
    patience_ms = rules.unpaid_minutes * windows.MINUTE_MS
    ledger = Ledger(made_of, now_ms, float("inf"))
    for orders in material.opens.values():
        for order in orders.values():
            of = ledger.products.get(order.product)
            if of is None:
                of = ledger.products[order.product] = _Of()
            lapse = order.at + patience_ms
            for each in (of, ledger.room):
                if lapse <= now_ms:
                    each.lapses.append((lapse, order.quantity))
                else:
                    each.unpaid.append(order.at)
    for of in (ledger.room, *ledger.products.values()):
        of.unpaid.sort()
        of.lapses.sort()
    if ledger.room.unpaid:
        ledger.until_ms = ledger.room.unpaid[0] + patience_ms
    return ledger


def rows(
    material: Material, now_ms: int, rules: BoardRules, product: str | None = None, lapsed: bool = False, most: int | None = None
) -> list[Row]:
    """The unpaid orders, those that wait longest first; or those that lapsed, the newest first. As feed rows, users masked.

    most   so many of them; a busy room has thousands, and a board shows few
    """
    limit_ms = now_ms - rules.unpaid_minutes * windows.MINUTE_MS
    found = [
        (each.at, each.id, minute, order)
        for minute, orders in material.opens.items()
        for order, each in orders.items()
        if (each.at <= limit_ms) == lapsed and product in (None, each.product)
    ]
    if most is None:
        found.sort(reverse=lapsed)
    else:
        found = nlargest(most, found) if lapsed else nsmallest(most, found)
    return [_row(order, material.opens[minute][order]) for _, _, minute, order in found]


def _row(order: str, found: Open) -> Row:
    row = {"id": found.id, "kind": "created", "at": found.at, "user": feed.mask(found.user), "order": order}
    return row | {"product": found.product, "quantity": found.quantity, "amount": found.amount, "sku": found.sku}
