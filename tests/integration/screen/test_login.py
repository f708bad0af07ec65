"""Logging in: tokens and links become cookies, other origins get nothing."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

from screen.roles import Role

Make = Callable[..., Awaitable[str]]
HERE = {"origin": "http://screen.test"}


async def test_a_link_opens_one_session_and_goes_on(http: httpx.AsyncClient, make: Make) -> None:
    link = await make(Role.OPERATOR, kind="link")
    answer = await http.get(f"/login?token={link}&next=/rooms/r1")
    assert (answer.status_code, answer.headers["location"]) == (303, "/rooms/r1")
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "secure" not in cookie
    assert link not in cookie
    assert (await http.get("/api/me")).json()["role"] == "operator"
    http.cookies.clear()
    again = await http.get(f"/login?token={link}")
    assert again.status_code == 401
    assert "set-cookie" not in again.headers


async def test_of_many_who_use_a_link_at_once_one_gets_in(http: httpx.AsyncClient, make: Make) -> None:
    link = await make(kind="link")
    answers = await asyncio.gather(*[http.get(f"/login?token={link}") for _ in range(8)])
    assert sorted(answer.status_code for answer in answers) == [303, *[401] * 7]


async def test_looking_at_a_link_does_not_use_it_up(http: httpx.AsyncClient, make: Make) -> None:
    link = await make(kind="link")
    assert (await http.head(f"/login?token={link}")).status_code == 200
    assert (await http.get("/api/me", headers={"authorization": f"Bearer {link}"})).status_code == 401
    assert (await http.get(f"/login?token={link}")).status_code == 303


async def test_the_form_and_json_take_an_access_token(http: httpx.AsyncClient, make: Make) -> None:
    token = await make(Role.VIEWER, rooms=["r1"])
    answer = await http.post("/login", data={"token": f" {token} ", "next": "/rooms/r1?x=1"}, headers=HERE)
    assert (answer.status_code, answer.headers["location"]) == (303, "/rooms/r1?x=1")
    assert (await http.get("/api/me")).json()["rooms"] == ["r1"]
    http.cookies.clear()
    assert (await http.post("/login", json={"token": token})).status_code == 204
    assert (await http.get("/api/me")).status_code == 200
    assert (await http.post("/login", json={"token": "no"})).headers["content-type"] == "application/problem+json"
    assert (await http.post("/login", json=["no"])).status_code == 422
    assert (await http.post("/login", data={"token": "no"})).status_code == 401


async def test_over_https_the_cookie_is_secure(app: Any, make: Make) -> None:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="https://screen.test") as https:
        answer = await https.post("/login", json={"token": await make()})
        assert "secure" in answer.headers["set-cookie"].lower()


@pytest.mark.parametrize(
    "path", ["//evil.example", "/\\evil.example", "https://evil.example", "/%0d%0ax", "/\r\nx: y", "", "evil", "/a\\b"]
)
async def test_going_on_stays_on_this_server(http: httpx.AsyncClient, make: Make, path: str) -> None:
    answer = await http.get("/login", params={"token": await make(kind="link"), "next": path})
    assert answer.headers["location"] in ("/", "/%0d%0ax")


async def test_another_origin_can_neither_log_in_nor_write_nor_log_out(http: httpx.AsyncClient, make: Make) -> None:
    token = await make(Role.ASSISTANT)
    evil = {"origin": "http://evil.example"}
    assert (await http.post("/login", data={"token": token}, headers=evil)).status_code == 403
    await http.post("/login", json={"token": token})
    note = {"kind": "noted", "text": "x"}
    for headers in (evil, {}, {"origin": "null"}):
        assert (await http.post("/api/rooms/r1/scenes", json=note, headers=headers)).status_code == 403
    await http.post("/logout", headers=evil)
    http.cookies.clear()
    await http.post("/login", json={"token": token})
    assert (await http.post("/api/rooms/r1/scenes", json=note, headers=HERE)).status_code == 201


@pytest.mark.parametrize(
    ("headers", "good"),
    [
        ({"origin": "null", "sec-fetch-site": "same-origin"}, True),  # Chromium's form where a page sends no referrer
        ({"origin": "http://screen.test", "sec-fetch-site": "same-origin"}, True),
        ({"origin": "https://outside.example", "sec-fetch-site": "same-origin"}, True),  # a proxy that changes the Host
        ({"origin": "HTTP://Screen.Test"}, True),
        ({}, True),  # a program
        ({"origin": "null"}, False),
        ({"origin": "null", "sec-fetch-site": "cross-site"}, False),
        ({"origin": "http://screen.test", "sec-fetch-site": "cross-site"}, False),
        ({"origin": "http://screen.test", "sec-fetch-site": "same-site"}, False),
        ({"origin": "http://["}, False),
        ({"origin": "http://screen.test:81"}, False),
    ],
)
async def test_a_form_of_our_own_page_logs_in_and_others_get_the_form(
    http: httpx.AsyncClient, make: Make, headers: dict[str, str], good: bool
) -> None:
    answer = await http.post("/login", data={"token": await make()}, headers={"accept-language": "zh", **headers})
    assert answer.status_code == (303 if good else 403)
    if not good:
        assert "set-cookie" not in answer.headers
        assert '<form method="post">' in answer.text
        assert "登录请求不是从本页发出的" in answer.text


async def test_an_origin_that_is_no_address_is_refused_not_a_bug(http: httpx.AsyncClient, make: Make) -> None:
    await http.post("/login", json={"token": await make(Role.ASSISTANT)})
    answer = await http.post("/api/rooms/r1/scenes", json={"kind": "noted", "text": "x"}, headers={"origin": "http://["})
    assert (answer.status_code, answer.json()["type"]) == (403, "urn:livescreen:wrong-origin")


async def test_a_token_has_so_many_sessions_and_the_form_offers_to_end_the_others(http: httpx.AsyncClient, make: Make) -> None:
    token = await make()
    for _ in range(4):
        assert (await http.post("/login", json={"token": token})).status_code == 204
    refused = await http.post("/login", json={"token": token})
    assert (refused.status_code, refused.json()["type"]) == (429, "urn:livescreen:too-many-sessions")
    first = {"cookie": f"livescreen={http.cookies['livescreen']}"}
    form = await http.post("/login", data={"token": token})
    assert (form.status_code, 'name="everywhere"' in form.text, token in form.text) == (429, True, False)
    done = await http.post("/login", data={"token": token, "everywhere": "1"})
    assert done.status_code == 303
    http.cookies.clear()
    assert (await http.get("/api/me", headers=first)).status_code == 401


async def test_logging_out_everywhere(http: httpx.AsyncClient, make: Make) -> None:
    token = await make(Role.VIEWER)
    cookies = []
    for _ in range(3):
        await http.post("/login", json={"token": token})
        cookies.append({"cookie": f"livescreen={http.cookies['livescreen']}"})
        http.cookies.clear()
    assert (await http.post("/logout/everywhere", headers={**cookies[0], "origin": "http://evil.example"})).status_code == 403
    assert (await http.post("/logout/everywhere")).status_code == 401
    assert (await http.post("/logout/everywhere", headers={**cookies[0], **HERE})).status_code == 303
    assert [(await http.get("/api/me", headers=cookie)).status_code for cookie in cookies] == [401] * 3
    assert (await http.post("/login", json={"token": token})).status_code == 204


async def test_the_form_asks_for_a_name_that_signs(http: httpx.AsyncClient, make: Make, producer: Any) -> None:
    token = await make(Role.ASSISTANT, name="desk")
    await http.post("/login", data={"token": token, "name": "小林"}, headers=HERE)
    assert (await http.get("/api/me")).json()["author"] == "小林 (desk)"
    answer = await http.post("/api/rooms/r1/scenes", json={"kind": "noted", "text": "x"}, headers=HERE)
    assert answer.json()["author"] == "小林 (desk)"


async def test_logging_out_ends_the_session_not_only_the_cookie(http: httpx.AsyncClient, make: Make) -> None:
    await http.post("/login", json={"token": await make()})
    cookie = {"cookie": f"livescreen={http.cookies['livescreen']}"}
    assert (await http.post("/logout", headers=HERE)).headers["location"] == "/login"
    http.cookies.clear()
    assert (await http.get("/api/me", headers=cookie)).status_code == 401


async def test_revoking_a_token_ends_the_sessions_it_opened(http: httpx.AsyncClient, tokens: Any) -> None:
    text, token = await tokens.make(Role.VIEWER, lifetime_ms=60_000)
    await http.post("/login", json={"token": text})
    assert (await http.get("/api/me")).status_code == 200
    assert await tokens.revoke(token.id[:12])
    assert (await http.get("/api/me")).status_code == 401


async def test_too_many_failures_have_to_wait(http: httpx.AsyncClient, make: Make, clock: Any) -> None:
    good = await make()
    for _ in range(10):
        assert (await http.post("/login", data={"token": "wrong"})).status_code == 401
    refused = await http.post("/login", data={"token": good})
    assert refused.status_code == 429
    assert 0 < int(refused.headers["retry-after"]) <= 60
    assert (await http.post("/login", json={"token": good})).json()["type"] == "urn:livescreen:too-many-attempts"
    clock.ahead_ms = 61_000
    assert (await http.post("/login", json={"token": good})).status_code == 204


async def test_the_page_speaks_the_browsers_language_and_shows_nothing_as_markup(http: httpx.AsyncClient) -> None:
    english = await http.get("/login", params={"next": '/"><script>alert(1)</script>'})
    assert '<html lang="en">' in english.text
    assert "<script>" not in english.text
    chinese = await http.post("/login", data={"token": "no"}, headers={"accept-language": "zh-CN,zh;q=0.9,en;q=0.8"})
    assert '<html lang="zh-CN">' in chinese.text
    assert "令牌无效" in chinese.text
    assert (await http.get("/login.css")).headers["content-type"].startswith("text/css")


async def test_pages_need_a_session_and_files_do_not(http: httpx.AsyncClient, make: Make) -> None:
    for path, onward in (("/", "%2F"), ("/rooms/r1", "%2Frooms%2Fr1"), ("/rooms/r1/host?x=1", "%2Frooms%2Fr1%2Fhost%3Fx%3D1")):
        answer = await http.get(path)
        assert (answer.status_code, answer.headers["location"]) == (303, f"/login?next={onward}")
    await http.post("/login", json={"token": await make()})
    for path in ("/", "/rooms/r1", "/rooms/r1/host"):
        answer = await http.get(path)
        assert "<title>screen</title>" in answer.text
        assert answer.headers["cache-control"] == "no-cache"
    asset = await http.get("/assets/index-abc.js")
    assert "immutable" in asset.headers["cache-control"]
    missing = await http.get("/assets/gone.js")
    assert (missing.status_code, missing.headers["content-type"]) == (404, "application/problem+json")
    assert (await http.get("/assets/../../screen/app.py")).status_code == 404


async def test_without_a_build_the_page_says_so(parts: Any, tmp_path: Any) -> None:
    from screen.app import create_app

    transport = httpx.ASGITransport(create_app(parts, tmp_path / "nothing"))
    async with httpx.AsyncClient(transport=transport, base_url="http://screen.test") as client:
        answer = await client.get("/")
        assert answer.status_code == 503
        assert "make setup" in answer.text
        assert (await client.get("/assets/x.js")).status_code == 404
