"""What goes over the wire: a board as flat tables, and a journal that answers "what changed since revision N".

Tables are `{table: {key: {field: value}}}`. In a delta only changed fields of changed rows appear; a row that
is gone is `None`, also to readers who never saw it.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from streams import keys
from streams.paging import foremost

Row = Mapping[str, Any]
#: table → key → row; in a delta the row may be None (it is gone)
Tables = dict[str, dict[str, Row]]
Delta = dict[str, dict[str, Row | None]]

FACTS = ("title", "status", "host", "currency", "platform", "goal_gmv", "opened_at", "closed_at", "spans", "products_total")
LEDGER = ("orders", "lapsed", "oldest_at")
FUNNEL = ("users", "rate", "rate_5m", "rate_hour")
WINDOWS = ("total", "last_5m", "previous_5m")
#: the audience columns that stand directly under the board's `audience`, and those of its last five minutes
AUDIENCE = ("viewers", "buyers", "tgi")
AUDIENCE_NOW = ("watching", "paid", "unpaid")


#: product → its position, its row of the board, and that row as it goes over the wire
Flat = dict[str, tuple[int, Row, Row]]


def tables(board: Mapping[str, Any], minutes: Iterable[Row], flat: Flat | None = None) -> Tables:
    """The board and the minute rows (each with `at`, ms) as tables; where their shape is the same, rows are shared.

    flat  what the last call for this room left of its products, to give the same rows again for the same ones
    """
    flat = {} if flat is None else flat
    return {
        "room": {
            "facts": {name: board.get(name) for name in FACTS},
            "as_of": board["as_of"],
            "limits": board["limits"],
            "ledger": {name: board["ledger"][name] for name in LEDGER},
        },
        "figures": {window: board[window] for window in WINDOWS},
        "funnel": {
            row["stage"]: {"position": position, **{name: row[name] for name in FUNNEL}} for position, row in enumerate(board["funnel"])
        },
        "sources": board["sources"],
        "channels": board["channels"],
        "plans": {keys.pair(row["source"], row["plan"]): row for row in board["plans"]},
        "products": {row["product"]: _flat(flat, position, row) for position, row in enumerate(foremost(board["products"]))},
        "audience": _audience(board["audience"]),
        "minutes": {str(row["at"]): row for row in minutes},
        "comments": {row["id"]: row for row in board["comments"]},
        "words": {row["word"]: {"count": row["count"]} for row in board["words"]},
        "words_5m": {row["word"]: {"count": row["count"]} for row in board["words_5m"]},
        "polls": {row["answer"]: {"users": row["users"], "times": row["times"]} for row in board["polls"]},
        "feed": {f"{row['kind']}:{row['id']}": row for row in board["feed"]},
        "scenes": {row["id"]: row for row in board["scenes"]},
        "alerts": {row["id"]: row for row in board["alerts"]},
        "violations": {row["id"]: row for row in board["violations"]},
        "violation_counts": {rule: {"count": count} for rule, count in board["violation_counts"].items()},
    }


@cache
def _joined(window: str, metrics: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"{window}.{metric}" for metric in metrics)


def _flat(known: Flat, position: int, product: Row) -> Row:
    name = product["product"]
    kept = known.get(name)
    if kept is None or kept[0] != position or kept[1] is not product:
        kept = known[name] = position, product, _product(position, product)
    return kept[2]


def _product(position: int, product: Row) -> Row:
    """One flat row, so that one changed figure is one small field."""
    row: dict[str, Any] = {"position": position}
    for name, value in product.items():
        if name in ("total", "last_5m"):
            row.update(zip(_joined(name, tuple(value)), value.values(), strict=True))
        elif name != "product":
            row[name] = value
    return row


def _audience(audience: Mapping[str, Any]) -> dict[str, Row]:
    """`<dimension>:<value>` → the counts of that slice; a column that does not know the slice counts 0 (tgi: null)."""
    now = audience.get("last_5m", {})
    columns = {name: audience.get(name, {}) for name in AUDIENCE} | {name: now.get(name, {}) for name in AUDIENCE_NOW}
    rows: dict[str, dict[str, Any]] = {}
    for name, dimensions in columns.items():
        for dimension, values in dimensions.items():
            for value, figure in values.items():
                row = rows.get(key := f"{dimension}:{value}")
                if row is None:
                    row = rows[key] = {"dimension": dimension, "value": value, **dict.fromkeys(columns, 0), "tgi": None}
                # With every viewer each TGI of a dimension moves a little, and no screen shows that.
                row[name] = round(figure, 1) if name == "tgi" and figure is not None else figure
    return dict(rows)


def _rounded(row: Row) -> Row:
    """The row with 9 significant digits: right to the fen in millions, and most of a ratio's bytes saved. Whole numbers stay exact."""
    floats = {name: float(f"{value:.9g}") for name, value in row.items() if type(value) is float}
    return {**row, **floats} if floats else row


