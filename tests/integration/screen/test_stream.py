"""The frames as server-sent events: the same as the websocket's, with the same limits and the same reasons to end."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest

from screen import fanout
from screen.parts import Parts
from screen.roles import Role

from .browser import Browser, viewers
from .conftest import ENOUGH_SECONDS, Log, serving
from .test_slow_readers import big, narrow

Make = Callable[..., Awaitable[str]]
__all__ = ["big"]


class Events:
    """Reads the events of a stream as if they were a websocket's messages."""

    def __init__(self, answer: httpx.Response) -> None:
        self.answer, self._lines = answer, answer.aiter_lines()
        self.closed: dict[str, Any] = {}

    async def recv(self) -> str:
        name = ""
        async for line in self._lines:
            if line.startswith("event: "):
                name = line.removeprefix("event: ")
            elif line.startswith("data: "):
                text = line.removeprefix("data: ")
                if name == "close":
                    self.closed = json.loads(text)
                    raise EOFError
                return text
        raise EOFError

    async def end(self) -> dict[str, Any]:
        async with asyncio.timeout(ENOUGH_SECONDS * 2):
            while True:
                try:
                    await self.recv()
                except EOFError:
                    return self.closed


@pytest.fixture
def streaming(server: str, make: Make) -> Callable[..., Any]:
    @asynccontextmanager
    async def _streaming(query: str = "", token: str | None = None) -> AsyncIterator[Events]:
        headers = {"authorization": f"Bearer {token or await make()}"}
        async with (
            httpx.AsyncClient(trust_env=False, timeout=30) as client,
            client.stream("GET", f"http://{server}/api/rooms/r1/frames?{query}", headers=headers) as answer,
        ):
            yield Events(answer)

    return _streaming


async def test_a_stream_carries_the_frames_of_the_websocket(streaming: Any, watching: Any, log: Log) -> None:
    async with streaming() as events, watching() as socket:
        assert events.answer.headers["content-type"].startswith("text/event-stream")
        assert events.answer.headers["x-accel-buffering"] == "no"
        browser = Browser(events)
        first = await browser.frame()
        assert first["full"]
        await log.enter(4)
        await browser.until(lambda tables: viewers(tables) == 7)
        await socket.until(lambda tables: viewers(tables) == 7)
        assert browser.epoch == socket.epoch
        query = f"epoch={browser.epoch}&rev={browser.rev}"
    async with streaming(query) as events:
        assert not (await Browser(events).frame())["full"]


async def test_refusals_have_their_status(http: httpx.AsyncClient, call: Any, make: Make) -> None:
    assert (await http.get("/api/rooms/r1/frames")).status_code == 401
    assert (await call("GET", "/api/rooms/r1/frames", rooms=("r2",))).status_code == 403
    assert (await call("GET", "/api/rooms/none/frames")).status_code == 404


async def test_streams_and_websockets_of_a_token_share_its_seats(streaming: Any, watching: Any, parts: Parts, make: Make) -> None:
    token, other = await make(), await make()
    parts.hub._token_watchers = 2
    async with streaming(token=token) as one, watching(token=token) as two:
        await Browser(one).frame()
        await two.frame()
        async with streaming(token=token) as refused:
            assert refused.answer.status_code == 429
            assert json.loads(await refused.answer.aread())["type"] == "urn:livescreen:token-full"
        async with streaming(token=other) as free:
            assert free.answer.status_code == 200
    async with asyncio.timeout(ENOUGH_SECONDS):
        while parts.hub.watchers:  # noqa: ASYNC110 (nobody tells)
            await asyncio.sleep(0.05)
    assert not parts.hub._seats


async def test_a_stream_ends_with_its_token(app: Any, parts: Parts, tokens: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    text, token = await tokens.make(Role.VIEWER, lifetime_ms=3_600_000)
    parts.hub._check_seconds = 0.1
    async with serving(app, parts) as (address, _), httpx.AsyncClient(trust_env=False, timeout=30) as client:
        headers = {"authorization": f"Bearer {text}"}
        async with client.stream("GET", f"http://{address}/api/rooms/r1/frames", headers=headers) as answer:
            events = Events(answer)
            await Browser(events).frame()
            await tokens.revoke(token.id)
            assert await events.end() == {"code": 4001, "name": "token_ended"}


async def test_a_stream_is_told_that_the_server_stops(app: Any, parts: Parts, make: Make) -> None:
    async with serving(app, parts) as (address, stop), httpx.AsyncClient(trust_env=False, timeout=30) as client:
        headers = {"authorization": f"Bearer {await make()}"}
        async with client.stream("GET", f"http://{address}/api/rooms/r1/frames", headers=headers) as answer:
            events = Events(answer)
            await Browser(events).frame()
            stop.set()
            assert (await events.end())["name"] == "server_stopping"


async def test_a_browser_that_does_not_read_is_cut_and_its_seat_is_free(
    server: str, parts: Parts, make: Make, big: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fanout, "NOT_READING_SECONDS", 0.5)
    deaf = narrow(server)
    request = f"GET /api/rooms/r1/frames HTTP/1.1\r\nHost: {server}\r\nAuthorization: Bearer {await make()}\r\n\r\n"
    deaf.sendall(request.encode())
    async with asyncio.timeout(ENOUGH_SECONDS):
        while not parts.hub.watchers:  # noqa: ASYNC110 (nobody tells)
            await asyncio.sleep(0.02)
        while parts.hub.watchers:  # noqa: ASYNC110 (nobody tells)
            await asyncio.sleep(0.05)
    deaf.close()
