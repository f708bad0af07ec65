"""The event feed of a room: who ordered, paid, followed, joined; newest first, buyers masked where people read it."""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from streams.change import Change
from streams.events import Event, Followed, JoinedClub, OrderEvent

NEWEST = 200
#: The kinds of live.views that the feed shows; of live.orders it shows all.
SHOWN = frozenset({Followed, JoinedClub})
Row = dict[str, Any]


def write(change: Change, key: str, events: Sequence[Event]) -> None:
    """Puts what a feed shows of these events, in the order of the log, into the list `key`: one list a topic, so that no other moves it."""
    rows = [_row(event) for event in events if isinstance(event, OrderEvent | Followed | JoinedClub)][-NEWEST:]
    if rows:
        change.push[key] = ([msgspec.json.encode(row).decode() for row in reversed(rows)], NEWEST)
        change.touched.add(key)


def _row(event: OrderEvent | Followed | JoinedClub) -> Row:
    row: Row = {"id": event.id, "kind": event.kind, "at": event.at, "user": event.user}
    if isinstance(event, OrderEvent):
        row |= {"order": event.order, "product": event.product, "quantity": event.quantity, "amount": event.amount}
        row |= {"sku": event.sku} if event.sku else {}
    return row


def shown(rows: Iterable[Row]) -> list[Row]:
    """The rows as readers see them: the newest first by event time, each event once, users masked."""
    unique = {(row["kind"], row["id"]): row for row in rows}
    return [row | {"user": mask(row["user"])} for row in sorted(unique.values(), key=lambda row: (row["at"], row["id"]), reverse=True)]


def mask(user: str) -> str:
    """A user's id with its middle hidden, so that the same person can be told but not looked up."""
    return f"{user[0]}***{user[-1]}" if len(user) > 2 else "***"
