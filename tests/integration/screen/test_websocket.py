"""The websocket with real clients on a real server: what they see, and how they are let go."""

import asyncio
import json
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from itertools import pairwise
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from screen import server as server_module
from screen import watch
from screen.bounded import BUFFER_BYTES, BoundedWebSocket
from screen.close import FEED_BROKE, NOT_READING, STOPPING, TOKEN_ENDED, UNASKED, Close
from screen.roles import Role
from screen.rooms import Room
from streams.store.port import StoreAway

from .conftest import serving

Make = Callable[..., Awaitable[str]]


class Browser:
    """Follows a room's frames."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.epoch, self.rev = "", -1
        self.tables: dict[str, dict[str, dict[str, Any]]] = {}

    async def frame(self) -> dict[str, Any]:
        text = await asyncio.wait_for(self.socket.recv(), 5)
        assert isinstance(text, str)
        frame: dict[str, Any] = json.loads(text)
        assert set(frame) == {"epoch", "rev", "full", "at", "d"}
        if frame["full"]:
            self.tables = {}
        for table, rows in frame["d"].items():
            held = self.tables.setdefault(table, {})
            for key, row in rows.items():
                if row is None:
                    held.pop(key, None)
                else:
                    held.setdefault(key, {}).update(row)
        self.epoch, self.rev = frame["epoch"], frame["rev"]
        return frame

    async def until(self, seen: Callable[[dict[str, Any]], Any]) -> list[dict[str, Any]]:
        """Reads frames until the tables satisfy `seen`."""
        frames = []
        async with asyncio.timeout(5):
            while not frames or not seen(self.tables):
                frames.append(await self.frame())
        return frames

    async def closed(self, seconds: float = 5) -> tuple[int, str]:
        """Reads until the server closes; the code and the reason."""
        try:
            async with asyncio.timeout(seconds):
                while True:
                    await self.socket.recv()
        except ConnectionClosed as ended:
            assert ended.rcvd is not None
            return ended.rcvd.code, ended.rcvd.reason


def name(close: Close) -> tuple[int, str]:
    return close.code, close.name


@pytest.fixture
def watching(server: str, make: Make) -> Callable[..., Any]:
    @asynccontextmanager
    async def _watching(query: str = "", *, room: str = "r1", token: str | None = None, **more: Any) -> AsyncIterator[Browser]:
        bearer = {"authorization": f"Bearer {token or await make()}"}
        async with connect(
            f"ws://{server}/ws/rooms/{room}?{query}", additional_headers=bearer, proxy=None, close_timeout=0.2, **more
        ) as socket:
            yield Browser(socket)

    return _watching


def viewers(tables: dict[str, Any]) -> Any:
    return tables["figures"]["total"]["viewers"]


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


async def test_refusals_come_before_the_upgrade(server: str, make: Make, log: Any) -> None:
    async def refused(path: str, headers: dict[str, str]) -> tuple[int, Any]:
        with pytest.raises(InvalidStatus) as caught:
            await connect(f"ws://{server}{path}", additional_headers=headers, proxy=None)
        response = caught.value.response
        assert response.headers["content-type"] == "application/problem+json"
        assert response.headers["x-content-type-options"] == "nosniff"
        return response.status_code, response

    bearer = {"authorization": f"Bearer {await make()}"}
    other = {"authorization": f"Bearer {await make(rooms=['r2'])}"}
    assert (await refused("/ws/rooms/r1", {}))[0] == 401
    assert (await refused("/ws/rooms/r1", other))[0] == 403
    assert (await refused("/ws/rooms/nowhere", bearer))[0] == 404


async def test_a_cookie_counts_only_from_our_own_pages(server: str, make: Make) -> None:
    cookie = {"cookie": f"livescreen={await make()}"}
    async with connect(f"ws://{server}/ws/rooms/r1", additional_headers=cookie, origin=f"http://{server}", proxy=None) as socket:
        assert await socket.recv()
    for origin in ("http://evil.example", None):
        with pytest.raises(InvalidStatus) as caught:
            await connect(f"ws://{server}/ws/rooms/r1", additional_headers=cookie, origin=origin, proxy=None)
        assert caught.value.response.status_code == 403


async def test_when_all_seats_are_taken(watching: Any, settings: Any, server: str, make: Make) -> None:
    bearer = {"authorization": f"Bearer {await make()}"}
    seated = [await connect(f"ws://{server}/ws/rooms/r1", additional_headers=bearer, proxy=None) for _ in range(settings.max_watchers)]
    with pytest.raises(InvalidStatus) as caught:
        await connect(f"ws://{server}/ws/rooms/r1", additional_headers=bearer, proxy=None)
    assert caught.value.response.status_code == 503
    assert int(caught.value.response.headers["retry-after"]) > 0
    await seated.pop().close()
    await asyncio.sleep(0.1)
    async with watching() as browser:
        assert (await browser.frame())["full"]
    for one in seated:
        await one.close()


async def test_whoever_says_something_is_closed(watching: Any) -> None:
    async with watching() as browser:
        await browser.socket.send("hello")
        assert await browser.closed() == name(UNASKED)


async def test_an_expired_token_ends_within_a_second(watching: Any, make: Make) -> None:
    async with watching(token=await make(lifetime_ms=1_500)) as browser:
        started = time.monotonic()
        assert await browser.closed() == name(TOKEN_ENDED)
        assert 1.0 < time.monotonic() - started < 3.0


async def test_a_revoked_token_ends_the_websockets_it_opened(app: Any, parts: Any, tokens: Any, make: Make) -> None:
    parts.hub._check_seconds = 0.1
    text, token = await tokens.make(Role.VIEWER, lifetime_ms=60_000)
    other = await make()
    async with serving(app, parts) as (address, _):
        ended, kept = [
            Browser(await connect(f"ws://{address}/ws/rooms/r1", additional_headers={"authorization": f"Bearer {bearer}"}, proxy=None))
            for bearer in (text, other)
        ]
        await ended.frame()
        await tokens.revoke(token.id)
        assert await ended.closed() == name(TOKEN_ENDED)
        await kept.frame()
        await kept.socket.close()


async def test_a_server_that_stops_says_so_and_ends_within_two_seconds(app: Any, parts: Any, make: Make) -> None:
    async with serving(app, parts) as (address, stop):
        bearer = {"authorization": f"Bearer {await make()}"}
        browser = Browser(await connect(f"ws://{address}/ws/rooms/r1", additional_headers=bearer, proxy=None))
        deaf = await connect(f"ws://{address}/ws/rooms/r1", additional_headers=bearer, proxy=None, max_queue=1)
        await browser.frame()
        started = time.monotonic()
        stop.set()
        assert await browser.closed() == name(STOPPING)
    assert time.monotonic() - started < 2.0
    await deaf.close()


async def test_while_the_store_is_away_the_last_board_stays_and_says_so(watching: Any, monkeypatch: pytest.MonkeyPatch, log: Any) -> None:
    async with watching() as browser:
        await browser.frame()

        async def away(self: Room, now_ms: int) -> bool:
            raise StoreAway("gone")

        with monkeypatch.context() as patched:
            patched.setattr(Room, "refresh", away)
            await browser.until(lambda tables: tables["room"]["link"]["store"] == "away")
            assert abs(browser.tables["room"]["link"]["since"] - log.clock()) < 2_000
            assert viewers(browser.tables) == 3
            assert (await browser.frame())["at"] >= browser.tables["room"]["link"]["since"]
        await log.enter(1)
        await browser.until(lambda tables: viewers(tables) == 4)
        assert browser.tables["room"]["link"]["store"] == "ok"


async def test_a_reader_that_breaks_sends_its_watchers_to_a_new_one(watching: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(self: Room, now_ms: int) -> Any:
        raise RuntimeError("a bug")

    async with watching() as browser:
        await browser.frame()
        with monkeypatch.context() as patched:
            patched.setattr(Room, "tables", broken)
            assert await browser.closed() == name(FEED_BROKE)
    async with watching(f"epoch={browser.epoch}&rev={browser.rev}") as again:
        assert (await again.frame())["full"]
        assert again.epoch != browser.epoch


# --- readers that are slow, or do not read at all

BIG_ROWS, BIG_BYTES = 100, 2_000


@pytest.fixture
def big(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Every tick changes 200 KB; the list counts the ticks."""
    ticks = [0]

    async def refresh(self: Room, now_ms: int) -> bool:
        ticks[0] += 1
        return True

    def tables(self: Room, now_ms: int) -> Any:
        return {"room": {}, "big": {str(n): {"x": f"{ticks[0]} {'x' * BIG_BYTES}"} for n in range(BIG_ROWS)}}

    monkeypatch.setattr(Room, "known", True)
    monkeypatch.setattr(Room, "refresh", refresh)
    monkeypatch.setattr(Room, "tables", tables)
    return ticks


