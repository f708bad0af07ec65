"""Rooms kept for a while, and the list of all."""

import json

from screen.rooms import IN_USE_MS, Room, Rooms
from screen.wall import RESTING_FRESH_MS, SETTLED_MS, Wall
from streams import board, events, fold
from streams.board_rules import BoardRules
from streams.change import Position
from streams.store.memory import MemoryStore
from streams.store.port import State
from streams.topics import ORDERS, SCENES, Partition


class Clock:
    def __init__(self) -> None:
        self.now_ms = 1_700_000_000_000

    def __call__(self) -> int:
        return self.now_ms


class CountingStore(MemoryStore):
    """Counts the reads of each room."""

    def __init__(self, clock: Clock) -> None:
        super().__init__(clock)
        self.clock = clock
        self.reads: dict[str, int] = {}

    async def touched(self, room: str, since: int) -> tuple[int, list[str]]:
        self.reads[room] = self.reads.get(room, 0) + 1
        return await super().touched(room, since)

    async def scene(self, room: str, kind: str, offset: int = 0) -> None:
        raw = b'{"id": "i%d", "room": "%s", "at": %d, "kind": "%s", "title": "T"}' % (offset, room.encode(), self.clock(), kind.encode())
        event = events.decode(SCENES, raw, self.clock())
        assert not isinstance(event, events.Rejected)
        change = fold.fold(SCENES, room, [(offset, event)], State(), Position("log", Partition(SCENES, 0), offset, offset), self.clock())
        change.guards, change.bumps = {}, set()
        await self.apply([change])

    async def created(self, room: str, order: str, offset: int) -> None:
        common = {"id": order, "room": room, "at": self.clock(), "kind": "created", "user": "u"}
        raw = json.dumps(common | {"order": order, "product": "p", "quantity": 1, "amount": 5}).encode()
        event = events.decode(ORDERS, raw, self.clock())
        assert not isinstance(event, events.Rejected)
        place = Position("log", Partition(ORDERS, 0), offset, offset, offset - 1)
        change = fold.fold(ORDERS, room, [(offset, event)], State(), place, self.clock())
        change.guards, change.bumps = {}, set()
        await self.apply([change])


async def test_unknown_rooms_and_names_that_cannot_be_one() -> None:
    clock = Clock()
    store = CountingStore(clock)
    rooms = Rooms(store, BoardRules(), clock, fresh_ms=250)
    assert await rooms.find("nowhere") is None
    assert not await rooms.exists("nowhere")
    rooms.announce("nowhere")
    assert await rooms.exists("nowhere")
    asked = dict(store.reads)
    for name in ("", "a b", "a/b", "{x}", "房", "x" * 65):
        assert await rooms.find(name) is None
    assert store.reads == asked


async def test_a_room_is_kept_while_it_is_used_and_let_go_later() -> None:
    clock = Clock()
    store = CountingStore(clock)
    for name in ("a", "b", "c"):
        await store.scene(name, "opened")
    rooms = Rooms(store, BoardRules(), clock, fresh_ms=250, keep=2, keep_ms=1_000)
    held = await rooms.find("a")
    await rooms.find("b")
    await rooms.find("c")
    assert list(rooms._kept) == ["b", "c"]
    assert await rooms.find("a") is held  # still in someone's hands
    clock.now_ms += 1_001
    await rooms.find("b")
    assert list(rooms._kept) == ["b"]


async def opened(clock: Clock) -> tuple[CountingStore, Room]:
    """A room, and the store that it is read from."""
    store = CountingStore(clock)
    await store.scene("a", "opened")
    room = await Rooms(store, BoardRules(), clock, fresh_ms=250).find("a")
    assert room is not None
    return store, room


async def test_boards_asked_for_at_the_same_time_are_read_once() -> None:
    clock = Clock()
    store, room = await opened(clock)
    first = await room.board(clock())
    read = store.reads["a"]
    assert await room.board(clock() + 249) is first
    assert store.reads["a"] == read
    assert await room.board(clock() + 250) is not first
    assert store.reads["a"] == read + 1


async def test_what_another_call_has_read_is_new_to_the_frames_too() -> None:
    clock = Clock()
    store, room = await opened(clock)
    assert await room.refresh(clock())
    room.tables(clock())
    assert not await room.refresh(clock())
    await store.scene("a", "closed", offset=1)
    await room.board(clock())
    assert await room.refresh(clock())
    assert room.tables(clock())["room"]["facts"]["status"] == "ended"
    assert not await room.refresh(clock())


