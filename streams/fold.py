"""From the events of one chunk to one change per room. Pure: the same events on the same state give the same change.

wants → (the store reads) → fold → (the store applies: Applied, or Fenced or Moved, and then again with less or newer)
"""

from collections.abc import Mapping, Sequence

from streams import clicks, comments, keys, orders, places, scenes, topics, views
from streams.change import Change, Position
from streams.events import Event
from streams.store.port import State, Wants
from streams.violations import Inspector

#: Events of one room with their offsets, in the order of the log.
Batch = Sequence[tuple[int, Event]]

#: The guards that a fold of the topic may depend on; they are read with its state.
GUARDS: Mapping[str, tuple[str, ...]] = {
    topics.VIEWS: ("presence",),
    topics.CLICKS: (),
    topics.ORDERS: ("orders", "shelf"),
    topics.COMMENTS: (),
    topics.SCENES: ("shelf", "orders"),
}

_NOTHING: Mapping[str, places.Places] = {}


def wants(topic: str, batches: Mapping[str, Batch], known: Mapping[str, places.Places] = _NOTHING) -> dict[str, Wants]:
    """Room → what `fold` needs to know of it; rooms that need nothing are left out. `known`: what is remembered of rooms, and serves."""
    if not GUARDS[topic]:
        return {}
    wanted = {room: _wants(topic, [event for _, event in batch], known.get(room)) for room, batch in batches.items()}
    return {room: rows for room, rows in wanted.items() if rows}


def _wants(topic: str, events: list[Event], known: places.Places | None) -> Wants:
    if topic == topics.SCENES:
        return scenes.wants(events)
    return orders.wants(events) if topic == topics.ORDERS else places.wants(events, known)


def fold(topic: str, room: str, batch: Batch, state: State, position: Position, now_ms: int, inspector: Inspector | None = None) -> Change:
    """What the batch does to its room. `now_ms`: the clock, only to leave out buckets that are in no window any more.

    `inspector`: looks for violations in what viewers and sellers write; without one there are none.
    """
    change = Change(room, position)
    events = [event for _, event in batch]
    rows = state.hashes
    if topic == topics.VIEWS:
        views.fold(change, events, state.places or places.Places(rows, {}), now_ms)
        _guard(change, state, expects=("presence",), bumps=("presence",))
    elif topic == topics.CLICKS:
        clicks.fold(change, events, now_ms)
    elif topic == topics.ORDERS:
        orders.fold(change, events, rows, now_ms)
        _guard(change, state, expects=("orders", "shelf"), bumps=("orders",))
    elif topic == topics.COMMENTS:
        comments.fold(change, events, now_ms, inspector)
    else:
        scenes.fold(change, events, rows, now_ms, inspector)
        _guard(change, state, expects=("shelf", "orders") if scenes.sets_stock(events) else ("shelf",), bumps=("shelf",))
    if events:
        newest = max([event.at for event in events])
        change.raised[keys.FACTS] = {keys.as_of(topic): newest}
        if position.arrived_ms:
            change.raised[keys.FACTS]["arrived_at"] = position.arrived_ms
        change.touched.add(keys.FACTS)
    return change


def _guard(change: Change, state: State, expects: tuple[str, ...], bumps: tuple[str, ...]) -> None:
    change.guards = {guard: state.guards.get(guard, 0) for guard in expects}
    change.bumps = set(bumps)
