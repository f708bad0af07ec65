"""Whoever joins, stops reading, drains or leaves, and however often the room ticks meanwhile: what each browser has is a board that was."""

import asyncio
import json
from collections.abc import Callable
from typing import Any
from unittest import mock

from hypothesis import given
from hypothesis import strategies as st

from screen import fanout as fanout_module
from screen.fanout import Client
from screen.feed import Feed, payload
from screen.measures import Measures

Board = dict[str, dict[str, int]]

VALUES = st.dictionaries(st.sampled_from("abc"), st.fixed_dictionaries({"x": st.integers(0, 3), "y": st.integers(0, 3)}), max_size=3)
ACTIONS = st.one_of(
    st.tuples(st.just("tick"), VALUES),
    st.tuples(st.sampled_from(["stop", "drain", "leave", "back"]), st.integers(0, 3)),
    st.tuples(st.sampled_from(["join", "loop"]), st.none()),
)
#: A browser's buffers: beyond so many frames unread, it takes no more.
UNREAD = 2


class Room:
    """A room that is whatever the test says."""

    name = "r1"

    def __init__(self) -> None:
        self.rows: Board = {}

    async def refresh(self, now_ms: int) -> bool:
        return True

    def tables(self, now_ms: int) -> Any:
        return {"room": {}, "t": {key: dict(row) for key, row in self.rows.items()}}


class Browser:
    """Applies what it reads; while it does not, `UNREAD` frames wait, and then its websocket takes none."""

    def __init__(self, feed: Feed, rows: Board | None = None, epoch: str = "", rev: int | None = None) -> None:
        self.rows, self.epoch, self.rev, self.at = rows or {}, epoch, rev, 0
        self.reads = True
        self.unread: list[bytes] = []
        self.seen: list[tuple[int, Board]] = []
        self.drained: Callable[[], None] | None = None
        self.client = Client(self, lambda _: None, 1 << 60, epoch, rev)
        feed.fanout.add(self.client)

    def write_frame(self, frame: bytes) -> bool:
        if len(self.unread) >= UNREAD:
            return False
        self.unread.append(frame)
        if self.reads:
            self.read()
        return True

    def read(self) -> None:
        for frame in self.unread:
            self._apply(json.loads(payload(frame)))
        self.unread.clear()

    def drain(self) -> None:
        self.reads = True
        self.read()
        if self.drained is not None:
            self.drained()

    def _apply(self, frame: Any) -> None:
        assert frame["at"] >= self.at and (self.rev is None or self.epoch != frame["epoch"] or frame["rev"] >= self.rev)
        if frame["full"]:
            self.rows = {}
        for key, row in frame["d"].get("t", {}).items():
            if row is None:
                self.rows.pop(key, None)
            else:
                self.rows.setdefault(key, {}).update(row)
        self.epoch, self.rev, self.at = frame["epoch"], frame["rev"], frame["at"]
        self.seen.append((frame["rev"], {key: dict(row) for key, row in self.rows.items()}))


class Play:
    def __init__(self) -> None:
        self.room, self.now_ms = Room(), 1_000
        room: Any = self.room
        self.feed = Feed(room, lambda: self.now_ms, 250, Measures(), lambda: self.now_ms / 1000)
        self.boards: dict[int, Board] = {}
        self.browsers: list[Browser] = []
        self.gone: list[Browser] = []

    async def act(self, action: str, argument: Any) -> None:
        if action == "tick":
            self.now_ms += 250
            self.room.rows = argument
            await self.feed.tick()
            self.boards[self.feed._journal.rev] = argument
        elif action == "loop":
            await asyncio.sleep(0)
        elif action == "join":
            self.browsers.append(Browser(self.feed))
        elif action == "back" and argument < len(self.gone):
            old = self.gone.pop(argument)
            self.browsers.append(Browser(self.feed, old.rows, old.epoch, old.rev))
        elif action != "back" and argument < len(self.browsers):
            browser = self.browsers[argument]
            if action == "leave":
                self.feed.fanout.discard(browser.client)
                self.gone.append(self.browsers.pop(argument))
            elif action == "drain":
                browser.drain()
            else:
                browser.reads = False

    async def rest(self) -> None:
        for browser in self.browsers:
            browser.drain()
        for _ in range(20):
            await asyncio.sleep(0)


@given(st.lists(ACTIONS, max_size=60), st.integers(1, 3))
def test_each_browser_always_has_a_board_that_was_and_the_newest_in_the_end(actions: list[tuple[str, Any]], at_once: int) -> None:
    async def play() -> None:
        made = Play()
        for action, argument in [("tick", {}), ("join", None), *actions]:
            await made.act(action, argument)
        await made.rest()
        for browser in made.browsers + made.gone:
            assert all(rows == made.boards[rev] for rev, rows in browser.seen)
        assert all(browser.rev == made.feed._journal.rev for browser in made.browsers)
        assert not made.feed.fanout._due and not any(browser.client.cut for browser in made.browsers + made.gone)

    with mock.patch.object(fanout_module, "SLICE", at_once):
        asyncio.run(play())
