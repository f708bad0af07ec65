"""Who is let in at the websocket, and how watchers are let go."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from screen.close import FEED_BROKE, STOPPING, TOKEN_ENDED, UNASKED
from screen.roles import Role
from screen.rooms import Room
from streams.store.port import StoreAway

from .browser import Browser, name, viewers
from .conftest import ENOUGH_SECONDS, serving

Make = Callable[..., Awaitable[str]]


async def test_refusals_come_before_the_upgrade(server: str, make: Make, log: Any, caplog: pytest.LogCaptureFixture) -> None:
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
    assert (await refused("/ws/nowhere", bearer))[0] == 404
    await asyncio.sleep(0.05)  # a refusal that broke would be logged once its answer is out
    assert not [record for record in caplog.records if record.levelname == "ERROR"]


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


async def test_an_expired_token_ends_the_websocket_then_and_not_before(watching: Any, make: Make) -> None:
    started = time.monotonic()
    async with watching(token=await make(lifetime_ms=1_500)) as browser:
        assert await browser.closed() == name(TOKEN_ENDED)
        assert 1.4 < time.monotonic() - started < ENOUGH_SECONDS


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


async def test_a_server_that_stops_says_so_and_waits_for_no_deaf_reader(app: Any, parts: Any, make: Make) -> None:
    async with serving(app, parts) as (address, stop):
        bearer = {"authorization": f"Bearer {await make()}"}
        browser = Browser(await connect(f"ws://{address}/ws/rooms/r1", additional_headers=bearer, proxy=None))
        deaf = await connect(f"ws://{address}/ws/rooms/r1", additional_headers=bearer, proxy=None, max_queue=1)
        await browser.frame()
        started = time.monotonic()
        stop.set()
        assert await browser.closed() == name(STOPPING)
    assert time.monotonic() - started < ENOUGH_SECONDS
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


async def test_a_bug_in_the_handshake_is_a_problem_with_the_headers_of_all_answers(
    server: str, make: Make, parts: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(name: str) -> Any:
        raise RuntimeError("secret")

    monkeypatch.setattr(parts.rooms, "find", broken)
    with pytest.raises(InvalidStatus) as caught:
        await connect(f"ws://{server}/ws/rooms/r1", additional_headers={"authorization": f"Bearer {await make()}"}, proxy=None)
    response = caught.value.response
    assert (response.status_code, response.headers["content-type"]) == (500, "application/problem+json")
    assert response.headers["x-content-type-options"] == "nosniff" and "content-security-policy" in response.headers
    assert response.body is not None and b"secret" not in response.body