async def test_the_list_reads_live_rooms_each_second_and_others_seldom() -> None:
    clock = Clock()
    store = CountingStore(clock)
    await store.scene("live", "opened")
    await store.scene("ended", "opened")
    await store.scene("ended", "closed", offset=1)
    wall = Wall(store, Rooms(store, BoardRules(), clock, fresh_ms=250), clock)
    assert [(row["room"], row["status"]) for row in await wall.read()] == [("ended", "ended"), ("live", "live")]
    read = dict(store.reads)
    clock.now_ms += 999
    await wall.read()
    assert store.reads == read
    clock.now_ms += 1
    await wall.read()
    assert store.reads["live"] > read["live"]
    assert store.reads["ended"] == read["ended"]
    clock.now_ms += 10_000
    await wall.read()
    assert store.reads["ended"] > read["ended"]


async def test_the_list_reads_a_room_that_is_long_over_only_when_something_was_written() -> None:
    clock = Clock()
    store = CountingStore(clock)
    for number in range(5):
        await store.scene(f"old{number}", "opened")
        await store.scene(f"old{number}", "closed", offset=1)
    wall = Wall(store, Rooms(store, BoardRules(), clock, fresh_ms=250, keep=2), clock)
    clock.now_ms += SETTLED_MS
    first = await wall.read()
    read = dict(store.reads)
    clock.now_ms += RESTING_FRESH_MS
    assert await wall.read() == [{**row, "at": clock.now_ms} for row in first]
    assert store.reads == read
    await store.scene("old3", "opened", offset=2)
    clock.now_ms += RESTING_FRESH_MS
    assert len(await wall.read()) == 5
    assert {name for name in read if store.reads[name] > read[name]} == {"old3"}


async def test_the_list_says_that_a_room_fell_silent_though_nothing_was_written() -> None:
    clock = Clock()
    store = CountingStore(clock)
    await store.scene("live", "opened")
    wall = Wall(store, Rooms(store, BoardRules(silent_hours=2), clock, fresh_ms=250), clock)
    seen = []
    for minutes in (0, 25, 10, 120):
        clock.now_ms += minutes * 60_000
        seen.append([row["status"] for row in await wall.read()])
    assert seen == [["live"], ["live"], ["silent"], ["closed"]]


async def test_the_list_counts_orders_that_lapse_in_a_room_that_is_over_without_reading_it() -> None:
    clock = Clock()
    store = CountingStore(clock)
    rules = BoardRules(unpaid_minutes=30)
    await store.scene("over", "opened")
    for number in range(3):
        await store.created("over", f"o{number}", number)
        clock.now_ms += 60_000
    await store.scene("over", "closed", offset=1)
    rooms = Rooms(store, rules, clock, fresh_ms=250)
    wall = Wall(store, rooms, clock)
    clock.now_ms += SETTLED_MS
    assert [row["total"]["orders_unpaid"] for row in await wall.read()] == [3]
    read, seen = dict(store.reads), []
    clock.now_ms += 16 * 60_000  # 29 minutes after the first order
    for _ in range(5):
        (row,) = await wall.read()
        seen.append(row["total"]["orders_unpaid"])
        clock.now_ms += 60_000
    assert seen == [3, 2, 1, 0, 0]
    assert store.reads == read
    async with Room(store, "over", rules, 250).still(row["at"]) as material:
        assert row == board.headline(material, row["at"], rules)


async def test_the_list_takes_what_was_read_for_those_who_watch_and_reads_others_itself() -> None:
    clock = Clock()
    store = CountingStore(clock)
    for name in ("watched", "other"):
        await store.scene(name, "opened")
    rooms = Rooms(store, BoardRules(), clock, fresh_ms=250)
    wall = Wall(store, rooms, clock)
    watched = await rooms.find("watched")
    assert watched is not None
    for seconds in range(20):
        await watched.refresh(clock())
        await store.scene("watched", "opened", offset=1 + seconds)
        read = dict(store.reads)
        assert len(await wall.read()) == 2
        assert store.reads["watched"] == read["watched"]
        assert store.reads["other"] > read.get("other", 0)
        clock.now_ms += 1_000
    assert [name for name, room in rooms._all.items() if room.known] == ["watched"]

    clock.now_ms += IN_USE_MS  # nobody watches it any more
    del watched
    read = dict(store.reads)
    (_, row) = await wall.read()
    assert (row["room"], row["at"]) == ("watched", clock.now_ms) and store.reads["watched"] > read["watched"]
    clock.now_ms += SETTLED_MS
    for _ in range(3):
        await wall.read()
        clock.now_ms += RESTING_FRESH_MS
    assert wall._views == {}
