"""Frames to stand-in sockets: who gets which, when, and what is kept for those who do not read."""

import asyncio
import logging
import tracemalloc
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from screen import fanout as fanout_module
from screen.close import FEED_BROKE, NOT_READING, TOKEN_ENDED, Close
from screen.fanout import SLICE, Client, Fanout
from screen.measures import Measures

NEVER = 1 << 60


class Frames:
    """A feed whose frames say from which revision to which they bring one."""

    epoch = "e1"

    def __init__(self) -> None:
        self.rev, self.ready, self.size, self.broken = 0, 0, 0, False

    def frame(self, epoch: str, rev: int | None) -> tuple[int, str, bytes]:
        if self.broken:
            raise RuntimeError("a bug")
        base = rev if epoch == self.epoch else None
        return self.rev, "full" if base is None else "delta", f"{base}-{self.rev}".encode().ljust(self.size)


class Browser:
    """A websocket that takes frames while it reads, and what it was told at its end."""

    def __init__(self, fanout: Fanout, epoch: str = "", rev: int | None = None, expires: int = NEVER) -> None:
        self.reads, self.asked = True, 0
        self.frames: list[bytes] = []
        self.ended: list[Close | None] = []
        self.drained: Callable[[], None] | None = None
        self.client = Client(self, self.ended.append, expires, epoch, rev)
        fanout.add(self.client)

    def write_frame(self, frame: bytes) -> bool:
        self.asked += 1
        if self.reads:
            self.frames.append(frame.rstrip())
        return self.reads

    def read(self) -> None:
        self.reads = True
        assert self.drained is not None
        self.drained()


class Bench:
    def __init__(self) -> None:
        self.frames, self.measures = Frames(), Measures()
        self.fanout = Fanout(self.frames, self.measures)

    def tick(self) -> None:
        self.frames.rev += 1
        self.frames.ready = 1_000 * self.frames.rev
        self.fanout.publish()

    async def ticks(self, number: int) -> None:
        for _ in range(number):
            self.tick()
            await settled()


async def settled(steps: int = 5) -> None:
    for _ in range(steps):
        await asyncio.sleep(0)


@pytest.fixture
def bench() -> Bench:
    return Bench()


async def test_everybody_is_brought_from_what_he_has_to_the_newest(bench: Bench) -> None:
    early = Browser(bench.fanout)
    await settled()
    assert early.frames == []
    await bench.ticks(2)
    new, back, stranger = Browser(bench.fanout), Browser(bench.fanout, "e1", 1), Browser(bench.fanout, "other", 1)
    await settled()
    await bench.ticks(1)
    assert early.frames == [b"None-1", b"1-2", b"2-3"]
    assert (new.frames, back.frames, stranger.frames) == ([b"None-2", b"2-3"], [b"1-2", b"2-3"], [b"None-2", b"2-3"])


async def test_who_does_not_read_delays_nobody_and_gets_one_frame_for_all_he_missed(bench: Bench) -> None:
    quick, slow = Browser(bench.fanout), Browser(bench.fanout)
    await bench.ticks(2)
    slow.reads = False
    await bench.ticks(50)
    assert len(quick.frames) == 52
    assert slow.asked == 3, "it is not asked again before it has drained"
    slow.read()
    await settled()
    assert slow.frames == [b"None-1", b"1-2", b"2-52"]
    await bench.ticks(1)
    assert slow.frames[-1] == quick.frames[-1] == b"52-53"


async def test_whoever_drains_without_having_missed_a_frame_gets_none(bench: Bench) -> None:
    one = Browser(bench.fanout)
    await bench.ticks(1)
    one.read()
    await settled()
    assert one.frames == [b"None-1"]


async def test_who_does_not_read_holds_nothing_of_what_he_misses(bench: Bench) -> None:
    bench.frames.size = 100_000
    slow = [Browser(bench.fanout) for _ in range(10)]
    for browser in slow:
        browser.reads = False
    await bench.ticks(3)
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        await bench.ticks(500)
        after, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert after - before < bench.frames.size


async def test_the_loop_has_its_turn_between_slices(bench: Bench) -> None:
    many = [Browser(bench.fanout) for _ in range(2 * SLICE + 1)]
    bench.tick()
    written = []
    for _ in range(4):
        await asyncio.sleep(0)
        written.append(sum(len(browser.frames) for browser in many))
    assert written == [SLICE, 2 * SLICE, 2 * SLICE + 1, 2 * SLICE + 1]


async def test_frames_that_come_before_the_last_one_reached_everybody_starve_nobody(bench: Bench) -> None:
    many = [Browser(bench.fanout) for _ in range(3 * SLICE)]
    for _ in range(6):
        bench.tick()
        await asyncio.sleep(0)
    assert {len(browser.frames) for browser in many} == {2}
    await settled()
    assert {browser.frames[-1].partition(b"-")[2] for browser in many} == {b"6"}


async def test_who_never_reads_is_ended_and_who_reads_in_time_is_not(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fanout_module, "NOT_READING_SECONDS", 0.2)
    deaf, slow, gone = Browser(bench.fanout), Browser(bench.fanout), Browser(bench.fanout)
    for browser in (deaf, slow, gone):
        browser.reads = False
    await bench.ticks(1)
    slow.read()
    bench.fanout.discard(gone.client)
    await asyncio.sleep(0.4)
    assert (deaf.ended, slow.ended, gone.ended) == ([NOT_READING], [], [])
    assert gone.drained is None


async def test_a_token_that_expires_ends_its_websockets_also_those_that_do_not_read(bench: Bench) -> None:
    kept, one, slow = Browser(bench.fanout), Browser(bench.fanout, expires=3_000), Browser(bench.fanout, expires=3_000)
    slow.reads = False
    await bench.ticks(2)
    assert (one.ended, slow.ended) == ([], [])
    await bench.ticks(1)
    assert (kept.ended, one.ended, slow.ended) == ([], [TOKEN_ENDED], [TOKEN_ENDED])
    assert one.frames == [b"None-1", b"1-2"]


async def test_whoever_is_gone_gets_nothing_though_a_frame_was_due(bench: Bench) -> None:
    one = Browser(bench.fanout)
    bench.tick()
    bench.fanout.discard(one.client)
    await settled()
    assert one.frames == []


async def test_a_bug_is_logged_and_ends_all(bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    many = [Browser(bench.fanout) for _ in range(SLICE + 1)]
    bench.frames.broken = True
    with caplog.at_level(logging.ERROR):
        await bench.ticks(1)
    assert {tuple(browser.ended) for browser in many} == {(FEED_BROKE,)}
    assert "a bug" in caplog.text
    bench.frames.broken = False
    await bench.ticks(1)
    assert many[0].frames == [b"None-2"], "it goes on for who is still there"


async def test_frames_are_counted_where_they_were_written(bench: Bench) -> None:
    browsers = [Browser(bench.fanout) for _ in range(3)]
    browsers[0].reads = False
    await bench.ticks(2)
    frames: Any = SimpleNamespace(**{kind: bench.measures.frames.labels(kind)._value.get() for kind in ("full", "delta")})
    assert (frames.full, frames.delta) == (2, 2)
    assert bench.measures.frame_bytes._value.get() == 2 * len("None-1") + 2 * len("1-2")
