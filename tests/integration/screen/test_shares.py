"""Links that show one room to others: who makes them, what they open, and how they end."""

from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

from screen import shares
from screen.roles import Role
from screen.tokens import DAY_MS

Make = Callable[..., Awaitable[str]]


@pytest.fixture
async def desk(make: Make) -> dict[str, str]:
    """The headers of an operator."""
    return {"authorization": f"Bearer {await make(Role.OPERATOR, name='desk')}"}


async def share(http: httpx.AsyncClient, desk: dict[str, str], **wish: Any) -> dict[str, Any]:
    answer = await http.post("/api/rooms/r1/shares", json={"hours": 24, **wish}, headers=desk)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def test_a_link_reads_one_room_and_nothing_else(http: httpx.AsyncClient, desk: dict[str, str], log: Any, clock: Any) -> None:
    await log.enter(1, room="r2")
    made = await share(http, desk, name="  the agency ")
    assert made["name"] == "the agency"
    assert abs(made["expires"] - clock() - DAY_MS) < 60_000
    opened = await http.get("/login", params={"token": made["token"], "next": "/rooms/r1"})
    assert (opened.status_code, opened.headers["location"]) == (303, "/rooms/r1")
    assert (await http.get("/api/rooms/r1")).status_code == 200
    assert [row["room"] for row in (await http.get("/api/rooms")).json()["rooms"]] == ["r1"]
    assert (await http.get("/api/rooms/r2")).status_code == 403
    here = {"origin": "http://screen.test"}
    assert (await http.post("/api/rooms/r1/scenes", json={"kind": "noted", "text": "x"}, headers=here)).status_code == 403
    assert (await http.get("/api/rooms/r1/shares")).status_code == 403
    assert (await http.post("/api/rooms/r1/shares", json={"hours": 1}, headers=here)).status_code == 403


async def test_a_link_ends_by_itself(http: httpx.AsyncClient, desk: dict[str, str], clock: Any) -> None:
    made = await share(http, desk, hours=1)
    await http.get("/login", params={"token": made["token"]})
    assert (await http.get("/api/me")).json()["expires"] <= made["expires"]
    clock.ahead_ms = 3_600_001
    assert (await http.get("/api/rooms/r1")).status_code == 401
    assert (await http.get("/login", params={"token": made["token"]})).status_code == 401


async def test_a_revoked_link_shuts_out_whom_it_let_in(http: httpx.AsyncClient, desk: dict[str, str]) -> None:
    first, second = await share(http, desk, name="a"), await share(http, desk, name="b")
    assert [row["name"] for row in (await http.get("/api/rooms/r1/shares", headers=desk)).json()["shares"]] == ["a", "b"]
    await http.get("/login", params={"token": first["token"]})
    assert (await http.get("/api/rooms/r1")).status_code == 200
    address = f"/api/rooms/r1/shares/{first['id']}"
    assert (await http.delete(address, headers=desk)).status_code == 204
    assert (await http.get("/api/rooms/r1")).status_code == 401
    assert (await http.delete(address, headers=desk)).status_code == 404
    left = (await http.get("/api/rooms/r1/shares", headers=desk)).json()["shares"]
    assert [(row["id"], row["by"]) for row in left] == [(second["id"], "desk")]
    assert "token" not in left[0]


async def test_only_links_are_listed_and_revoked_and_only_of_ones_room(http: httpx.AsyncClient, make: Make, desk: dict[str, str]) -> None:
    await make(Role.VIEWER, rooms=["r1"])
    assert (await http.get("/api/rooms/r1/shares", headers=desk)).json() == {"shares": []}
    made = await share(http, desk)
    elsewhere = {"authorization": f"Bearer {await make(Role.OPERATOR, rooms=['r2'])}"}
    assert (await http.delete(f"/api/rooms/r1/shares/{made['id']}", headers=elsewhere)).status_code == 403
    assert (await http.post("/api/rooms/nowhere/shares", json={"hours": 1}, headers=desk)).status_code == 404


@pytest.mark.parametrize(
    "body", [b"", b"{}", b'{"hours": 0}', b'{"hours": 721}', b'{"hours": "1"}', b'{"hours": 1, "name": "%s"}' % (b"x" * 41)]
)
async def test_a_wrong_wish_is_a_problem(http: httpx.AsyncClient, desk: dict[str, str], body: bytes) -> None:
    answer = await http.post("/api/rooms/r1/shares", content=body, headers=desk)
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")


async def test_a_room_has_so_many_links_at_a_time(http: httpx.AsyncClient, desk: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shares, "MOST_SHARES", 1)
    await share(http, desk)
    assert (await http.post("/api/rooms/r1/shares", json={"hours": 1}, headers=desk)).status_code == 409


async def test_a_screen_that_is_loaded_again_by_its_link_has_one_session(
    http: httpx.AsyncClient, desk: dict[str, str], tokens: Any
) -> None:
    made = await share(http, desk)
    for _ in range(6):  # a token may have four sessions here
        answer = await http.get("/login", params={"token": made["token"], "next": "/rooms/r1/overlay?figures=gmv"})
        assert (answer.status_code, answer.headers["location"]) == (303, "/rooms/r1/overlay?figures=gmv")
    assert len([token for token in await tokens.list() if token.kind == "session"]) == 1


async def test_who_tries_a_link_keeps_the_own_session(http: httpx.AsyncClient, make: Make, desk: dict[str, str]) -> None:
    await http.get("/login", params={"token": await make(Role.OPERATOR)})
    made = await share(http, desk)
    await http.get("/login", params={"token": made["token"]})
    assert (await http.get("/api/me")).json()["role"] == "operator"


async def test_links_are_in_the_audit_log_without_their_token(http: httpx.AsyncClient, call: Any, desk: dict[str, str]) -> None:
    made = await share(http, desk, name="agency")
    await http.delete(f"/api/rooms/r1/shares/{made['id']}", headers=desk)
    found = (await call("GET", "/api/audit", role=Role.ADMIN)).json()["entries"]
    assert [(entry["part"], entry["action"], entry["what"]) for entry in found] == [
        ("shares", "DELETE rooms/shares", {"room": "r1", "share": made["id"]}),
        ("shares", "POST rooms/shares", {"room": "r1", "share": made["id"], "name": "agency", "hours": "24"}),
    ]
    assert made["token"] not in repr(found)
