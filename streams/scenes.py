"""live.scenes: the room's facts, the shelf, and what happens in the room.

Of two events that say the same thing the newer by `at` holds, whatever came first in the log.
"""

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from streams import events as ev
from streams import keys, notes, shelf, windows
from streams.change import Change
from streams.events import Event
from streams.names import NOTE, ON_AIR, OVERFLOW, SCENE
from streams.tally import Tally
from streams.violations import Inspector, found

#: A room holds so many plans of its advertising; what is spent on further ones stands together, under this name.
MOST_PLANS = 256

_OF_SHELF = ev.Listed | ev.Delisted | ev.Stocked | ev.ExplainStarted | ev.ExplainEnded
_SETS_STOCK = ev.Listed | ev.Stocked
_MOST_REMOVED = 5_000


def wants(events: Iterable[Event]) -> dict[str, list[str] | None]:
    """The state that `fold` needs for these events: key → fields (None: all)."""
    found: dict[str, list[str] | None] = {keys.FACTS: None}
    products: set[str] = set()
    scenes: set[str] = set()
    for event in events:
        if isinstance(event, _OF_SHELF):
            products.add(event.product)
            if isinstance(event, _SETS_STOCK):
                found[keys.sold(event.product)] = None
            elif isinstance(event, ev.ExplainStarted):
                scenes.add(_field(event))
        elif isinstance(event, ev.Spent) and event.plan is not None:
            found[keys.PLANS] = None
        elif isinstance(event, notes.NoteEvent):
            scenes.add(notes.field(event.note))
    return found | {keys.SHELF: sorted(products), keys.SCENES: sorted(scenes)}


def sets_stock(events: Iterable[Event]) -> bool:
    """Whether any of these events sets a product's stock, so that the orders must stand still for the change."""
    return any(isinstance(event, _SETS_STOCK) for event in events)


def fold(
    change: Change, events: Sequence[Event], rows: Mapping[str, Mapping[str, str]], now_ms: int, inspector: Inspector | None = None
) -> None:
    """Adds the events of one room to its change. `rows`: what `wants` asked for; `inspector`: for titles and prompts."""
    folding = _Folding(change, rows)
    for event in events:
        folding.take(event, now_ms)
    folding.write()
    if inspector is not None:
        found.in_scenes(change, events, inspector)


