"""Minutes of sources, which no board shows and no view keeps: read when asked for, and kept for a moment for the next who ask."""

from typing import Any

from streams import keys, windows
from streams.metrics import SOURCE, result
from streams.store.port import Store

Row = dict[str, Any]
#: a source, and the number of a minute
_Place = tuple[str, int]
#: So many sources in one call.
MOST_SOURCES = 16
_AT_ONCE = 1_000
#: Late events come to the newest minutes most; what was read of them serves for so long, and what was read of older ones for longer.
_FRESH_MS = 2_000
_SETTLED_MS = 60_000
_MOVING_MINUTES = 10
#: Beyond this many minutes all are forgotten: four weeks of one source.
_MOST_KEPT = 40_000


class SourceMinutes:
    """What was lately read of one room's sources. A thousand browsers that show the same trend cost one reading of it."""

    def __init__(self, store: Store, room: str) -> None:
        self._store, self._room = store, room
        self._kept: dict[_Place, tuple[int, Row | None]] = {}  # when it was read, and its row

    async def read(self, sources: list[str], start_ms: int, end_ms: int, now_ms: int) -> list[Row]:
        """The minutes that begin in [start_ms, end_ms) in which something happened to a source: `source`, `at` (ms) and its metrics.

        In the order of the sources, then of time.
        """
        end_ms = min(end_ms, now_ms + windows.MINUTE_MS)
        minutes = range(-(-start_ms // windows.MINUTE_MS), -(-end_ms // windows.MINUTE_MS))
        places = [(source, minute) for source in sources for minute in minutes]
        found = {place: self._kept[place][1] for place in places if self._serves(place, now_ms)}
        stale = [place for place in places if place not in found]
        for first in range(0, len(stale), _AT_ONCE):
            found |= await self._fetch(stale[first : first + _AT_ONCE])
        if len(self._kept) > _MOST_KEPT:
            self._kept.clear()
        self._kept.update((place, (now_ms, found[place])) for place in stale)
        return [row for place in places if (row := found[place]) is not None]

    def _serves(self, place: _Place, now_ms: int) -> bool:
        if place not in self._kept:
            return False
        moving = place[1] > now_ms // windows.MINUTE_MS - _MOVING_MINUTES
        return 0 <= now_ms - self._kept[place][0] < (_FRESH_MS if moving else _SETTLED_MS)

    async def _fetch(self, places: list[_Place]) -> dict[_Place, Row | None]:
        hashes = await self._store.hashes(self._room, [keys.minute(minute, keys.source(source)) for source, minute in places])
        return {place: _row(*place, fields) if fields else None for place, fields in zip(places, hashes, strict=True)}


def _row(source: str, minute: int, fields: dict[str, str]) -> Row:
    figures = result(SOURCE, {metric: int(text) for metric, text in fields.items()})
    return {"source": source, "at": minute * windows.MINUTE_MS, **figures}
