"""The rooms this process has read lately, each once, whether a websocket or an HTTP call asks."""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any
from weakref import WeakValueDictionary

import msgspec

from screen import product, product_minutes
from screen.source_minutes import SourceMinutes
from streams import alert_rows, board, paging, review, unpaid
from streams.alerts import REACH_MS
from streams.alerts.live import Live
from streams.board_rules import BoardRules
from streams.frames import Flat, Tables, tables
from streams.material import Material
from streams.room_names import is_room
from streams.store.port import Store
from streams.store.view import RoomView

#: The minutes that a frame carries: the newest 12 hours. `minutes` gives any.
FRAME_MINUTES_MS = 12 * 3_600_000
#: A watched room is read several times a second; where the machine is busy, once in some seconds.
IN_USE_MS = 5_000


class Room:
    """One room as last read. Its calls take turns; they raise `StoreAway`. `now_ms` is the server's clock."""

    def __init__(self, store: Store, name: str, rules: BoardRules, fresh_ms: int) -> None:
        self.name = name
        self.used_ms = self._read_ms = 0
        self._store = store
        self._view = RoomView(store, name)
        self._rules = rules
        self._fresh_ms = fresh_ms
        self._reading = asyncio.Lock()
        self._board: tuple[int, bytes] = (0, b"")
        self._flat: Flat = {}
        self._differs = True
        self._of_sources = SourceMinutes(store, name)

    @property
    def known(self) -> bool:
        """Whether the store has anything of it."""
        return self._view.material.rev > 0

    async def refresh(self, now_ms: int) -> bool:
        """Reads what changed; True when the tables would differ from the last ones, whoever read what changed."""
        async with self.still(now_ms):
            return self._differs

    @asynccontextmanager
    async def still(self, now_ms: int, fresh_ms: int = 0) -> AsyncIterator[Material]:
        """What is read now. Nobody else reads meanwhile, so it is never seen, nor kept, half read by those who read more beside it.

        fresh_ms   what was read less than so long ago will do, and that counts as no use of the room
        """
        async with self._reading:
            if not fresh_ms:
                self.used_ms = now_ms
            if not 0 <= now_ms - self._read_ms < fresh_ms:
                self._differs = await self._view.refresh(now_ms) or self._differs
                self._read_ms = now_ms
            yield self._view.material

    async def board(self, now_ms: int) -> bytes:
        """The board as JSON; calls within `fresh_ms` share one."""
        made_ms, body = self._board
        if not 0 <= now_ms - made_ms < self._fresh_ms or not body:
            await self.refresh(now_ms)
            body = msgspec.json.encode(paging.page(self._shown(self._view.material, now_ms), "gmv", 0))
            self._board = (now_ms, body)
        return body

    async def page(self, now_ms: int, sort: str, offset: int) -> bytes:
        """The board with other products than the first by GMV (`streams.paging`)."""
        await self.refresh(now_ms)
        return msgspec.json.encode(paging.page(self._shown(self._view.material, now_ms), sort, offset))

    async def product(self, name: str, now_ms: int) -> dict[str, Any] | None:
        """The page of one product; None when there is none of that name."""
        async with self.still(now_ms) as material:
            return await product.page(self._store, material, name, now_ms, self._rules)

    async def unpaid(self, now_ms: int, product: str | None, lapsed: bool, offset: int, limit: int) -> dict[str, Any]:
        """The ledger of open orders of the room or of a product, and `limit` of the orders from `offset` on (`streams.unpaid`)."""
        async with self.still(now_ms) as material:
            ledger = unpaid.read(material, now_ms, self._rules)
            rows = unpaid.rows(material, now_ms, self._rules, product, lapsed, offset + limit)
            of = ledger.room if product is None else ledger.of(product)
            return {**of.row(now_ms), "at": now_ms, "offset": offset, "rows": rows[offset:]}

    async def review(self, now_ms: int) -> dict[str, Any]:
        """The review of the broadcast (`streams.review`)."""
        async with self.still(now_ms) as material:
            found = await product_minutes.read(self._store, self.name, review.wanted(material, now_ms))
            return review.build(material, found, now_ms, self._rules)

    async def whole(self, now_ms: int, reach_ms: int) -> tuple[dict[str, Any], list[dict[str, Any]]]:
        """The board, and the minutes that reach back so far."""
        await self.refresh(now_ms)
        material = self._view.material
        return self._shown(material, now_ms), board.minutes(material, now_ms - reach_ms, now_ms + 1, now_ms)

    async def minutes(self, start_ms: int, end_ms: int, now_ms: int) -> list[dict[str, Any]]:
        """The minutes that begin in [start_ms, end_ms)."""
        await self.refresh(now_ms)
        return board.minutes(self._view.material, start_ms, end_ms, now_ms)

    async def source_minutes(self, sources: list[str], start_ms: int, end_ms: int, now_ms: int) -> list[dict[str, Any]]:
        """The minutes of some sources that begin in [start_ms, end_ms); of a source that the room does not know there are none."""
        await self.refresh(now_ms)
        known = [source for source in sources if source in self._view.material.sources]
        return await self._of_sources.read(known, start_ms, end_ms, now_ms)

    def tables(self, now_ms: int) -> Tables:
        """What was last read, as a frame carries it."""
        self._differs = False
        material = self._view.material
        minutes = board.minutes(material, now_ms - FRAME_MINUTES_MS, now_ms + 60_000, now_ms)
        return tables(self._shown(material, now_ms), minutes, self._flat)

    def _shown(self, material: Material, now_ms: int) -> dict[str, Any]:
        """The board, and in its alerts the figures that stand in it."""
        found = board.build(material, now_ms, self._rules)
        live = Live(found, lambda: board.minutes(material, now_ms - REACH_MS, now_ms + 1, now_ms), now_ms)
        return found | {"alerts": alert_rows.rows(material.alerts, now_ms, live)}


