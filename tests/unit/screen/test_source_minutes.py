"""Minutes of sources: read once for all who ask within a moment, and never more than is kept."""

from collections.abc import Sequence

from screen.source_minutes import SourceMinutes
from streams import keys
from streams.store.memory import MemoryStore

NOW_MS = 30_000_000 * 60_000
MINUTE = 30_000_000


class Figures(MemoryStore):
    """Hands out what stands in `figures`, and counts what was asked for."""

    def __init__(self) -> None:
        super().__init__(lambda: NOW_MS)
        self.figures: dict[str, dict[str, str]] = {}
        self.asked: list[str] = []

    async def hashes(self, room: str, names: Sequence[str]) -> list[dict[str, str]]:
        self.asked += names
        return [self.figures.get(name, {}) for name in names]

    def put(self, source: str, minute: int, **figures: int) -> None:
        self.figures[keys.minute(minute, keys.source(source))] = {name: str(value) for name, value in figures.items()}


async def test_rows_name_their_source_and_leave_out_minutes_without_events() -> None:
    store = Figures()
    store.put("search", MINUTE - 2, entries=4, orders_paid=1, gmv=900)
    store.put("ads_feed", MINUTE - 1, cost=50, gmv=100)
    rows = await SourceMinutes(store, "r").read(["ads_feed", "search"], NOW_MS - 180_000, NOW_MS, NOW_MS)
    assert [(row["source"], row["at"], row["gmv"]) for row in rows] == [
        ("ads_feed", NOW_MS - 60_000, 100),
        ("search", NOW_MS - 120_000, 900),
    ]
    assert (rows[0]["roi"], rows[0]["conversion"], rows[1]["conversion"], rows[1]["roi"]) == (2.0, None, 0.25, None)
    assert len(store.asked) == 6


async def test_the_next_who_ask_are_served_from_what_was_read_and_late_events_are_still_seen() -> None:
    store = Figures()
    of = SourceMinutes(store, "r")
    hour = NOW_MS - 3_600_000, NOW_MS
    await of.read(["search"], *hour, NOW_MS)
    assert len(store.asked) == 60
    await of.read(["search"], *hour, NOW_MS + 1_000)
    assert len(store.asked) == 60, "a second later nothing is read again"
    store.put("search", MINUTE - 1, entries=1)
    store.put("search", MINUTE - 60, entries=1)
    rows = await of.read(["search"], *hour, NOW_MS + 3_000)
    assert [row["at"] for row in rows] == [NOW_MS - 60_000], "the newest minutes were read again"
    assert len(store.asked) < 75
    rows = await of.read(["search"], *hour, NOW_MS + 61_000)
    assert [row["at"] for row in rows] == [NOW_MS - 3_600_000, NOW_MS - 60_000]


async def test_no_minute_is_read_that_has_not_begun() -> None:
    store = Figures()
    await SourceMinutes(store, "r").read(["search"], NOW_MS, NOW_MS + 86_400_000, NOW_MS)
    assert len(store.asked) == 1
