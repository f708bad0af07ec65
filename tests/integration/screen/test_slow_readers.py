"""Readers of the websocket that are slow, or do not read at all."""

import asyncio
import socket
import time
from collections.abc import Awaitable, Callable
from itertools import pairwise
from typing import Any

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from screen import fanout
from screen import server as server_module
from screen.bounded import BUFFER_BYTES, BoundedWebSocket
from screen.close import NOT_READING, TOKEN_ENDED
from screen.roles import Role
from screen.rooms import Room

from .conftest import ENOUGH_SECONDS, serving

Make = Callable[..., Awaitable[str]]


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
    write = BoundedWebSocket.write_frame

    def measured(self: BoundedWebSocket, frame: bytes) -> bool:
        written = write(self, frame)
        seen[0] = max(seen[0], self.transport.get_write_buffer_size())
        return written

    monkeypatch.setattr(BoundedWebSocket, "write_frame", measured)
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
        revs = []
        for _ in range(3):
            ticks = big[0]
            async with asyncio.timeout(30):
                while big[0] < ticks + 8:  # noqa: ASYNC110 (the room counts)
                    await asyncio.sleep(0.05)
            revs.append((await slow.frame())["rev"])
        async with asyncio.timeout(30):
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
    monkeypatch.setattr(fanout, "NOT_READING_SECONDS", 0.5)
    async with watching(sock=narrow(server), max_queue=1) as stuck, watching() as quick:
        await quick.frame()
        started = time.monotonic()
        while len(parts.hub.watchers) > 1:
            await quick.frame()
            assert time.monotonic() - started < ENOUGH_SECONDS
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
                assert time.monotonic() - started < ENOUGH_SECONDS
            assert parts.measures.closes.labels(NOT_READING.name)._value.get() == 1
            await asyncio.sleep(1)
            assert await quick.recv()


async def test_a_reader_that_stops_and_drains_gets_one_frame_for_all_it_missed(server: str, watching: Any, big: list[int]) -> None:
    async with watching(sock=narrow(server), max_queue=1) as slow, watching() as quick:
        await slow.frame()
        begun = quick.rev
        while quick.rev < begun + 20:  # while the other reads nothing
            await quick.frame()
        revs = [slow.rev]
        while slow.rev < begun + 20:
            await slow.frame()
            revs.append(slow.rev)
        jumps = [later - earlier for earlier, later in pairwise(revs)]
        assert max(jumps) > 10 and len(revs) < 12, "what was on its way, and then all the rest at once"
        assert {row["x"].split()[0] for row in slow.tables["big"].values()} == {str(slow.rev)}


async def test_a_reader_that_was_cut_comes_back_to_one_frame_for_all_it_missed(
    server: str, watching: Any, parts: Any, big: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fanout, "NOT_READING_SECONDS", 0.5)
    async with watching(sock=narrow(server), max_queue=1) as stuck, watching() as quick:
        first = await stuck.frame()
        await quick.frame()
        async with asyncio.timeout(ENOUGH_SECONDS):
            while len(parts.hub.watchers) > 1:
                await quick.frame()
        async with watching(f"epoch={stuck.epoch}&rev={stuck.rev}") as again:
            frame = await again.frame()
            assert not frame["full"] and frame["rev"] > first["rev"] + 5
            assert {row["x"].split()[0] for row in frame["d"]["big"].values()} == {str(frame["rev"])}


async def test_a_revoked_token_ends_a_reader_that_is_behind(
    app: Any, parts: Any, tokens: Any, make: Make, big: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    parts.hub._check_seconds = 0.1
    text, token = await tokens.make(Role.VIEWER, lifetime_ms=60_000)
    async with serving(app, parts) as (address, _):
        url = f"ws://{address}/ws/rooms/r1"
        async with (
            connect(url, additional_headers={"authorization": f"Bearer {text}"}, proxy=None, sock=narrow(address), max_queue=1) as stuck,
            connect(url, additional_headers={"authorization": f"Bearer {await make()}"}, proxy=None) as quick,
        ):
            await stuck.recv()
            async with asyncio.timeout(ENOUGH_SECONDS):
                while not any(client.cut for watcher in parts.hub.watchers for client in watcher.feed.fanout._clients):
                    await quick.recv()
                await tokens.revoke(token.id)
                while len(parts.hub.watchers) > 1:
                    await quick.recv()
            assert parts.measures.closes.labels(TOKEN_ENDED.name)._value.get() == 1
            assert parts.measures.closes.labels(NOT_READING.name)._value.get() == 0
            assert await quick.recv()
