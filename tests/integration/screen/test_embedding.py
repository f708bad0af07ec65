"""Rooms in frames of other pages: named origins alone, a room's pages alone, with a session that goes nowhere else."""

from collections.abc import Awaitable, Callable

import httpx
import pytest

from screen.roles import Role
from screen.settings import ScreenSettings
from streams.kafka.brokers import Brokers

Make = Callable[..., Awaitable[str]]
SHOP = "https://shop.example"
FRAME = {"sec-fetch-dest": "iframe", "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"}


@pytest.fixture
def origins() -> str:
    return f"{SHOP},http://127.0.0.1:9000"


@pytest.fixture
def settings(origins: str) -> ScreenSettings:
    return ScreenSettings(kafka=Brokers("-"), redis="-", tick_ms=50, embed_origins=origins)


@pytest.mark.parametrize("path", ["/rooms/r1", "/rooms/r1/overlay?figures=gmv", "/rooms/r1/host", "/tv?play=r1", "/login?token=x"])
async def test_a_rooms_pages_may_be_framed_by_who_is_named(http: httpx.AsyncClient, path: str) -> None:
    headers = (await http.get(path, headers=FRAME)).headers
    assert "x-frame-options" not in headers
    assert headers["content-security-policy"].endswith(f"frame-ancestors 'self' {SHOP} http://127.0.0.1:9000")
    assert "script-src 'self'" in headers["content-security-policy"]


@pytest.mark.parametrize("path", ["/", "/rules", "/subscriptions", "/audit", "/rooms/r1/assistant", "/api/rooms", "/logout"])
async def test_no_other_page_may(http: httpx.AsyncClient, path: str) -> None:
    headers = (await http.get(path, headers=FRAME)).headers
    assert headers["x-frame-options"] == "DENY"
    assert "frame-ancestors 'none'" in headers["content-security-policy"]


@pytest.mark.parametrize("origins", [""])
async def test_nobody_may_where_nobody_is_named(http: httpx.AsyncClient, make: Make) -> None:
    answer = await http.get("/login", params={"token": await make(), "next": "/rooms/r1"}, headers=FRAME)
    assert "Partitioned" not in answer.headers["set-cookie"]
    assert (await http.get("/rooms/r1")).headers["x-frame-options"] == "DENY"


async def test_a_session_in_a_frame_goes_nowhere_else(http: httpx.AsyncClient, make: Make) -> None:
    token = await make(Role.VIEWER, rooms=["r1"])
    framed = await http.get("/login", params={"token": token, "next": "/rooms/r1"}, headers=FRAME)
    parts = {part.strip().lower() for part in framed.headers["set-cookie"].split(";")}
    assert {"httponly", "secure", "samesite=none", "partitioned", "path=/"} <= parts
    by_hand = await http.get("/login", params={"token": token, "next": "/rooms/r1"})
    assert "samesite=lax" in by_hand.headers["set-cookie"].lower()
