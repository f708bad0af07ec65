"""All rooms with their headline figures: read at most once a second, whoever asks."""

import asyncio
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

from screen.rooms import Rooms
from streams import board, keys, on_air, unpaid
from streams.asked import Asked
from streams.board_rules import BoardRules
from streams.material import Material
from streams.metrics import WATCHING
from streams.store.port import Store
from streams.store.view import RoomView

FRESH_MS = 1_000
#: Rooms that are not on air change seldom.
RESTING_FRESH_MS = 10_000
#: So long after its newest event nothing of a room is in a window.
SETTLED_MS = 10 * 60_000
#: Readings whose round trips overlap. Most wait for somebody else who reads the room.
AT_ONCE = 32
#: What of a room a headline is made of.
_HEADLINE = Asked(
    total=frozenset({"viewers"}),
    minute=frozenset(),
    window=frozenset({"viewers", WATCHING}),
    product=frozenset(),
    product_window=frozenset(),
    ignored=frozenset({
        *(keys.COMMENTS, keys.WORDS, keys.ANSWERS, keys.FEED_OF_VIEWS, keys.FEED_OF_ORDERS, keys.AUDIENCE, keys.ALERT_LOG, keys.FOUND),
        *(keys.VIOLATIONS, keys.SHELF, keys.TAKEN, keys.TAKEN_BEFORE, keys.PLANS, "said", "watching", "p", "s"),
    }),
)  # fmt: skip

Headline = dict[str, Any]


class _Held(NamedTuple):
    """A room's headline, the revision that it is of, and when each of the room's unpaid orders lapses (ms, sorted)."""

    rev: int
    row: Headline
    lapses: Sequence[int]


def _hold(material: Material, now_ms: int, rules: BoardRules) -> _Held:
    return _Held(material.rev, board.headline(material, now_ms, rules), unpaid.lapses(material, now_ms, rules))


#: Of these rooms something may still come in.
_ON_AIR = {"live", "silent"}


def sums(rows: Iterable[Headline]) -> dict[str, Any]:
    """What the rooms on air come to together: `rooms`, `online`, `orders_paid`, and `gmv` by currency, in its minor units."""
    live = [row for row in rows if row["status"] in _ON_AIR]
    gmv: dict[str, int] = {}
    for row in live:
        gmv[row["currency"]] = gmv.get(row["currency"], 0) + row["total"]["gmv"]
    counted = {metric: sum(row["total"][metric] for row in live) for metric in ("online", "orders_paid")}
    return {"rooms": len(live), **counted, "gmv": dict(sorted(gmv.items()))}


class Wall:
    """Keeps each room's last headline. `clock` gives Unix ms; `read` raises `StoreAway`.

    No room is ever gone, and most are over: they are not read again, but for their revisions, all in one call. So nothing of them is kept
    but the headline: orders of theirs that lapse, hours later perhaps, are counted here. Of rooms that somebody watches it takes what was
    read for them, of others it reads no more than headlines are made of.
    """

    def __init__(self, store: Store, rooms: Rooms, clock: Callable[[], int]) -> None:
        self._store, self._rooms, self._clock = store, rooms, clock
        self._read_ms = 0
        self._held: dict[str, _Held] = {}
        self._views: dict[str, RoomView] = {}
        self._turn = asyncio.Lock()

    async def read(self) -> list[Headline]:
        """The headlines (`streams.board.headline`), by name of the room."""
        async with self._turn:
            now_ms = self._clock()
            if not 0 <= now_ms - self._read_ms < FRESH_MS:
                await self._read_due(now_ms)
                self._read_ms = now_ms
            return [held.row for held in self._held.values()]

    async def _read_due(self, now_ms: int) -> None:
        names = await self._store.rooms()
        news = await self._store.alerts.news([name for name in names if not self._rests(name, now_ms)])
        due = [name for name, new in news.items() if not self._renewed(name, new.rev, now_ms)]
        for start in range(0, len(due), AT_ONCE):
            await asyncio.gather(*[self._read_one(name, now_ms) for name in due[start : start + AT_ONCE]])
        self._held = {name: self._held[name] for name in names if name in self._held}

    def _rests(self, name: str, now_ms: int) -> bool:
        held = self._held.get(name)
        return held is not None and held.row["status"] not in ("live", "silent") and 0 <= now_ms - held.row["at"] < RESTING_FRESH_MS

    def _renewed(self, name: str, rev: int, now_ms: int) -> bool:
        """Whether the headline is right but for its time; then it gets that of now."""
        held = self._held.get(name)
        if held is None or held.rev != rev:
            return False
        row = held.row
        newest = max((at for at in row["as_of"].values() if at is not None), default=0)
        if row["at"] - newest < SETTLED_MS or now_ms < row["at"]:
            return False
        if on_air.aged(row["status"], row["arrived_at"], now_ms, self._rooms.rules) != row["status"]:
            return False
        total = row["total"] | {"orders_unpaid": len(held.lapses) - bisect_right(held.lapses, now_ms)}
        self._held[name] = held._replace(row={**row, "at": now_ms, "total": total})
        self._views.pop(name, None)
        return True

    async def _read_one(self, name: str, now_ms: int) -> None:
        room = self._rooms.in_use(name)
        if room is not None:
            self._views.pop(name, None)
            async with room.still(now_ms, FRESH_MS) as material:
                self._held[name] = _hold(material, now_ms, self._rooms.rules)
            return
        view = self._views.setdefault(name, RoomView(self._store, name, _HEADLINE))
        await view.refresh(now_ms)
        if view.material.rev:
            self._held[name] = _hold(view.material, now_ms, self._rooms.rules)