class Rooms:
    """Rooms by name; those not asked for within `keep_ms`, and the longest unused beyond `keep`, are let go unless someone holds them."""

    def __init__(
        self, store: Store, rules: BoardRules, clock: Callable[[], int], fresh_ms: int, keep: int = 256, keep_ms: int = 60_000
    ) -> None:
        self.rules = rules
        self._store, self._clock, self._fresh_ms = store, clock, fresh_ms
        self._keep, self._keep_ms = keep, keep_ms
        self._all: WeakValueDictionary[str, Room] = WeakValueDictionary()
        self._kept: OrderedDict[str, Room] = OrderedDict()
        self._announced: OrderedDict[str, None] = OrderedDict()

    def announce(self, name: str) -> None:
        """Notes that this process has just opened a room, which the agents will know in a moment; the newest `keep` are remembered."""
        self._announced[name] = None
        if len(self._announced) > self._keep:
            self._announced.popitem(last=False)

    async def exists(self, name: str) -> bool:
        """Whether the room is known or has been announced."""
        return name in self._announced or await self.find(name) is not None

    def in_use(self, name: str) -> Room | None:
        """The room if somebody has used it in the last seconds."""
        room = self._all.get(name)
        return room if room is not None and room.known and 0 <= self._clock() - room.used_ms < IN_USE_MS else None

    async def find(self, name: str) -> Room | None:
        """The room, freshly read; None where the store knows no such room."""
        if not is_room(name):  # then it never reaches the store
            return None
        room = self._all.get(name)
        if room is None:
            room = self._all[name] = Room(self._store, name, self.rules, self._fresh_ms)
        if not room.known:
            await room.refresh(self._clock())
        if not room.known:
            return None
        self._keep_room(room)
        return room

    def _keep_room(self, room: Room) -> None:
        now_ms = room.used_ms = self._clock()
        self._kept[room.name] = room
        self._kept.move_to_end(room.name)
        while len(self._kept) > self._keep or next(iter(self._kept.values())).used_ms < now_ms - self._keep_ms:
            self._kept.popitem(last=False)