class _Folding:
    """The shelf, the facts and the scenes while one chunk is folded."""

    def __init__(self, change: Change, rows: Mapping[str, Mapping[str, str]]) -> None:
        self.change, self.rows = change, rows
        self.facts = dict(rows.get(keys.FACTS, {}))
        self.scenes = dict(rows.get(keys.SCENES, {}))
        self.shelf: dict[str, shelf.Row] = {}
        self.stocked: set[str] = set()
        self.plans = set(rows.get(keys.PLANS, {}))

    def take(self, event: Event, now_ms: int) -> None:
        if isinstance(event, ev.Opened | ev.Closed):
            self._facts(event)
            self._log(event)
        elif isinstance(event, _OF_SHELF):
            self._shelf(event)
        elif isinstance(event, ev.Spent):
            self._spent(event, Tally(self.change, now_ms))
        elif isinstance(event, notes.NoteEvent):
            notes.fold(self.change, self.scenes, event)
        else:
            self._log(event)

    def _spent(self, event: ev.Spent, tally: Tally) -> None:
        bucket = windows.bucket_of(event.at)
        tally.room(bucket, "cost", event.amount)
        tally.source(bucket, event.source, "cost", event.amount)
        if event.plan is not None:
            plan = keys.pair(event.source, event.plan)
            if plan not in self.plans and len(self.plans) >= MOST_PLANS:
                plan = keys.pair(OVERFLOW, OVERFLOW)
            self.plans.add(plan)
            self.change.count(keys.PLANS, plan, event.amount)

    def _facts(self, event: ev.Opened | ev.Closed) -> None:
        if isinstance(event, ev.Closed):
            self._fact("closed_at", str(max(event.at, int(self.facts.get("closed_at", 0)))))
            return
        opened = event.starts or event.at
        self._fact("opened_at", str(min(opened, int(self.facts.get("opened_at", opened)))))
        if event.at < int(self.facts.get("stated_at", 0)):
            return
        self._fact("stated_at", str(event.at))
        given = {
            "title": event.title,
            "host": event.host,
            "goal_gmv": event.goal_gmv,
            "currency": event.currency,
            "platform": event.platform,
        }
        for name, value in given.items():
            if value is not None:
                self._fact(name, str(value))

    def _fact(self, name: str, value: str) -> None:
        self.facts[name] = value
        self.change.set(keys.FACTS, name, value)

    def _row(self, product: str) -> shelf.Row:
        if product not in self.shelf:
            self.shelf[product] = shelf.parse(self.rows.get(keys.SHELF, {}).get(product))
        return self.shelf[product]

    def _shelf(self, event: _OF_SHELF) -> None:
        if self.change.naming.product(event.product) == OVERFLOW:
            if isinstance(event, ev.ExplainStarted | ev.ExplainEnded):
                self._log(event)
            return  # no place on the shelf is left
        row = self._row(event.product)
        if isinstance(event, ev.ExplainStarted | ev.ExplainEnded):
            _explain(row, event, again=_field(event) in self.scenes)
            self._log(event)
        elif event.at >= row.shelf_at and not isinstance(event, ev.Stocked):
            row.shelf_at, row.listed = event.at, isinstance(event, ev.Listed)
            if isinstance(event, ev.Listed):
                row.title, row.price, row.image, row.listed_at = event.title, event.price, event.image, event.at
                self._number(row, event)
        if isinstance(event, _SETS_STOCK):
            self._stock(row, event)

    def _number(self, row: shelf.Row, event: ev.Listed) -> None:
        """The platform's number holds; a product that it gave none has the one it got when it was first listed, whoever goes meanwhile."""
        if event.number is not None:
            row.number = event.number
        elif row.number is None:
            row.number = int(self.facts.get("numbers", 0)) + 1
        if row.number is not None and row.number > int(self.facts.get("numbers", 0)):
            self._fact("numbers", str(row.number))

    def _stock(self, row: shelf.Row, event: _SETS_STOCK) -> None:
        if event.campaign_stock is not None and event.at >= row.campaign_at:
            row.campaign_stock, row.campaign_at = event.campaign_stock, event.at
        if event.at >= row.set_at:
            row.stock, row.set_at = event.stock, event.at
        self.stocked.add(event.product)

    def _log(self, event: Event) -> None:
        self.scenes[_field(event)] = text = msgspec.json.encode(notes.row(event)).decode()
        self.change.set(keys.SCENES, _field(event), text)
        self.change.naming.keep_newest(ON_AIR if isinstance(event, ev.Opened | ev.Closed) else SCENE, _field(event), event.at)

    def write(self) -> None:
        """Writes the rows of the shelf, and for a stock that was set what is taken from it since; drops scenes that are too many."""
        for kind in (ON_AIR, SCENE):
            self.change.drop(keys.SCENES, self.change.naming.drop_oldest(kind))
        self.change.drop(keys.NOTE_LOG, self.change.naming.drop_oldest(NOTE))
        for product, row in self.shelf.items():
            self.change.set(keys.SHELF, product, row.text())
        for product in self.stocked:
            row, sold = self.shelf[product], self.rows.get(keys.sold(product), {})
            self.change.set(keys.TAKEN, product, str(shelf.units_sold(sold, row.set_at)))
            self.change.set(keys.TAKEN_BEFORE, product, str(shelf.units_sold(sold, row.campaign_at, row.set_at)))
            if old := [at for at in sold if int(at) < row.campaign_at]:
                self.change.remove[keys.sold(product)] = old[:_MOST_REMOVED]  # what stays is not asked for either


def _field(event: Event) -> str:
    """The field of the scenes that holds the event."""
    return f"{event.kind}:{event.id}"


def _explain(row: shelf.Row, event: ev.ExplainStarted | ev.ExplainEnded, again: bool) -> None:
    """`again`: an event of this id was counted before. People send a scene again when its acknowledgement was lost."""
    started = isinstance(event, ev.ExplainStarted)
    row.explanations += started and not again
    if event.at >= row.explained_at:
        row.explained_at = event.at
        row.explaining_since = event.at if started else None
