"""All watchers of this process, and the feeds they share."""

import asyncio
import logging
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from screen.close import STOPPING, TOKEN_ENDED
from screen.feed import AT_ONCE, Feed
from screen.mailbox import Mailbox
from screen.measures import Measures
from screen.problems import Problem
from screen.rooms import Room
from screen.tokens import Token, Tokens
from streams.store.port import StoreAway

log = logging.getLogger(__name__)

#: A feed outlives its last watcher by this, so that a page that reloads gets a delta.
LINGER_SECONDS = 10.0
#: How often the tokens of live websockets are looked up again: a revoked one ends after at most this.
CHECK_SECONDS = 15.0
#: How long the watchers have to close when the server stops.
STOP_SECONDS = 0.7
FULL_RETRY_SECONDS = 10


@dataclass(eq=False, slots=True)
class Watcher:
    """One open websocket, or stream of events."""

    feed: Feed
    token: Token
    mailbox: Mailbox[int] = field(default_factory=Mailbox)


class Hub:
    """Seats watchers, at most `max_watchers`, and `token_watchers` of one access token.

    A room's feed starts with its first watcher and stops shortly after its last.
    """

    def __init__(
        self, tokens: Tokens, clock: Callable[[], int], measures: Measures, *, tick_ms: int, max_watchers: int, token_watchers: int,
        check_seconds: float = CHECK_SECONDS, linger_seconds: float = LINGER_SECONDS,
    ) -> None:  # fmt: skip
        self.watchers: set[Watcher] = set()
        self._tokens, self._clock, self._measures = tokens, clock, measures
        self._tick_ms, self._max_watchers, self._token_watchers = tick_ms, max_watchers, token_watchers
        self._seats: Counter[str] = Counter()  # by the access token
        self._check_seconds, self._linger_seconds = check_seconds, linger_seconds
        self._feeds: dict[str, Feed] = {}
        self._tasks: dict[Feed, asyncio.Task[None]] = {}
        self._lingering: dict[Feed, asyncio.TimerHandle] = {}
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._stopping = False
        self._empty = asyncio.Event()

    def join(self, room: Room, token: Token) -> Watcher:
        """A seat at the room's feed; `Problem` 503 when all are taken or the server stops, 429 when the token has all of its own."""
        if self._stopping or len(self.watchers) >= self._max_watchers:
            retry = {"retry-after": str(FULL_RETRY_SECONDS)}
            raise Problem(503, "full", "This server has no seat left; please come back in a few seconds.", retry)
        if self._seats[token.owner] >= self._token_watchers:
            detail = f"This access token has {self._token_watchers} screens open already: close some, or use another token."
            raise Problem(429, "token-full", detail, {"retry-after": str(FULL_RETRY_SECONDS)})
        self._seats[token.owner] += 1
        watcher = Watcher(self._feed(room), token)
        if (timer := self._lingering.pop(watcher.feed, None)) is not None:
            timer.cancel()
        watcher.feed.mailboxes.add(watcher.mailbox)
        self.watchers.add(watcher)
        self._empty.clear()
        self._count()
        return watcher

    def leave(self, watcher: Watcher) -> None:
        """Gives the seat back."""
        self.watchers.discard(watcher)
        self._seats[watcher.token.owner] -= 1
        if not self._seats[watcher.token.owner]:
            del self._seats[watcher.token.owner]
        watcher.feed.mailboxes.discard(watcher.mailbox)
        watcher.feed.pulling.discard(watcher.mailbox)
        if not watcher.feed.mailboxes:
            self._lingering[watcher.feed] = asyncio.get_running_loop().call_later(self._linger_seconds, self._drop, watcher.feed)
        if not self.watchers:
            self._empty.set()
        self._count()

    def _feed(self, room: Room) -> Feed:
        feed = self._feeds.get(room.name)
        if feed is None or self._tasks[feed].done():
            feed = self._feeds[room.name] = Feed(room, self._clock, self._tick_ms, self._measures, turns=self._turns)
            self._tasks[feed] = asyncio.create_task(feed.run(), name=f"feed of {room.name}")
        return feed

    def _drop(self, feed: Feed) -> None:
        """Stops a feed that nobody has come back to."""
        del self._lingering[feed]
        if feed not in self._tasks:
            return
        feed.stop(self._tasks.pop(feed))
        if self._feeds.get(feed.room.name) is feed:
            del self._feeds[feed.room.name]
        self._count()

    def _count(self) -> None:
        self._measures.watchers.set(len(self.watchers))
        self._measures.watched_rooms.set(len(self._feeds))

    async def check_tokens(self) -> None:
        """Looks the watchers' tokens up again and again, and ends those whose token is gone."""
        while True:
            await asyncio.sleep(self._check_seconds)
            try:
                held = await self._tokens.check({watcher.token.id for watcher in self.watchers})
            except StoreAway as error:
                log.warning("tokens cannot be checked: %s", error)
                continue
            for watcher in self.watchers:
                if held.get(watcher.token.id, watcher.token) is None:
                    watcher.mailbox.end(TOKEN_ENDED)

    async def stop(self) -> None:
        """Tells every watcher that the server stops, and gives them a moment to go."""
        self._stopping = True
        for watcher in self.watchers:
            watcher.mailbox.end(STOPPING)
        if self.watchers:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._empty.wait(), STOP_SECONDS)
        for feed, task in self._tasks.items():
            feed.stop(task)
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)
        self._feeds.clear()
        self._tasks.clear()
