"""What rules can ask of a room: facts made from its board and its minutes, each group only when a rule names it.

Of the room:
    room         title status host currency goal_gmv minutes_on_air
    total last_5m previous_5m       the board's metrics (`streams.metrics`)
    last_15m     counted metrics over the running minute and the 14 before
    minutes      the last 30 minutes in which something happened, oldest first: metrics, and `age` in whole minutes (0: running)
    online       now · before: the mean of the 5 full minutes before, None while the room is younger
    unpaid       orders (unpaid now) · older_than_5m …15m …30m: how many of them are that old · lapsed: those that are unpaid no more
    limits       late_seconds: figures that are older are late, here as on the screen (a setting)
    products sources                lists of the rows below
Of one subject:
    product      id number (of the link) label (#3 and the title)
                 title price listed listed_minutes left stock campaign_stock explaining explaining_seconds explanations badges total
                 last_5m units_per_minute minutes_left (infinite while nothing sells) unpaid unpaid_older_than_5m
    source       name natural, and the board's metrics of a source
    violation    id reason advice age_seconds: a notice from the platform
    finding      rule (`streams.violations`) rows (of the last 5 minutes) and of the newest: age_seconds times term text user nickname
    topic        name silent_seconds behind_seconds last_5m previous_5m (events, as far as the metrics count them)
Money is in minor units. A fact without value is None, and makes a condition that needs it Unknown.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from itertools import islice
from typing import Any

from streams import topics, windows
from streams.alerts import goods
from streams.metrics import COUNTED, DICTIONARY

Board = Mapping[str, Any]
Minutes = list[dict[str, Any]]
Row = dict[str, Any]

#: The minutes given must reach back so far.
REACH_MS = 31 * windows.MINUTE_MS
_MAX_SUBJECTS = 200
_ORDER_METRICS = ("orders_created", "orders_paid", "orders_cancelled", "refunds", "refunded_orders", "refund_amount", "gmv", "items_sold")
_SUMMED = tuple(name for name in {**dict.fromkeys(COUNTED.values()), **dict.fromkeys(_ORDER_METRICS)} if name in DICTIONARY)


class Facts:
    """One room at one moment. `minutes` as `streams.board.minutes` makes them, from REACH_MS before `now_ms` until then.

    The board may hold "backlog" beside what a screen shows: {topic: ms that the agents are behind the end of the log}.
    """

    def __init__(self, board: Board, minutes: Minutes, now_ms: int) -> None:
        self.board, self.now_ms = board, now_ms
        running = now_ms // windows.MINUTE_MS
        self._minutes = [(running - row["at"] // windows.MINUTE_MS, row) for row in minutes]
        self._made: dict[str, Any] = {}
        self._makers: dict[str, Callable[[], Any]] = {
            "room": self._room,
            **{name: partial(board.__getitem__, name) for name in ("total", "last_5m", "previous_5m")},
            "last_15m": lambda: {metric: self._sum(metric, 15) for metric in _SUMMED},
            "minutes": lambda: [{**row, "age": age} for age, row in self._minutes if 0 <= age < 30],
            "online": self._online,
            "unpaid": self._unpaid,
            "limits": partial(board.__getitem__, "limits"),
            "products": lambda: [row for _, row in self.subjects("product")],
            "sources": lambda: [row for _, row in self.subjects("source")],
        }
        self._rows: dict[str, Callable[[], Iterable[tuple[str, Row]]]] = {
            "product": self._products,
            "source": self._sources,
            "violation": self._violations,
            "finding": self._findings,
            "topic": self._topics,
        }

    def __getitem__(self, name: str) -> Any:
        """A group of the room's facts. KeyError: there is none of this name."""
        if name not in self._made:
            self._made[name] = self._makers[name]()
        return self._made[name]

    def subjects(self, kind: str) -> list[tuple[str, Row]]:
        """The subjects of a kind, each with its own facts; the room's subject is "" and has none of its own."""
        if kind == "room":
            return [("", {})]
        key = f"subjects {kind}"
        if key not in self._made:
            rows: dict[str, Row] = {}
            for subject, row in islice(self._rows[kind](), _MAX_SUBJECTS):
                rows.setdefault(subject, row)  # a violation may be told of twice; the newer comes first
            self._made[key] = list(rows.items())
        found: list[tuple[str, Row]] = self._made[key]
        return found

    def _sum(self, metric: str, minutes: int) -> float:
        """Over the last so many minute rows, the running one included."""
        return sum(row.get(metric) or 0 for age, row in self._minutes if 0 <= age < minutes)

    def _room(self) -> Row:
        return {name: self.board[name] for name in ("title", "status", "host", "currency", "goal_gmv", "minutes_on_air")}

    def _online(self) -> Row:
        ages = {age: row for age, row in self._minutes if age > 0}
        known = max(ages, default=0) >= 5
        before = sum((ages[age].get("online") or 0) for age in range(1, 6) if age in ages) / 5 if known else None
        return {"now": self.board["total"]["online"], "before": before}

    def _unpaid(self) -> Row:
        return {name: value for name, value in self.board["ledger"].items() if name != "oldest_at"}

    def _products(self) -> Iterable[tuple[str, Row]]:
        return (
            (row["product"], goods.facts(row, self.board["ledgers"].get(row["product"]), self.now_ms)) for row in self.board["products"]
        )

    def _sources(self) -> Iterable[tuple[str, Row]]:
        return ((name, {"name": name, **row}) for name, row in self.board["sources"].items())

    def _violations(self) -> Iterable[tuple[str, Row]]:
        for scene in self.board["scenes"]:
            if scene["kind"] == "violated":
                said = {"id": scene["violation"], "reason": scene["reason"], "advice": scene.get("advice", "")}
                yield scene["violation"], {**said, "age_seconds": self._age(scene)}

    def _findings(self) -> Iterable[tuple[str, Row]]:
        """One subject for each rule, not for each comment: a hundred insults are one alert."""
        recent = [row for row in self.board["violations"] if self._age(row) < 300]
        rows = Counter(row["rule"] for row in recent)
        for row in recent:  # the newest comes first, and the first of a subject is taken
            said = {name: row[name] or "" for name in ("rule", "term", "text", "user", "nickname")}
            yield row["rule"], {**said, "rows": rows[row["rule"]], "times": row["count"], "age_seconds": self._age(row)}

    def _age(self, row: Mapping[str, Any]) -> float:
        at: int = row["at"]
        return max(0, self.now_ms - at) / 1000

    def _topics(self) -> Iterable[tuple[str, Row]]:
        backlog = self.board.get("backlog", {})
        for topic in topics.INPUTS:
            at, behind = self.board["as_of"].get(topic), backlog.get(topic)
            counted = [metric for (of, _), metric in COUNTED.items() if of == topic] if topic != topics.ORDERS else list(_ORDER_METRICS[:4])
            yield (
                topic,
                {
                    "name": topic,
                    "silent_seconds": None if at is None else max(0, self.now_ms - at) / 1000,
                    "behind_seconds": None if behind is None else behind / 1000,
                    **{part: sum(self.board[part].get(metric) or 0 for metric in counted) for part in ("last_5m", "previous_5m")},
                },
            )


class Named:
    """The facts that one subject's rules see: its own row under its kind's name, and the room's."""

    __slots__ = ("_facts", "_kind", "_row")

    def __init__(self, facts: Facts, kind: str, row: Row) -> None:
        self._facts, self._kind, self._row = facts, kind, row

    def __getitem__(self, name: str) -> Any:
        return self._row if name == self._kind and name != "room" else self._facts[name]
