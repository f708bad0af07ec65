"""Who changed what, and when: every call that changes something is in the log, without secrets, within bounds."""

from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest
from starlette.routing import Route

from screen import audit as audit_module
from screen.audit import Audit
from screen.parts import Parts
from screen.roles import Role
from streams.store.port import StoreAway

Make = Callable[..., Awaitable[str]]
HERE = {"origin": "http://screen.test"}
SUBSCRIPTION = {"name": "x", "target": "https://hooks.example/very-secret-path", "secret": "s" * 32}


async def entries(call: Any, **query: Any) -> list[dict[str, Any]]:
    answer = await call("GET", "/api/audit", role=Role.ADMIN, params=query)
    assert answer.status_code == 200
    return list(answer.json()["entries"])


async def test_each_change_is_there_with_who_and_when(call: Any, http: httpx.AsyncClient, make: Make, clock: Any) -> None:
    token = await make(Role.OPERATOR, name="desk")
    bearer = {"authorization": f"Bearer {token}"}
    await http.post("/api/rooms/r1/scenes", json={"kind": "noted", "note": "n1", "text": "hidden words"}, headers=bearer)
    made = await http.post("/api/subscriptions", json=SUBSCRIPTION, headers=bearer)
    assert made.status_code == 201, made.text
    await http.delete(f"/api/subscriptions/{made.json()['id']}", headers=bearer)
    rules = (await http.get("/api/rules", headers=bearer)).json()
    await http.post("/api/rules/check", content=rules["text"], headers=bearer)
    assert (await http.put("/api/rules", content=rules["text"], headers=bearer)).status_code == 200
    await http.post("/login", json={"token": token, "name": "Lin"})
    await http.post("/logout", headers=HERE)
    found = await entries(call)
    assert [(entry["part"], entry["action"], entry["by"]) for entry in found] == [
        ("sessions", "logout", "Lin (desk)"),
        ("sessions", "login", "Lin (desk)"),
        ("rules", "PUT rules", "desk"),
        ("subscriptions", "DELETE subscriptions", "desk"),
        ("subscriptions", "POST subscriptions", "desk"),
        ("scenes", "noted", "desk"),
    ]
    assert found[-1]["what"] == {"room": "r1", "note": "n1"}
    assert found[-2]["what"] == {"subscription": made.json()["id"]}
    assert all(abs(entry["at"] - clock()) < 60_000 and entry["role"] == "operator" for entry in found)
    for secret in ("very-secret-path", "s" * 32, token, "hidden words"):
        assert secret not in repr(found)


async def test_what_was_refused_or_only_read_is_not_there(call: Any) -> None:
    await call("POST", "/api/rooms/r1/scenes", role=Role.VIEWER, json={"kind": "noted", "text": "x"})
    await call("POST", "/api/rooms/r1/scenes", role=Role.ASSISTANT, json={"kind": "nonsense"})
    await call("GET", "/api/rooms/r1")
    preview = await call("POST", "/api/rooms/r1/rules/online_falling/preview", role=Role.OPERATOR, json={})
    assert preview.status_code == 200, preview.text
    assert await entries(call) == []


async def test_administrators_of_all_rooms_read_it(call: Any) -> None:
    for role, rooms, status in ((Role.OPERATOR, (), 403), (Role.ADMIN, ("r1",), 403), (Role.ADMIN, (), 200)):
        assert (await call("GET", "/api/audit", role=role, rooms=rooms)).status_code == status
    for query in ({"limit": "0"}, {"limit": "x"}, {"before": "-1"}):
        assert (await call("GET", "/api/audit", role=Role.ADMIN, params=query)).status_code == 422


async def test_a_busy_part_pushes_no_other_out(parts: Parts, call: Any, monkeypatch: pytest.MonkeyPatch, clock: Any) -> None:
    monkeypatch.setattr(audit_module, "KEPT", 10)
    await parts.audit.add("rules", "PUT rules", {}, by="a")
    for number in range(50):
        clock.ahead_ms += 1
        await parts.audit.add("scenes", "noted", {"note": str(number)}, by="b")
    found = await entries(call)
    assert len(found) == 11
    assert found[-1]["part"] == "rules"
    older = await entries(call, before=found[0]["at"], limit=3)
    assert [entry["what"]["note"] for entry in older] == ["48", "47", "46"]


async def test_a_change_stands_when_it_cannot_be_written_down(
    call: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def away(*_: Any, **__: Any) -> None:
        raise StoreAway("gone")

    monkeypatch.setattr(Audit, "add", away)
    answer = await call("POST", "/api/rooms/r1/scenes", role=Role.ASSISTANT, json={"kind": "noted", "text": "x"})
    assert answer.status_code == 201
    assert "not in the audit log" in caplog.text


def test_every_call_that_changes_something_belongs_to_a_part(app: Any) -> None:
    changing = [
        (method, route.path)
        for route in app.routes
        if isinstance(route, Route) and route.path.startswith("/api/")
        for method in (route.methods or set()) & {"POST", "PUT", "DELETE", "PATCH"}
    ]
    assert len(changing) >= 7
    parts = {path: audit_module._named(method, path, {})[0] for method, path in changing}
    assert "other" not in parts.values(), parts