class _Held:
    """One row: its values, the revision it came with, and the revisions of the fields that changed since."""

    __slots__ = ("born", "given", "rev", "stamps", "values")

    def __init__(self, given: Row, values: Row, rev: int) -> None:
        self.given = given
        self.values = values
        self.born = self.rev = rev
        self.stamps: dict[str, int] = {}

    def merge(self, row: Row, rev: int) -> bool:
        """Takes over the row and stamps what changed. A field never leaves a row: it becomes None."""
        old = self.values
        self.given = row
        row = _rounded(row)
        changed = [name for name, value in row.items() if name not in old or old[name] != value]
        gone = [name for name in old if name not in row]
        changed += [name for name in gone if old[name] is not None]
        self.values = {**row, **dict.fromkeys(gone)} if gone else row
        if changed:
            self.stamps.update(dict.fromkeys(changed, rev))
            self.rev = rev
        return bool(changed)

    def since(self, rev: int) -> Row:
        """The fields newer than the revision."""
        if self.born > rev:
            return self.values
        return {name: self.values[name] for name, stamp in self.stamps.items() if stamp > rev}


class Journal:
    """Stamps what changes in a room's tables with revisions 1, 2, 3 …, and remembers for a while what was removed.

    keep_revisions  removals older than this many revisions are forgotten
    keep_removed    at most this many removals are remembered
    A delta that would need a forgotten removal is refused, and the reader gets everything instead.
    """

    def __init__(self, keep_revisions: int = 1_200, keep_removed: int = 5_000) -> None:
        self.rev = 0
        self._keep_revisions = keep_revisions
        self._keep_removed = keep_removed
        self._oldest = 0  # deltas are complete from this revision on
        self._rows: dict[str, dict[str, _Held]] = {}
        # In the order of their revisions, as a removed row is put at the end; with its fields, in case it comes back.
        self._removed: dict[tuple[str, str], tuple[int, tuple[str, ...]]] = {}

    def update(self, now: Tables) -> bool:
        """Takes over the tables, whose rows must stay as they are; True when anything differs (`rev` rose by one)."""
        rev = self.rev + 1
        changed = False
        for table in {**self._rows, **now}:
            changed = self._update_table(table, now.get(table, {}), rev) or changed
        if changed:
            self.rev = rev
            self._forget()
        return changed

    def _update_table(self, table: str, rows: Mapping[str, Row], rev: int) -> bool:
        held = self._rows.setdefault(table, {})
        changed = False
        for key, row in rows.items():
            known = held.get(key)
            if known is None:
                held[key] = self._arrived(table, key, row, rev)
                changed = True
            elif row is not known.given:
                if row != known.given:
                    changed = known.merge(row, rev) or changed
                known.given = row
        if len(held) != len(rows):
            for key in [key for key in held if key not in rows]:
                self._removed[table, key] = (rev, tuple(held.pop(key).values))
            changed = True
        return changed

    def _arrived(self, table: str, key: str, row: Row, rev: int) -> _Held:
        """A row that comes back may meet readers who never saw it go: fields it had only then are sent as None."""
        _, before = self._removed.pop((table, key), (0, ()))
        lost = [name for name in before if name not in row]
        values = _rounded(row)
        return _Held(row, {**values, **dict.fromkeys(lost)} if lost else values, rev)

    def _forget(self) -> None:
        removed = self._removed
        while removed:
            name = next(iter(removed))
            rev, _ = removed[name]
            if rev > self.rev - self._keep_revisions and len(removed) <= self._keep_removed:
                return
            del removed[name]
            self._oldest = rev

    def since(self, rev: int) -> Delta | None:
        """What changed after revision `rev`; None when that is not known any more, or was never reached."""
        if not self._oldest <= rev <= self.rev:
            return None
        delta: Delta = {}
        if rev == self.rev:
            return delta
        for table, held in self._rows.items():
            rows: dict[str, Row | None] = {key: row.since(rev) for key, row in held.items() if row.rev > rev}
            if rows:
                delta[table] = rows
        for (table, key), (removed, _) in reversed(self._removed.items()):
            if removed <= rev:
                break
            delta.setdefault(table, {})[key] = None
        return delta

    def full(self) -> Tables:
        """Everything."""
        return {table: {key: row.values for key, row in held.items()} for table, held in self._rows.items()}
