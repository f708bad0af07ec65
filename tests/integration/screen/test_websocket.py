"""What real clients of the websocket see on a real server."""

import time
from collections.abc import Awaitable, Callable
from typing import Any

from .browser import viewers

Make = Callable[..., Awaitable[str]]


async def test_a_snapshot_and_then_only_what_changed(watching: Any, log: Any) -> None:
    async with watching() as browser:
        first = await browser.frame()
        assert first["full"]
        assert viewers(browser.tables) == 3
        assert browser.tables["room"]["facts"]["title"] == "秋季上新"
        assert browser.tables["room"]["link"]["store"] == "ok"
        await log.enter(2)
        frames = await browser.until(lambda tables: viewers(tables) == 5)
        assert not any(frame["full"] for frame in frames)
        assert "title" not in frames[-1]["d"].get("room", {}).get("facts", {})
        assert "impressions" not in frames[-1]["d"]["figures"]["total"]
        assert abs(frames[-1]["at"] - log.clock()) < 2_000


async def test_at_least_one_frame_a_second_when_nothing_happens(watching: Any) -> None:
    async with watching() as browser:
        await browser.frame()
        last, gaps, revs = time.monotonic(), [], []
        while len(gaps) < 4:
            revs.append((await browser.frame())["rev"])
            gaps.append(time.monotonic() - last)
            last = time.monotonic()
        assert max(gaps) <= 1.0
        assert revs == sorted(revs)


async def test_coming_back_with_a_revision_brings_what_was_missed(watching: Any, log: Any) -> None:
    async with watching() as browser:
        await browser.frame()
    await log.enter(1)
    async with watching(f"epoch={browser.epoch}&rev={browser.rev}") as again:
        again.tables = browser.tables
        frames = await again.until(lambda tables: viewers(tables) == 4)
        assert not any(frame["full"] for frame in frames)
        assert again.epoch == browser.epoch
    for query in (f"epoch=other&rev={browser.rev}", f"epoch={browser.epoch}&rev=999999", f"epoch={browser.epoch}&rev=x", "epoch=&rev="):
        async with watching(query) as fresh:
            assert (await fresh.frame())["full"]
            assert viewers(fresh.tables) == 4


async def test_a_room_is_read_and_encoded_once_for_all(watching: Any, parts: Any, log: Any) -> None:
    def encodes() -> float:
        return parts.measures.encodes._value.get()

    async with watching() as one, watching() as two, watching() as three:
        browsers = (one, two, three)
        for browser in browsers:
            await browser.frame()
        before, start = encodes(), one.rev
        for expected in (4, 5, 6):
            await log.enter(1)
            for browser in browsers:
                await browser.until(lambda tables, expected=expected: viewers(tables) == expected)
        # one encode a revision, and one a heartbeat
        assert encodes() - before <= (one.rev - start) + 3
        assert parts.measures.watched_rooms._value.get() == 1
        assert parts.measures.watchers._value.get() == 3
