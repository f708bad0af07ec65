"""Rules through the screen: read, changed whole or not at all, and how they stand on a room."""

import asyncio
import json
import re
from typing import Any

import pytest

from screen.roles import Role

RULES = """- id: entered
  kind: traffic
  when: total.entries >= 3
  title: {zh: 有人, en: People}
  message: {zh: 有人, en: People}
- id: unpaid
  kind: orders
  when: online.before > 5
  title: {zh: 题, en: T}
  message: {zh: 文, en: M}
"""
BROKEN = RULES + "- id: broken\n  kind: trade\n  when: total.nothing >\n  title: {zh: 题, en: T}\n  message: {zh: 文, en: M}\n"


async def test_the_shipped_rules_until_others_are_put_and_again_when_they_are_taken_away(call: Any, store: Any) -> None:
    page = (await call("GET", "/api/rules", role=Role.OPERATOR)).json()
    assert page["shipped"] is True
    assert page["problems"] == []
    assert "online_falling" in {rule["id"] for rule in page["rules"]}

    answer = await call("PUT", "/api/rules", role=Role.OPERATOR, content=RULES.encode())
    assert (answer.status_code, answer.json()["shipped"]) == (200, False)
    assert await store.alerts.rules() == RULES
    page = (await call("GET", "/api/rules", role=Role.OPERATOR)).json()
    assert [(rule["id"], rule["when"]) for rule in page["rules"]] == [("entered", "total.entries >= 3"), ("unpaid", "online.before > 5")]

    assert (await call("DELETE", "/api/rules", role=Role.OPERATOR)).json()["shipped"] is True
    assert await store.alerts.rules() is None


@pytest.mark.parametrize("text", [BROKEN, "", "nonsense", "\udcff"])
async def test_broken_rules_change_nothing(call: Any, store: Any, text: str) -> None:
    await store.alerts.put_rules(RULES)
    answer = await call("PUT", "/api/rules", role=Role.OPERATOR, content=text.encode("utf-8", "surrogateescape"))
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    assert await store.alerts.rules() == RULES


async def test_a_refusal_names_rule_and_line(call: Any) -> None:
    (problem,) = (await call("PUT", "/api/rules", role=Role.OPERATOR, content=BROKEN.encode())).json()["problems"]
    assert problem["rule"] == "broken"
    assert 11 <= problem["line"] <= 15
    assert problem["reason"] and re.search(r"[\u4e00-\u9fff]", problem["reason_zh"])


async def test_a_rule_is_switched_off_and_on_and_nothing_else_changes(call: Any, store: Any) -> None:
    await store.alerts.put_rules(RULES)
    page = (await call("POST", "/api/rules/unpaid", role=Role.OPERATOR, json={"enabled": False})).json()
    assert ([rule["id"] for rule in page["rules"]], [(rule["id"], rule["title_en"]) for rule in page["off"]]) == (
        ["entered"],
        [("unpaid", "T")],
    )
    assert (await store.alerts.rules()).replace("  enabled: false\n", "") == RULES
    assert (await call("POST", "/api/rules/unpaid", role=Role.OPERATOR, json={"enabled": True})).status_code == 200
    assert await store.alerts.rules() == RULES
    assert (await call("POST", "/api/rules/nope", role=Role.OPERATOR, json={"enabled": True})).status_code == 404
    assert (await call("POST", "/api/rules/unpaid", role=Role.OPERATOR, json={"on": True})).status_code == 422


async def test_a_check_changes_nothing(call: Any, store: Any) -> None:
    found = (await call("POST", "/api/rules/check", role=Role.OPERATOR, content=BROKEN.encode())).json()
    assert (found["rules"], [problem["rule"] for problem in found["problems"]]) == (["entered", "unpaid"], ["broken"])
    assert await store.alerts.rules() is None


async def test_nobody_writes_over_what_another_has_just_saved(call: Any) -> None:
    read = (await call("GET", "/api/rules", role=Role.OPERATOR)).json()
    headers = {"if-match": f'"{read["version"]}"'}
    saved = await call("PUT", "/api/rules", role=Role.OPERATOR, content=RULES.encode(), headers=headers)
    assert (saved.status_code, saved.json()["origin"]) == (200, "store")
    assert (await call("PUT", "/api/rules", role=Role.OPERATOR, content=RULES.encode(), headers=headers)).status_code == 412


async def test_of_two_operators_at_once_both_are_heard_or_one_is_told(call: Any, store: Any) -> None:
    await store.alerts.put_rules(RULES + RULES.replace("entered", "third").partition("- id: unpaid")[0])  # one stays on: all off is refused
    switches = [call("POST", f"/api/rules/{rule}", role=Role.OPERATOR, json={"enabled": False}) for rule in ("unpaid", "entered")]
    statuses = [answer.status_code for answer in await asyncio.gather(*switches)]
    assert set(statuses) <= {200, 412}
    assert (await store.alerts.rules()).count("enabled: false") == statuses.count(200)


