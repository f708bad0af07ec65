"""From the events of one chunk to one change per room. Pure: the same events on the same state give the same change.

wants → (the store reads) → fold → (the store applies: Applied, or Fenced or Moved, and then again with less or newer)
"""

from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from streams import clicks, comments, keys, orders, places, scenes, topics, views
from streams.change import Change, Position
from streams.events import Event, OrderEvent
from streams.names import OVERFLOW, PRODUCT, Names, Naming
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
_NO_NAMES: Mapping[str, Names] = {}


def wants(
    topic: str, batches: Mapping[str, Batch], known: Mapping[str, places.Places] = _NOTHING, names: Mapping[str, Names] = _NO_NAMES
) -> dict[str, Wants]:
    """Room → what `fold` needs to know of it; rooms that need nothing are left out.

    `known`: what is remembered of rooms, and serves; `names`: the names that they have taken up.
    """
    if not GUARDS[topic]:
        return {}
    wanted = {room: _wants(topic, [event for _, event in batch], known.get(room), names.get(room)) for room, batch in batches.items()}
    return {room: rows for room, rows in wanted.items() if rows}


def _wants(topic: str, events: list[Event], known: places.Places | None, names: Names | None) -> Wants:
    if topic == topics.SCENES:
        return scenes.wants(events)
    if topic == topics.VIEWS:
        return places.wants(events, known)
    of_orders = [event for event in events if isinstance(event, OrderEvent)]
    if names is not None and names.may_overflow(PRODUCT, len({event.product for event in of_orders})):
        of_orders += [replace(event, product=OVERFLOW) for event in of_orders]
    return orders.wants(of_orders)


def _renamed(events: list[Event], naming: Naming) -> list[Event]:
    """The orders, each under the name that its product is counted under."""
    found: list[Event] = []
    for event in events:
        name = naming.product(event.product) if isinstance(event, OrderEvent) else None
        found.append(event if name is None or name == event.product else replace(event, product=name))  # type: ignore[attr-defined]
    return found


def fold(topic: str, room: str, batch: Batch, state: State, position: Position, now_ms: int, inspector: Inspector | None = None) -> Change:
    """What the batch does to its room. `now_ms`: the clock, only to leave out buckets that are in no window any more.

    `inspector`: looks for violations in what viewers and sellers write; without one there are none.
    """
    rows = state.hashes
    named = keys.names(topic, position.partition.number)
    naming = Naming(state.names if state.names is not None else Names(rows.get(named)))
    change = Change(room, position, naming=naming)
    events = [event for _, event in batch]
    if topic == topics.VIEWS:
        views.fold(change, events, state.places or places.Places(rows, {}), now_ms)
        _guard(change, state, expects=("presence",), bumps=("presence",))
    elif topic == topics.CLICKS:
        clicks.fold(change, events, now_ms)
    elif topic == topics.ORDERS:
        orders.fold(change, _renamed(events, naming), rows, now_ms)
        _guard(change, state, expects=("orders", "shelf"), bumps=("orders",))
    elif topic == topics.COMMENTS:
        comments.fold(change, events, now_ms, inspector)
    else:
        scenes.fold(change, events, rows, now_ms, inspector)
        _guard(change, state, expects=("shelf", "orders") if scenes.sets_stock(events) else ("shelf",), bumps=("shelf",))
    if fields := naming.fields():
        change.put[named] = fields
    if gone := naming.gone():
        change.remove[named] = gone
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