@pytest.fixture
def buffered(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The most bytes that waited in this process for one browser after each send."""
    seen = [0]
    send = BoundedWebSocket.send

    async def measured(self: BoundedWebSocket, message: Any) -> None:
        await send(self, message)
        seen[0] = max(seen[0], self.transport.get_write_buffer_size())

    monkeypatch.setattr(BoundedWebSocket, "send", measured)
    return seen


def narrow(address: str) -> socket.socket:
    """A connection that takes little at once."""
    made = socket.socket()
    made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8_192)
    host, port = address.split(":")
    made.connect((host, int(port)))
    return made


async def test_a_slow_reader_skips_frames_and_ends_with_the_newest(server: str, watching: Any, big: list[int], buffered: list[int]) -> None:
    async with watching(sock=narrow(server), max_queue=1) as slow, watching() as quick:
        await slow.frame()
        await quick.frame()
        ticks, revs = big[0], []
        for _ in range(3):
            await asyncio.sleep(0.5)
            revs.append((await slow.frame())["rev"])
        assert big[0] - ticks >= 20
        async with asyncio.timeout(5):
            while slow.rev < big[0] - 5:
                await slow.frame()
                revs.append(slow.rev)
        skipped = [later - earlier for earlier, later in pairwise(revs)]
        assert max(skipped) > 1
        assert {row["x"].split()[0] for row in slow.tables["big"].values()} == {str(slow.rev)}
        assert buffered[0] <= BUFFER_BYTES + BIG_ROWS * (BIG_BYTES + 50)


async def test_a_reader_that_never_reads_is_cut(
    server: str, watching: Any, parts: Any, big: list[int], buffered: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch, "NOT_READING_SECONDS", 0.5)
    async with watching(sock=narrow(server), max_queue=1) as stuck, watching() as quick:
        await quick.frame()
        started = time.monotonic()
        while len(parts.hub.watchers) > 1:
            await quick.frame()
            assert time.monotonic() - started < 3
        assert parts.measures.closes.labels(NOT_READING.name)._value.get() == 1
        assert buffered[0] <= BUFFER_BYTES + BIG_ROWS * (BIG_BYTES + 50)
        await asyncio.sleep(1.5)  # then the server lets go of the connection, though nothing was read
        with pytest.raises(ConnectionClosed):
            while True:
                await asyncio.wait_for(stuck.socket.recv(), 1)
        assert (await quick.frame())["rev"] > 0


async def test_a_reader_that_leaves_small_frames_unread_is_found_by_its_silence(
    watching: Any, parts: Any, app: Any, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server_module, "PING_SECONDS", 0.2)
    monkeypatch.setattr(server_module, "PONG_SECONDS", 0.4)
    bearer = {"authorization": f"Bearer {await make()}"}
    async with serving(app, parts) as (address, _):
        url = f"ws://{address}/ws/rooms/r1"
        async with (
            connect(url, additional_headers=bearer, proxy=None, max_queue=1, close_timeout=0.1),
            connect(url, additional_headers=bearer, proxy=None) as quick,
        ):
            started = time.monotonic()
            while len(parts.hub.watchers) > 1:
                await quick.recv()
                assert time.monotonic() - started < 8
            assert parts.measures.closes.labels(NOT_READING.name)._value.get() == 1
            await asyncio.sleep(1)
            assert await quick.recv()
