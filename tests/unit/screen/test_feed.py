"""A feed against a stand-in room: when it tells its watchers, and what a frame holds."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

import pytest
from websockets.client import ClientProtocol
from websockets.frames import Frame, Opcode
from websockets.protocol import State
from websockets.uri import parse_uri

from screen import feed as feeds
from screen.feed import Feed
from screen.mailbox import Mailbox
from screen.measures import Measures
from streams.store.port import StoreAway


class StandIn:
    """A room that is whatever the test says."""

    name = "r1"

    def __init__(self) -> None:
        self.fresh, self.away, self.gmv, self.built = True, False, 1, 0

    async def refresh(self, now_ms: int) -> bool:
        if self.away:
            raise StoreAway("gone")
        return self.fresh

    def tables(self, now_ms: int) -> dict[str, Any]:
        self.built += 1
        return {"room": {"facts": {"title": "t"}}, "figures": {"total": {"gmv": self.gmv, "likes": 0}}}


class Bench:
    def __init__(self) -> None:
        self.room, self.seconds = StandIn(), 100.0
        room: Any = self.room
        self.feed = Feed(room, lambda: 1_000_000 + int(self.seconds * 1000), 250, Measures(), lambda: self.seconds)
        self.mailbox: Mailbox[int] = Mailbox()
        self.feed.pull(self.mailbox)

    async def tick(self, after: float = 0.25) -> int | None:
        """One tick later; what it put into the mailbox."""
        self.seconds += after
        await self.feed.tick()
        put, self.mailbox._slot = self.mailbox._slot, None
        return put

    def frame(self, rev: int | None, epoch: str = "") -> tuple[str, dict[str, Any]]:
        _, kind, frame = self.feed.frame(epoch or self.feed.epoch, rev)
        browser = ClientProtocol(parse_uri("ws://screen/"), state=State.OPEN)
        browser.receive_data(frame)
        (received,) = browser.events_received()
        assert isinstance(received, Frame) and received.opcode is Opcode.TEXT and received.fin
        return kind, json.loads(received.data)


@pytest.fixture
async def bench() -> Bench:
    made = Bench()
    assert await made.tick()
    return made


async def test_watchers_hear_of_changes_at_once_and_of_silence_within_a_second(bench: Bench) -> None:
    bench.room.fresh = False
    assert [await bench.tick() is not None for _ in range(6)] == [False, False, True, False, False, True]
    bench.room.fresh, bench.room.gmv = True, 2
    assert await bench.tick() is not None


async def test_a_board_moves_with_the_clock_too_but_is_not_built_for_nothing(bench: Bench) -> None:
    bench.room.fresh = False
    for _ in range(8):
        await bench.tick()
    assert bench.room.built == 1 + 2


async def test_frames_carry_what_changed_since_the_watchers_revision(bench: Bench) -> None:
    kind, frame = bench.frame(None)
    assert (kind, frame["full"], frame["rev"]) == ("full", True, 1)
    assert frame["d"]["figures"] == {"total": {"gmv": 1, "likes": 0}}
    bench.room.gmv = 5
    await bench.tick()
    assert bench.frame(1) == (
        "delta",
        {"epoch": bench.feed.epoch, "rev": 2, "full": False, "at": frame["at"] + 250, "d": {"figures": {"total": {"gmv": 5}}}},
    )
    assert bench.frame(2)[0] == "heartbeat"
    assert bench.frame(2)[1]["d"] == {}


@pytest.mark.parametrize(("epoch", "rev"), [("other", 1), ("", 2), ("", 99)])
async def test_what_is_not_known_is_answered_with_everything(bench: Bench, epoch: str, rev: int) -> None:
    assert bench.frame(rev, epoch)[0] == "full"


async def test_one_encode_for_all_who_need_the_same(bench: Bench) -> None:
    bench.room.gmv = 5
    await bench.tick()
    encodes = bench.feed._measures.encodes._value
    before = encodes.get()
    for _ in range(100):
        for rev in (1, 2, None, 50, 60):
            bench.frame(rev)
    assert encodes.get() - before == 3


async def test_while_the_store_is_away_the_last_board_stays(bench: Bench) -> None:
    bench.room.away = True
    assert await bench.tick() is not None
    since = bench.frame(1)[1]["d"]
    assert since == {"room": {"link": {"store": "away", "since": bench.feed.ready}}}
    await bench.tick()
    assert bench.frame(2)[0] == "heartbeat"
    assert bench.frame(None)[1]["d"]["figures"]["total"]["gmv"] == 1
    bench.room.away, bench.room.gmv = False, 9
    await bench.tick()
    assert bench.frame(2)[1]["d"]["room"]["link"]["store"] == "ok"
    assert bench.frame(2)[1]["d"]["figures"]["total"]["gmv"] == 9


async def test_a_clock_that_is_set_back_does_not_stop_the_pace() -> None:
    made = Bench()
    made.feed._clock = lambda: 5
    assert await made.tick()
    made.room.fresh = False
    assert [await made.tick() is not None for _ in range(3)] == [False, False, True]


class Crowd:
    """Rooms that take a moment to read, or never answer; how many are read at once."""

    name = "crowd"

    def __init__(self, answers: bool = True) -> None:
        self.answers, self.at_once, self.most, self.reads = answers, 0, 0, 0

    async def refresh(self, now_ms: int) -> bool:
        self.at_once += 1
        self.most = max(self.most, self.at_once)
        try:
            await asyncio.sleep(0.005 if self.answers else 3_600)
        finally:
            self.at_once -= 1
        self.reads += 1
        return True

    def tables(self, now_ms: int) -> dict[str, Any]:
        return {"room": {}}


async def run_feeds(rooms: list[Crowd], enough: Callable[[], bool]) -> None:
    """Feeds of these rooms that share their turns, until there is enough."""
    turns = asyncio.Semaphore(2)
    made: list[Feed] = []
    for room in rooms:
        one: Any = room
        made.append(Feed(one, lambda: 1_000_000, 50, Measures(), turns=turns))
    tasks = [asyncio.create_task(feed.run()) for feed in made]
    try:
        async with asyncio.timeout(60):
            while not enough():  # noqa: ASYNC110 - the rooms count
                await asyncio.sleep(0.01)
    finally:
        for feed, task in zip(made, tasks, strict=True):
            feed.stop(task)
        await asyncio.gather(*tasks, return_exceptions=True)


async def test_few_feeds_read_at_once_and_all_have_their_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feeds, "TURN_SECONDS", 60)  # however busy the machine is
    busy, late = Crowd(), Crowd()
    await run_feeds([*[busy] * 10, late], lambda: late.reads >= 5)
    assert busy.most <= 2


async def test_feeds_whose_rooms_do_not_answer_keep_no_other_from_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feeds, "TURN_SECONDS", 0.02)
    stuck, well = Crowd(answers=False), Crowd()
    await run_feeds([stuck, stuck, well], lambda: well.reads >= 5)
    assert stuck.reads == 0 and stuck.most == 2
