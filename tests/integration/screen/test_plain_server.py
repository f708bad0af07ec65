"""Frames where the server underneath shows nobody its websockets: they go by ASGI, and all that browsers see is the same."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
import uvicorn
from websockets.asyncio.client import connect

from screen import bounded, fanout
from screen.bounded import BoundedWebSocket, CountedWebSocket
from screen.close import NOT_READING, TOKEN_ENDED
from screen.connections.limits import Limits
from screen.roles import Role
from screen.server import Server

from .browser import Browser, name, viewers
from .conftest import ENOUGH_SECONDS, Log, serving
from .test_slow_readers import big, narrow

Make = Callable[..., Awaitable[str]]
__all__ = ["big"]


@pytest.fixture(autouse=True)
def plain(monkeypatch: pytest.MonkeyPatch) -> None:
    """As with a uvicorn that lacks something."""
    known = bounded.protocol
    monkeypatch.setattr(bounded, "protocol", lambda config: known(config, bounded.USED | {"something_else"}))


async def test_frames_come_and_go_on(watching: Any, log: Log) -> None:
    async with watching() as browser:
        assert (await browser.frame())["full"]
        await log.enter(4)
        await browser.until(lambda tables: viewers(tables) == 7)
        query = f"epoch={browser.epoch}&rev={browser.rev}"
    async with watching(query) as browser:
        assert not (await browser.frame())["full"]


async def test_ends_have_their_reasons(app: Any, parts: Any, tokens: Any, make: Make) -> None:
    parts.hub._check_seconds = 0.1
    text, token = await tokens.make(Role.VIEWER, lifetime_ms=60_000)
    async with serving(app, parts) as (address, _):
        browser = Browser(await connect(f"ws://{address}/ws/rooms/r1", additional_headers={"authorization": f"Bearer {text}"}, proxy=None))
        await browser.frame()
        await tokens.revoke(token.id)
        assert await browser.closed() == name(TOKEN_ENDED)


async def test_who_does_not_read_gives_the_seat_back(
    server: str, watching: Any, parts: Any, big: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fanout, "NOT_READING_SECONDS", 0.5)
    async with watching(sock=narrow(server), max_queue=1), watching() as quick:
        async with asyncio.timeout(ENOUGH_SECONDS):
            await quick.frame()
            while len(parts.hub.watchers) > 1:
                await quick.frame()
        assert parts.measures.closes.labels(NOT_READING.name)._value.get() == 1


async def test_connections_give_their_places_back(app: Any, parts: Any, make: Make) -> None:
    bearer = {"authorization": f"Bearer {await make()}"}
    async with serving(app, parts, Limits(of_address=1)) as (address, _):
        for _ in range(3):
            async with asyncio.timeout(ENOUGH_SECONDS):
                socket = await connect(f"ws://{address}/ws/rooms/r1", additional_headers=bearer, proxy=None)
                await socket.recv()
                await socket.close()
                await socket.wait_closed()
                await asyncio.sleep(0.2)


async def test_a_uvicorn_that_lacks_something_is_named_and_ours_lacks_nothing(
    app: Any, parts: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    server = Server(app, parts, asyncio.Event(), Limits())
    server.config.load()
    with caplog.at_level(logging.WARNING):
        assert bounded.protocol(server.config) is CountedWebSocket
    assert f"uvicorn {uvicorn.__version__} has no something_else" in caplog.text
    monkeypatch.undo()
    assert bounded.protocol(server.config) is BoundedWebSocket
