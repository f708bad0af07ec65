"""Subscriptions through the screen; what is secret goes in and never comes out."""

from typing import Any

import msgspec
import pytest

from screen.roles import Role

SECRET = "a-very-secret-secret"
HOOK = {"id": "duty", "target": "https://user:pass@hooks.example/path/key-1234", "secret": SECRET, "rooms": ["r*"]}


async def add(call: Any, given: Any = HOOK) -> Any:
    return await call("POST", "/api/subscriptions", role=Role.OPERATOR, json=given)


async def test_added_listed_changed_and_taken_away(call: Any, store: Any) -> None:
    made = await add(call)
    assert made.status_code == 201
    row = made.json()
    assert (row["id"], row["target"], row["has_secret"], row["rooms"]) == ("duty", "https://hooks.example/…", True, ["r*"])
    assert row["since_ms"] > 0

    changed = await add(call, {"id": "duty", "repeat_minutes": 5})
    assert (changed.status_code, changed.json()["repeat_minutes"]) == (200, 5)
    stored = msgspec.json.decode((await store.notices.subscriptions())["duty"])
    assert (stored["target"], stored["secret"], stored["since_ms"]) == (HOOK["target"], SECRET, row["since_ms"])

    off = await add(call, {"id": "duty", "enabled": False})
    assert off.json()["since_ms"] == row["since_ms"]
    on = await add(call, {"id": "duty"})
    assert on.json()["since_ms"] > row["since_ms"], "what came while it was off is not told late"

    page = await call("GET", "/api/subscriptions", role=Role.OPERATOR)
    assert [each["id"] for each in page.json()["subscriptions"]] == ["duty"]
    for answer in (made, changed, page):
        assert not [word for word in (SECRET, "pass", "key-1234") if word in answer.text]

    assert (await call("DELETE", "/api/subscriptions/duty", role=Role.OPERATOR)).status_code == 204
    assert (await call("DELETE", "/api/subscriptions/duty", role=Role.OPERATOR)).status_code == 404
    assert await store.notices.subscriptions() == {}


async def test_an_address_of_a_service_is_a_password_as_a_whole(call: Any) -> None:
    row = (await add(call, {"target": "feishu://token-5678"})).json()
    assert row["target"] == "feishu://…"
    assert row["id"]


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"target": "https://x.example", "secret": "short"},
        {**HOOK, "id": "../x"},
        {**HOOK, "more": 1},
        {**HOOK, "group_seconds": -1},
        [],
    ],
)
async def test_what_cannot_be_is_refused_without_saying_secrets(call: Any, store: Any, given: Any) -> None:
    answer = await add(call, given)
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    assert SECRET not in answer.text
    assert await store.notices.subscriptions() == {}


async def test_the_test_button_puts_a_message_on_the_way_of_all_others(call: Any, store: Any) -> None:
    await add(call)
    first, second = [(await call("POST", "/api/subscriptions/duty/test", role=Role.OPERATOR)).json()["id"] for _ in range(2)]
    waiting = (await store.notices.desks(["duty"], 10))["duty"].waiting
    assert [msgspec.json.decode(each.text)["id"] for each in waiting] == [first, second]
    assert (await call("GET", "/api/subscriptions/duty/log", role=Role.OPERATOR)).json() == {"log": []}
    await add(call, {"id": "duty", "enabled": False})
    assert (await call("POST", "/api/subscriptions/duty/test", role=Role.OPERATOR)).status_code == 409
    assert (await call("POST", "/api/subscriptions/nobody/test", role=Role.OPERATOR)).status_code == 404


async def test_one_that_cannot_be_read_is_named_and_can_be_taken_away(call: Any, store: Any) -> None:
    await store.notices.subscribe("old", '{"id": "old"}')
    assert (await call("GET", "/api/subscriptions", role=Role.OPERATOR)).json() == {"subscriptions": [], "broken": ["old"]}
    assert (await call("DELETE", "/api/subscriptions/old", role=Role.OPERATOR)).status_code == 204


@pytest.mark.parametrize("target", ["http://[::1", "http://a:99999999/", "http://℀.com", "http://exa mple/"])
async def test_a_target_that_is_no_address_is_refused_and_a_stored_one_breaks_nothing(call: Any, store: Any, target: str) -> None:
    assert (await add(call, {**HOOK, "target": target})).status_code == 422
    await store.notices.subscribe("old", msgspec.json.encode({**HOOK, "id": "old", "target": target}).decode())
    await add(call)
    page = (await call("GET", "/api/subscriptions", role=Role.OPERATOR)).json()
    assert ([each["id"] for each in page["subscriptions"]], page["broken"]) == (["duty"], ["old"])
    assert (await add(call, {**HOOK, "id": "old"})).status_code == 200, "written over, it is mended"


async def test_who_may(call: Any, http: Any) -> None:
    paths = [("GET", ""), ("POST", ""), ("DELETE", "/duty"), ("GET", "/duty/log"), ("POST", "/duty/test")]
    for method, path in paths:
        assert (await http.request(method, f"/api/subscriptions{path}")).status_code == 401
        assert (await call(method, f"/api/subscriptions{path}", role=Role.ASSISTANT)).status_code == 403
        assert (await call(method, f"/api/subscriptions{path}", role=Role.ADMIN, rooms=("r1",))).status_code == 403
