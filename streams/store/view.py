"""A room, read and kept current: each refresh reads only what changed since the last one, and its counters all as of one moment.

Only estimated people, words and where buyers are watching are read after that: they may be a little newer.
"""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from streams import feed, keys, places, polls, windows
from streams.asked import EVERYTHING, Asked
from streams.material import Material
from streams.store import reading
from streams.store.people import People
from streams.store.port import Store
from streams.violations import flooding

#: The lists read, and how many of their newest items.
_LISTS = {keys.COMMENTS: 100, keys.FEED_OF_VIEWS: feed.NEWEST, keys.FEED_OF_ORDERS: feed.NEWEST, keys.VIOLATIONS: 50}
_FEEDS = {keys.FEED_OF_VIEWS, keys.FEED_OF_ORDERS}
_TOP_WORDS = 60
Row = dict[str, Any]
#: So many places of users in one call.
_AT_ONCE = 1_000


class RoomView:
    """One room's material, as far as it is `asked` for. `refresh` raises `StoreAway`; what was read before stays as it was then."""

    def __init__(self, store: Store, room: str, asked: Asked = EVERYTHING) -> None:
        self._store = store
        self._asked = asked
        self._people = People(store, asked)
        self.material = Material(room)
        self._polled: range | None = None  # the steps that the polls were read of
        self._end: int | None = None  # the bucket that the windows end with
        self._decoded: dict[str, dict[str, Row]] = {}  # list → text → row

    async def refresh(self, now_ms: int) -> bool:
        """Reads what changed. False: nothing did, and both windows still end with the same bucket."""
        first = windows.previous_5m(now_ms).start
        wanted = reading.wanted(self._asked, first, _LISTS)
        found = await self._store.snapshot(self.material.room, self.material.rev, wanted)
        if found.rev < self.material.rev:
            return await self._begin_anew(now_ms)
        end = windows.bucket_of(now_ms)
        if found.rev == self.material.rev and end == self._end:
            return False
        changed = {key for key in found.touched if wanted.reads(key)}
        for key in sorted(found.hashes):
            reading.take(self.material, key, found.hashes[key])
        self._take_lists(found.lists)
        await self._read_words(changed, end)
        await self._read_polls(changed, now_ms)
        await self._read_floods(changed, now_ms)
        await self._people.read(self.material, changed, now_ms, moved=end != self._end)
        await self._read_places(now_ms, moved=end != self._end)
        self.material.buckets = {number: bucket for number, bucket in self.material.buckets.items() if number >= first}
        self.material.rev, self._end = found.rev, end
        return True

    async def _begin_anew(self, now_ms: int) -> bool:
        """The store lost its last writes: what is written now comes under revisions that were read before, and would be passed over."""
        fresh = RoomView(self._store, self.material.room, self._asked)
        await fresh.refresh(now_ms)
        self.material, self._people = fresh.material, fresh._people
        self._polled, self._end = fresh._polled, fresh._end
        return True

    def _take_lists(self, heads: Mapping[str, list[str]]) -> None:
        if keys.COMMENTS in heads:
            self.material.comments = self._rows(keys.COMMENTS, heads)
        if _FEEDS & heads.keys():
            self.material.feeds |= {key: self._rows(key, heads) for key in _FEEDS & heads.keys()}
            self.material.feed = feed.shown(row for rows in self.material.feeds.values() for row in rows)
        if keys.VIOLATIONS in heads:
            self.material.violations = self._rows(keys.VIOLATIONS, heads)

    def _rows(self, key: str, heads: Mapping[str, list[str]]) -> list[Row]:
        """The rows of a list; most were there the last time, and are not decoded again."""
        before = self._decoded.get(key, {})
        now = self._decoded[key] = {text: before.get(text) or reading.row(text) for text in heads[key]}
        return [now[text] for text in heads[key]]

    async def _read_words(self, changed: set[str], end: int) -> None:
        """Reads the hot words of the whole broadcast, and of the last 5 minutes: the running one and the 4 before."""
        newest = windows.minute_of(end)
        moved = self._end is not None and newest != windows.minute_of(self._end)
        if keys.WORDS not in changed and not (moved and self.material.words):
            return
        minutes = [keys.words(minute) for minute in range(newest - 4, newest + 1)]
        tops = await self._store.tops(self.material.room, {keys.WORDS: _TOP_WORDS, **dict.fromkeys(minutes, 3 * _TOP_WORDS)})
        self.material.words = tops[keys.WORDS]
        sums = Counter[str]()
        for minute in minutes:
            sums.update(dict(tops[minute]))
        self.material.words_part = sorted(sums.items(), key=lambda pair: (-pair[1], pair[0]))[:_TOP_WORDS]

    async def _read_polls(self, changed: set[str], now_ms: int) -> None:
        """Reads the answers of the last 2 minutes: where there are new ones, and again when the steps move on."""
        steps = polls.shown_steps(now_ms)
        if keys.ANSWERS not in changed and self._polled in (None, steps):
            return
        tops = await self._store.tops(self.material.room, {keys.answers(step): polls.READ for step in steps})
        said = polls.most_said(tops)
        unions = [[keys.people(keys.answers(step), given) for step in steps] for given, _ in said]
        self.material.polls = polls.rows(said, await self._store.counts(self.material.room, unions) if unions else [])
        self._polled = steps

    async def _read_floods(self, changed: set[str], now_ms: int) -> None:
        """Reads the counts of the newest minutes' comments where they changed."""
        floods = self.material.floods
        newest = windows.minute_of(windows.bucket_of(now_ms))
        shown = range(newest - flooding.MINUTES + 1, newest + 2)  # an event may be a minute early
        for minute in [minute for minute in floods if minute not in shown]:
            del floods[minute]
        for minute in shown:
            if keys.said_in(minute) in changed:
                sets = {keys.said(sort, minute): flooding.READ for sort in flooding.SORTS}
                tops = await self._store.tops(self.material.room, sets)
                floods[minute] = flooding.rows(minute, {sort: tops[keys.said(sort, minute)] for sort in flooding.SORTS})

    async def _read_places(self, now_ms: int, moved: bool) -> None:
        """Looks up where those are who paid in the last 5 minutes: when they do, and again whenever the windows move."""
        material, span = self.material, windows.last_5m(now_ms)
        found = {} if moved else dict(material.places)
        buyers = material.window("last_5m", span).buyers if self._asked.reads(keys.watching(span.start)) else ()
        new = [user for user in buyers if user not in found]
        early = span.stop + windows.BUCKETS_PER_MINUTE
        epochs = range(places.epoch_of(span.start), places.epoch_of(early) + 1)
        for first in range(0, len(new), _AT_ONCE):
            asked = dict.fromkeys(map(keys.presence, epochs), new[first : first + _AT_ONCE])
            read = await self._store.read({material.room: asked}, ())
            found |= dict.fromkeys(new[first : first + _AT_ONCE]) | places.seen(read[material.room].hashes)
        material.places = found