async def test_how_rules_stand_on_a_room(call: Any, store: Any) -> None:
    await store.alerts.put_rules(RULES)
    rows = (await call("GET", "/api/rooms/r1/rules", role=Role.OPERATOR)).json()["rules"]
    assert rows[0] == {"rule": "entered", "subject": "", "holds": True, "unknown": None}
    assert rows[1]["holds"] is None
    assert rows[1]["unknown"].startswith("no_value")


async def test_who_may(call: Any, http: Any) -> None:
    changing = (("PUT", "/api/rules"), ("DELETE", "/api/rules"), ("POST", "/api/rules/x"))
    for method, path in (("GET", "/api/rules"), ("POST", "/api/rules/check"), ("GET", "/api/rooms/r1/rules"), *changing):
        assert (await http.request(method, path)).status_code == 401
        assert (await call(method, path, role=Role.ASSISTANT)).status_code == 403
    for method, path in changing:
        assert (await call(method, path, role=Role.ADMIN, rooms=("r1",), content=RULES.encode())).status_code == 403


async def test_what_each_watcher_holds_to_stands_beside_the_text(call: Any, store: Any) -> None:
    assert (await call("GET", "/api/rules", role=Role.OPERATOR)).json()["watchers"] == []
    await store.leases.attend("one", 60_000)
    said = {"path": "/r.yaml", "version": "x", "rules": ["a"], "problems": [{"line": 3, "rule": "b", "reason": "no fact x"}], "unread": ""}
    await store.alerts.hold("one", json.dumps(said), 60_000)
    (shown,) = (await call("GET", "/api/rules", role=Role.OPERATOR)).json()["watchers"]
    assert [problem.pop("reason_zh") for problem in shown["problems"]] == ["没有 x 这个指标"]
    assert shown == said


async def test_numbers_of_a_rule_are_turned_in_its_text_alone(call: Any, store: Any) -> None:
    await store.alerts.put_rules(RULES)
    answer = await call(
        "POST", "/api/rules/entered/thresholds", role=Role.OPERATOR, json={"numbers": {"when": [5]}, "durations": {"for": "10s"}}
    )
    assert answer.status_code == 200
    assert await store.alerts.rules() == RULES.replace(">= 3", ">= 5\n  for: 10s")
    row = next(rule for rule in answer.json()["rules"] if rule["id"] == "entered")
    assert (row["form"]["conditions"]["when"][-1], row["for_ms"]) == ({"number": 5, "unit": "count"}, 10_000)


@pytest.mark.parametrize(
    ("rule", "body", "status"),
    [
        ("nope", {}, 404),
        ("entered", {"numbers": {"when": [1, 2]}}, 422),
        ("entered", {"durations": {"for": "x"}}, 422),
        ("entered", {"more": 1}, 422),
        ("entered", [], 422),
    ],
)
async def test_numbers_that_cannot_be_change_nothing(call: Any, store: Any, rule: str, body: Any, status: int) -> None:
    await store.alerts.put_rules(RULES)
    answer = await call("POST", f"/api/rules/{rule}/thresholds", role=Role.OPERATOR, json=body)
    assert (answer.status_code, await store.alerts.rules()) == (status, RULES)
    assert (await call("POST", "/api/rules/entered/thresholds", role=Role.ASSISTANT, json={})).status_code == 403


async def test_a_preview_tells_when_it_would_have_fired_in_a_room(call: Any, store: Any, log: Any) -> None:
    text = "- id: busy\n  kind: traffic\n  when: last_5m.entries >= 1\n  title: {zh: 题, en: T}\n  message: {zh: 文, en: M}\n"
    other = text.replace("busy", "product").replace("last_5m.entries", "product.left").replace("kind", "subject: product\n  kind")
    await store.alerts.put_rules(text + other)

    async def ask(rule: str, body: Any) -> Any:
        return await call("POST", f"/api/rooms/r1/rules/{rule}/preview", role=Role.OPERATOR, json=body)

    found = (await ask("busy", {})).json()
    assert found["not_judged"] is None
    assert len(found["firings"]) == 1
    assert (await ask("busy", {"numbers": {"when": [1_000_000]}})).json() == {
        "firings": [],
        "minutes": found["minutes"],
        "not_judged": None,
    }
    assert (await ask("product", {})).json()["not_judged"] == "subject"
    assert await store.alerts.rules() is not None
    assert (await call("POST", "/api/rooms/r1/rules/busy/preview", role=Role.VIEWER, json={})).status_code == 403
    assert (await call("POST", "/api/rooms/nope/rules/busy/preview", role=Role.OPERATOR, json={})).status_code == 404
    assert (await call("POST", "/api/rooms/r1/rules/busy/preview?since=x", role=Role.OPERATOR, json={})).status_code == 422
