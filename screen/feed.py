"""One watched room: read once a tick whoever watches, and encoded once for all who have the same revision."""

import asyncio
import logging
import math
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from time import monotonic
from typing import Any

import msgspec
from websockets.frames import Frame, Opcode

from screen.close import FEED_BROKE, Close
from screen.fanout import Fanout
from screen.mailbox import Mailbox
from screen.measures import Measures
from screen.pace import Pace
from screen.rooms import Room
from streams.frames import Journal, Tables
from streams.store.port import StoreAway

log = logging.getLogger(__name__)

#: A frame at least every second: after this long the next tick sends one even when nothing changed.
HEARTBEAT_SECONDS = 0.6
#: Boards move with the clock too (windows, people online), so they are built again after this without any event.
REBUILD_SECONDS = 1.0
#: How many feeds of a server read at once, and how long one waits for its turn.
AT_ONCE, TURN_SECONDS = 4, 0.5


def payload(frame: bytes) -> bytes:
    """What is in a websocket frame of ours: one of text, whole, without a mask."""
    short = frame[1]
    return frame[10 if short == 127 else 4 if short == 126 else 2 :]


class Feed:
    """Reads a room every `tick_ms` and tells its watchers. Its epoch and revisions are its own.

    clock      Unix ms, for the board
    passing    seconds that only ever rise, for the pace: the clock may be set while a feed runs
    turns      so many feeds read at once; calls that others make would wait for all that do
    mailboxes  of all watchers, for the end
    pulling    of those who ask for each frame themselves; to the others `fanout` writes
    """

    def __init__(
        self, room: Room, clock: Callable[[], int], tick_ms: int, measures: Measures, passing: Callable[[], float] = monotonic,
        turns: asyncio.Semaphore | None = None,
    ) -> None:  # fmt: skip
        self.room = room
        self.epoch = secrets.token_hex(8)
        self.mailboxes: set[Mailbox[int]] = set()
        self.pulling: set[Mailbox[int]] = set()
        self.fanout = Fanout(self, measures)
        self._clock, self._passing, self._measures = clock, passing, measures
        self._turns = asyncio.Semaphore() if turns is None else turns
        self._tick_seconds = tick_ms / 1000
        self._journal = Journal()
        self._tables: Tables = {"room": {}}
        self._link: dict[str, Any] = {"store": "ok", "since": clock()}
        self._begun = self._built = self._told = -math.inf
        self._at_ms = 0
        self._stopped = False
        self._frames: dict[int | None, tuple[str, bytes]] = {}  # base revision → kind, websocket frame

    async def run(self) -> None:
        """Ticks until stopped. A bug ends it: it is logged, and every watcher is told to come back."""
        try:
            pace = Pace(self._tick_seconds, int(self.epoch, 16) / 2**64)
            while not self._stopped:
                await asyncio.sleep(pace.wait(self._passing()))
                async with self._turn():
                    with self._measures.ticks.time():
                        await self.tick()
        except Exception:
            log.exception("the reader of room %s broke", self.room.name)
            self.end_all(FEED_BROKE)

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[None]:
        """Waits for its turn, but not long: feeds that wait for a store that does not answer hold the turns of all others."""
        mine = False
        with suppress(TimeoutError):
            async with asyncio.timeout(TURN_SECONDS):
                mine = await self._turns.acquire()
        try:
            yield
        finally:
            if mine:
                self._turns.release()

    def stop(self, task: asyncio.Task[None]) -> None:
        """Ends `run`, which is that task. Cancelling is not enough: Python 3.11's `wait_for`, in the Redis client, may swallow it."""
        self._stopped = True
        task.cancel()

    def end_all(self, close: Close) -> None:
        """Closes all watchers."""
        for mailbox in self.mailboxes:
            mailbox.end(close)

    def pull(self, mailbox: Mailbox[int]) -> None:
        """The mailbox is told of the newest board, and of every one from then on, until it is taken out of `pulling`."""
        self.pulling.add(mailbox)
        if self._at_ms:
            mailbox.put(self._at_ms)

    async def tick(self) -> None:
        """Reads the room, stamps what changed, and tells the watchers if there is anything to send."""
        self._begun = self._passing()
        now_ms = self._clock()
        await self._read(now_ms)
        room = {**self._tables["room"], "link": self._link}
        changed = self._journal.update({**self._tables, "room": room})
        self._at_ms = now_ms
        self._frames.clear()
        if changed or self._begun - self._told >= HEARTBEAT_SECONDS:
            self._told = self._begun
            self.fanout.publish()
            for mailbox in self.pulling:
                mailbox.put(now_ms)

    async def _read(self, now_ms: int) -> None:
        """While the store is away the last board stays, and the row room/link says since when."""
        try:
            fresh = await self.room.refresh(now_ms)
        except StoreAway as error:
            self._measures.store_away.inc()
            self._note_link("away", now_ms, error)
            return
        self._note_link("ok", now_ms)
        if fresh or self._begun - self._built >= REBUILD_SECONDS:
            self._tables = self.room.tables(now_ms)
            self._built = self._begun

    def _note_link(self, state: str, now_ms: int, error: StoreAway | None = None) -> None:
        if state == self._link["store"]:
            return
        self._link = {"store": state, "since": now_ms}
        if error is not None:
            log.warning("room %s: the store is away: %s", self.room.name, error)

    @property
    def ready(self) -> int:
        """The time of the newest tick, Unix ms; 0 before the first."""
        return self._at_ms

    def frame(self, epoch: str, rev: int | None) -> tuple[int, str, bytes]:
        """What brings a watcher from `rev` of `epoch` to now: the revision it has then, the kind of frame, and it as a websocket frame."""
        base = rev if epoch == self.epoch else None
        found = self._frames.get(base)
        if found is None:
            found = self._frames[base] = self._encode(base)
        return self._journal.rev, *found

    def _encode(self, base: int | None) -> tuple[str, bytes]:
        delta = None if base is None else self._journal.since(base)
        if delta is None and base is not None:  # nothing is known of that revision
            return self.frame("", None)[1:]
        self._measures.encodes.inc()
        frame = {
            "epoch": self.epoch,
            "rev": self._journal.rev,
            "full": delta is None,
            "at": self._at_ms,
            "d": self._journal.full() if delta is None else delta,
        }
        kind = "full" if delta is None else "delta" if delta else "heartbeat"
        return kind, Frame(Opcode.TEXT, msgspec.json.encode(frame)).serialize(mask=False)
