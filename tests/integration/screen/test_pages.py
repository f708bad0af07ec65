"""Errors are pages where a person looks at them; all addresses lie under the base path."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from screen.app import create_app
from screen.parts import Parts
from screen.roles import Role

Make = Callable[..., Awaitable[str]]
NAVIGATES = {"sec-fetch-mode": "navigate", "accept": "text/html,*/*;q=0.8"}
OLD_BROWSER = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


@pytest.mark.parametrize("browser", [NAVIGATES, OLD_BROWSER])
@pytest.mark.parametrize(
    ("lang", "words"),
    [("en", "No such page"), ("zh-CN", "页面不存在")],
)
async def test_a_mistyped_address_is_a_page(http: httpx.AsyncClient, browser: dict[str, str], lang: str, words: str) -> None:
    answer = await http.get("/roms/r1", headers={**browser, "accept-language": lang})
    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("text/html")
    assert answer.headers["content-language"] == lang
    assert words in answer.text
    assert 'href="/"' in answer.text
    assert "content-security-policy" in answer.headers


async def test_who_is_not_logged_in_gets_a_way_in_that_leads_back(http: httpx.AsyncClient, make: Make) -> None:
    answer = await http.get("/api/rooms/r1/report?format=html&lang=zh", headers=NAVIGATES)
    assert answer.status_code == 401
    assert 'href="/login?next=%2Fapi%2Frooms%2Fr1%2Freport%3Fformat%3Dhtml%26lang%3Dzh"' in answer.text
    await http.post("/login", json={"token": await make(rooms=["r2"])})
    answer = await http.get("/api/rooms/r1/report", headers={**NAVIGATES, "accept-language": "zh"})
    assert answer.status_code == 403
    assert "没有权限" in answer.text


@pytest.mark.parametrize("caller", [{}, {"sec-fetch-mode": "cors", "accept": "text/html"}, {"accept": "application/json"}])
async def test_programs_and_scripts_get_problem_documents(http: httpx.AsyncClient, caller: dict[str, str]) -> None:
    for path, status in (("/api/rooms", 401), ("/nothing", 404)):
        answer = await http.get(path, headers=caller)
        assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")


async def test_what_an_address_says_is_never_markup(http: httpx.AsyncClient) -> None:
    answer = await http.get('/api/rooms/"><script>alert(1)', headers=NAVIGATES)
    assert answer.status_code == 401
    assert "<script" not in answer.text


BASE = "/live/floor-2"


@pytest.fixture
async def under(parts: Parts, built: Path) -> AsyncIterator[httpx.AsyncClient]:
    """The same application under a base path."""
    page = '<!doctype html><meta name="base" content="/"><script src="/assets/index-abc.js"></script>'
    (built / "index.html").write_text(page)
    transport = httpx.ASGITransport(create_app(replace(parts, base_path=BASE), built), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://screen.test") as client:
        yield client


async def test_everything_lies_under_the_base_path(under: httpx.AsyncClient, make: Make) -> None:
    answer = await under.get(f"{BASE}/rooms/r1?rotate=1")
    assert answer.headers["location"] == f"{BASE}/login?next=%2Flive%2Ffloor-2%2Frooms%2Fr1%3Frotate%3D1"
    form = await under.get(answer.headers["location"])
    assert f'href="{BASE}/login.css"' in form.text
    assert f'value="{BASE}/rooms/r1?rotate=1"' in form.text
    fields = {"token": await make(Role.ASSISTANT), "next": f"{BASE}/rooms/r1"}
    done = await under.post(f"{BASE}/login", data=fields, headers={"origin": "http://screen.test"})
    assert done.headers["location"] == f"{BASE}/rooms/r1"
    assert f"Path={BASE};" in done.headers["set-cookie"]
    page = await under.get(f"{BASE}/rooms/r1")
    assert f'<meta name="base" content="{BASE}/">' in page.text
    assert f'src="{BASE}/assets/index-abc.js"' in page.text
    assert (await under.get(f"{BASE}/assets/index-abc.js")).status_code == 200
    assert (await under.get(f"{BASE}/api/me")).json()["role"] == "assistant"
    assert (await under.get(BASE)).text == page.text
    not_allowed = await under.delete(f"{BASE}/api/rooms/r1/scenes")
    assert (not_allowed.status_code, not_allowed.headers["allow"]) == (405, "POST")
    lost = await under.get(f"{BASE}x/rooms", headers=NAVIGATES)
    assert (lost.status_code, f'href="{BASE}/"' in lost.text) == (404, True)
    out = await under.post(f"{BASE}/logout", headers={"origin": "http://screen.test"})
    assert out.headers["location"] == f"{BASE}/login"


async def test_a_proxy_may_take_the_base_path_away(under: httpx.AsyncClient, make: Make) -> None:
    answer = await under.get("/rooms/r1")
    assert answer.headers["location"] == f"{BASE}/login?next=%2Flive%2Ffloor-2%2Frooms%2Fr1"
    assert (await under.get("/healthz")).status_code == 200
    link = await under.get("/login", params={"token": await make(kind="link"), "next": "/rooms/r1"})
    assert link.headers["location"] == f"{BASE}/rooms/r1"


async def test_after_logging_in_nobody_lands_in_another_application_of_the_host(under: httpx.AsyncClient, make: Make) -> None:
    for path in ("//evil.example", "/live/floor-22/", "/other"):
        answer = await under.get(f"{BASE}/login", params={"token": await make(kind="link"), "next": path})
        assert answer.headers["location"].startswith(f"{BASE}/")


async def test_a_websocket_under_the_base_path(parts: Parts, built: Path, make: Make) -> None:
    from websockets.asyncio.client import connect

    from .browser import Browser, viewers
    from .conftest import serving

    app: Any = create_app(replace(parts, base_path=BASE), built)
    async with serving(app, parts) as (address, _):
        bearer = {"authorization": f"Bearer {await make()}"}
        async with connect(f"ws://{address}{BASE}/ws/rooms/r1", additional_headers=bearer, proxy=None) as socket:
            await Browser(socket).until(lambda tables: viewers(tables) == 3)
