"""The JSON calls: what they give, and whom they refuse."""

from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

from screen.roles import Role
from streams.topics import ORDERS, SCENES, VIEWS
from streams.workers import Report

Call = Callable[..., Awaitable[httpx.Response]]


def problem(answer: httpx.Response, status: int, kind: str) -> None:
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert body["type"] == f"urn:livescreen:{kind}"
    assert body["status"] == status
    assert body["title"]
    assert body["detail"]


async def test_the_board_and_the_list_of_rooms(call: Call, log: Any) -> None:
    await log.add(ORDERS, {"kind": "paid", "user": "u0", "order": "o1", "product": "p", "quantity": 2, "amount": 1990})
    board = (await call("GET", "/api/rooms/r1")).json()
    assert (board["room"], board["title"], board["status"]) == ("r1", "秋季上新", "live")
    assert board["total"]["viewers"] == 3
    assert board["total"]["gmv"] == 1990
    assert abs(board["at"] - log.clock()) < 2_000
    (row,) = (await call("GET", "/api/rooms")).json()["rooms"]
    assert (row["room"], row["status"], row["total"]["gmv"]) == ("r1", "live", 1990)


async def test_a_board_asked_for_again_has_what_came_since(call: Call, log: Any, settings: Any) -> None:
    assert (await call("GET", "/api/rooms/r1")).json()["total"]["viewers"] == 3
    await log.enter(2)
    log.clock.ahead_ms += settings.tick_ms
    assert (await call("GET", "/api/rooms/r1")).json()["total"]["viewers"] == 5


async def test_minutes_are_half_open(call: Call, log: Any) -> None:
    minute = log.clock() // 60_000 * 60_000
    for start, end, found in ((minute, minute + 60_000, 1), (minute - 60_000, minute, 0), (minute + 60_000, minute + 120_000, 0)):
        answer = await call("GET", f"/api/rooms/r1/minutes?from={start}&to={end}")
        assert len(answer.json()["minutes"]) == found
    (row,) = (await call("GET", "/api/rooms/r1/minutes")).json()["minutes"]
    assert (row["at"], row["entries"]) == (minute, 3)


async def test_minutes_of_any_span(call: Call, log: Any) -> None:
    long_ago = log.clock() // 60_000 * 60_000 - 30 * 86_400_000
    await log.add(VIEWS, {"kind": "liked", "user": "u", "at": long_ago})
    for query in ("", "?from=&to=", "?from=0", f"?from=0&to={2**53}", f"?to={2**53}"):
        found = (await call("GET", f"/api/rooms/r1/minutes{query}")).json()["minutes"]
        assert [row["at"] for row in found] == [long_ago, log.clock() // 60_000 * 60_000]


@pytest.mark.parametrize("query", ["from=x", "from=-1", "to=1e9", "from=٣", "from=200&to=100", f"to={10**16}"])
async def test_wrong_times_are_refused(call: Call, query: str) -> None:
    answer = await call("GET", f"/api/rooms/r1/minutes?{query}")
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"


async def test_minutes_of_sources(call: Call, log: Any) -> None:
    await log.add(
        ORDERS, {"kind": "paid", "user": "u1", "order": "o1", "product": "p1", "quantity": 1, "amount": 1990, "source": "ads_feed"}
    )
    end_ms = log.clock() + 60_000
    query = f"source=ads_feed&source=search&source=unknown&from={end_ms - 3_600_000}&to={end_ms}"
    (paid, natural) = (await call("GET", f"/api/rooms/r1/minutes?{query}")).json()["minutes"]
    assert (paid["source"], paid["gmv"], paid["orders_paid"]) == ("ads_feed", 1990, 1)
    assert (natural["source"], natural["entries"], natural["at"] % 60_000) == ("search", 3, 0)


@pytest.mark.parametrize("query", ["&".join(f"source=s{n}" for n in range(17)), "source=a&source=b&from=0&to=604800000"])
async def test_minutes_of_too_many_sources(call: Call, log: Any, query: str) -> None:
    del log
    problem(await call("GET", f"/api/rooms/r1/minutes?{query}"), 422, "too-many-sources")


@pytest.mark.parametrize("path", ["/api/rooms", "/api/rooms/r1", "/api/rooms/r1/minutes", "/api/dictionary", "/api/me", "/metrics"])
async def test_nothing_is_open_without_a_token(http: httpx.AsyncClient, path: str) -> None:
    for headers in ({}, {"authorization": "Bearer nonsense"}, {"authorization": "Basic dTpw"}, {"cookie": "livescreen=nonsense"}):
        answer = await http.get(path, headers=headers)
        problem(answer, 401, "unauthorized")
        assert answer.headers["www-authenticate"].startswith("Bearer")


async def test_expired_and_revoked_tokens_are_refused(http: httpx.AsyncClient, tokens: Any, clock: Any) -> None:
    text, token = await tokens.make(Role.ADMIN, lifetime_ms=60_000)
    bearer = {"authorization": f"Bearer {text}"}
    assert (await http.get("/api/me", headers=bearer)).status_code == 200
    clock.ahead_ms = 61_000
    problem(await http.get("/api/me", headers=bearer), 401, "unauthorized")
    clock.ahead_ms = 0
    await tokens.revoke(token.id)
    problem(await http.get("/api/me", headers=bearer), 401, "unauthorized")


async def test_a_token_of_another_room_is_forbidden_and_an_unknown_room_not_found(call: Call) -> None:
    problem(await call("GET", "/api/rooms/r1", rooms=("r2",)), 403, "wrong-room")
    problem(await call("GET", "/api/rooms/nowhere", rooms=("r2",)), 403, "wrong-room")
    assert (await call("GET", "/api/rooms/r1", rooms=("r1", "r2"))).status_code == 200
    assert (await call("GET", "/api/rooms", rooms=("r2",))).json()["rooms"] == []
    problem(await call("GET", "/api/rooms/nowhere"), 404, "unknown-room")
    problem(await call("GET", "/api/rooms/%7Bno%7D%20room"), 404, "unknown-room")
    problem(await call("GET", "/api/nothing"), 404, "not-found")
    problem(await call("DELETE", "/api/rooms"), 405, "method-not-allowed")
    plain = await call("GET", "/ws/rooms/r1")
    problem(plain, 426, "no-websocket")
    assert (plain.headers["upgrade"], plain.headers["connection"]) == ("websocket", "upgrade")
    problem(await call("GET", "/ws/rooms/nowhere"), 404, "unknown-room")


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("GET", "/api/rooms/r1/scenes", "POST"),
        ("GET", "/api/rooms/r1/alerts/a/ack", "POST"),
        ("DELETE", "/api/rooms/r1", "GET, HEAD"),
        ("POST", "/api/rules", "DELETE, GET, HEAD, PUT"),
        ("PUT", "/login", "GET, HEAD, POST"),
        ("POST", "/assets/index-abc.js", None),
    ],
)
async def test_another_method_is_told_which_there_are(call: Call, method: str, path: str, allowed: str | None) -> None:
    answer = await call(method, path)
    problem(answer, 405, "method-not-allowed")
    assert allowed in (answer.headers.get("allow"), None)


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
async def test_what_is_not_there_is_not_found_by_any_method(call: Call, method: str) -> None:
    for path in ("/api/nothing", "/api/rooms/r1/", "/nothing", "/assets/nothing.js"):
        problem(await call(method, path), 404, "not-found")


async def test_a_note_is_filled_in_and_acknowledged(call: Call, producer: Any, log: Any) -> None:
    answer = await call(
        "POST", "/api/rooms/r1/scenes", role=Role.ASSISTANT, json={"kind": "noted", "text": "开始秒杀", "author": "someone else"}
    )
    assert answer.status_code == 201
    event = answer.json()
    assert event["author"] == "a assistant"
    assert event["note"] == event["id"]
    assert abs(event["at"] - log.clock()) < 2_000
    assert producer.sent == [(SCENES, "r1", event)]
    log.clock.ahead_ms += 60
    scenes = (await call("GET", "/api/rooms/r1")).json()["scenes"]
    assert any(scene.get("text") == "开始秒杀" for scene in scenes)


async def test_a_note_written_without_network_keeps_its_name_and_time(call: Call, log: Any) -> None:
    given = {"kind": "noted", "text": "x", "id": "mine", "at": log.clock() - 5_000, "room": "another"}
    event = (await call("POST", "/api/rooms/r1/scenes", role=Role.ASSISTANT, json=given)).json()
    assert (event["id"], event["note"], event["at"], event["room"]) == ("mine", "mine", given["at"], "r1")


async def test_roles_of_scenes(call: Call) -> None:
    note, prompt = {"kind": "noted", "text": "x"}, {"kind": "prompted", "text": "x"}
    problem(await call("POST", "/api/rooms/r1/scenes", role=Role.VIEWER, json=note), 403, "wrong-role")
    problem(await call("POST", "/api/rooms/r1/scenes", role=Role.ASSISTANT, json=prompt), 403, "wrong-role")
    problem(await call("POST", "/api/rooms/r1/scenes", role=Role.ADMIN, rooms=("r2",), json=note), 403, "wrong-room")
    assert (await call("POST", "/api/rooms/r1/scenes", role=Role.OPERATOR, json=prompt)).status_code == 201


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"", "not-json"),
        (b"[]", "not-json"),
        (b"\xff", "not-json"),
        (b"[" * 10_000, "not-json"),
        (b'{"text": "x"}', "unknown-kind"),
        (b'{"kind": ["noted"]}', "unknown-kind"),
        (b'{"kind": "noted", "text": "x", "at": 1%s}' % (b"0" * 30), "future"),
        (b'{"kind": "listed", "product": "p", "title": "x", "stock": 1, "price": 1%s}' % (b"0" * 30), "wrong-value"),
        (b'{"kind": "noted", "text": "x", "more": %s%s}' % (b"[" * 30_000, b"]" * 30_000), "not-json"),
        (b'{"kind": "entered"}', "unknown-kind"),
        (b'{"kind": "noted"}', "missing-field"),
        (b'{"kind": "noted", "text": 5}', "wrong-type"),
        (b'{"kind": "noted", "text": "x", "at": 9000000000000}', "future"),
        (b'{"kind": "noted", "text": "x", "id": ""}', "wrong-value"),
        (b'{"kind": "noted", "text": ""}', "empty-text"),
        (b'{"kind": "noted", "text": " \\n\\u3000\\u200b"}', "empty-text"),
        (b'{"kind": "note_edited", "note": "n", "text": " "}', "empty-text"),
        (b'{"kind": "noted", "text": "x", "more": "%s"}' % (b"y" * 65_460), "too-large"),
    ],
)
async def test_wrong_scenes_are_refused(call: Call, producer: Any, body: bytes, kind: str) -> None:
    problem(await call("POST", "/api/rooms/r1/scenes", role=Role.ASSISTANT, content=body), 422, kind)
    assert producer.sent == []


async def test_a_body_over_64_kib_is_refused(call: Call) -> None:
    answer = await call("POST", "/api/rooms/r1/scenes", role=Role.ASSISTANT, content=b"x" * 70_000)
    problem(answer, 413, "too-large")


async def test_scenes_of_unknown_rooms(call: Call, producer: Any) -> None:
    note = {"kind": "noted", "text": "x"}
    problem(await call("POST", "/api/rooms/new/scenes", role=Role.ASSISTANT, json=note), 404, "unknown-room")
    opened = {"kind": "opened", "title": "new"}
    assert (await call("POST", "/api/rooms/new/scenes", role=Role.ASSISTANT, json=opened)).status_code == 201
    assert (await call("POST", "/api/rooms/new/scenes", role=Role.ASSISTANT, json=note)).status_code == 201
    answer = await call("POST", "/api/rooms/a%20b/scenes", role=Role.ASSISTANT, json=opened)
    problem(answer, 422, "wrong-value")


async def test_without_kafka_a_scene_is_not_accepted(call: Call, producer: Any, http: httpx.AsyncClient) -> None:
    assert (await http.get("/readyz?of=screen")).json() == {"kafka": "ok", "redis": "ok"}
    producer.away = True
    answer = await call("POST", "/api/rooms/r1/scenes", role=Role.ASSISTANT, json={"kind": "noted", "text": "x"})
    problem(answer, 503, "kafka-away")
    assert answer.headers["retry-after"]
    ready = await http.get("/readyz")
    assert (ready.status_code, ready.json()) == (503, {"kafka": "away", "redis": "ok", "agents": "none has reported yet"})
    assert (await http.get("/healthz")).status_code == 200


async def test_dictionary_me_and_metrics(call: Call) -> None:
    dictionary = (await call("GET", "/api/dictionary")).json()
    metrics = dictionary["metrics"]
    assert dictionary["sources"]["ads_feed"] == {"zh": "信息流广告", "en": "Feed ads"}
    gmv = next(metric for metric in metrics if metric["name"] == "gmv")
    assert (gmv["zh"], gmv["unit"], gmv["group"]) == ("成交金额", "money", "trade")
    me = (await call("GET", "/api/me", rooms=("r1",))).json()
    assert (me["role"], me["rooms"], me["name"]) == ("viewer", ["r1"], "a viewer")
    await call("GET", "/api/nothing")
    for name in ("BREW", "x" * 1_000):  # anybody may send these, and each would be kept for ever
        await call(name, "/api/nothing")
    text = (await call("GET", "/metrics")).text
    assert 'livescreen_http_seconds_count{method="GET",status="404"} 1.0' in text
    assert {line.partition('method="')[2].partition('"')[0] for line in text.splitlines() if 'method="' in line} == {"GET", "other"}
    assert "1990" not in text


@pytest.mark.parametrize("path", ["/healthz", "/api/rooms", "/api/nothing", "/login", "/assets/index-abc.js", "/"])
async def test_security_headers_are_on_everything(http: httpx.AsyncClient, path: str) -> None:
    headers = (await http.get(path)).headers
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "script-src 'self'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"


async def test_a_bug_is_a_500_without_its_text(http: httpx.AsyncClient, call: Call, parts: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> bytes:
        raise RuntimeError("secret")

    monkeypatch.setattr(parts.measures, "text", broken)
    answer = await call("GET", "/metrics")
    problem(answer, 500, "bug")
    for name in ("content-security-policy", "x-content-type-options", "x-frame-options", "referrer-policy"):
        assert answer.headers[name], name
    assert answer.headers["cache-control"] == "no-store"
    assert "secret" not in answer.text


async def test_a_products_page(call: Call, log: Any) -> None:
    now = log.clock()
    order = {"user": "u0", "order": "o1", "product": "a/b", "sku": "red", "quantity": 2, "amount": 1990}
    await log.add(SCENES, {"kind": "listed", "product": "a/b", "title": "T", "price": 995, "stock": 9})
    await log.add(SCENES, {"kind": "explain_started", "product": "a/b"})
    await log.add(ORDERS, {"kind": "created", **order}, {"kind": "paid", **order})

    page = (await call("GET", "/api/rooms/r1/products/a%2Fb")).json()

    assert (page["product"]["title"], page["product"]["explaining"]) == ("T", True)
    assert sum(row["gmv"] for row in page["minutes"]) == 1990
    (explanation,) = page["explanations"]
    assert explanation["end"] is None and explanation["start"] <= now + 60_000
    (sku,) = page["skus"]
    assert (sku["sku"], sku["orders_paid"], sku["gmv"]) == ("red", 1, 1990)
    assert {row["kind"] for row in page["orders"]} == {"created", "paid"}
    problem(await call("GET", "/api/rooms/r1/products/none"), 404, "unknown-product")

    await log.add(SCENES, {"kind": "closed"})
    (ended,) = (await call("GET", "/api/rooms/r1/products/a%2Fb")).json()["explanations"]
    closed_at = (await call("GET", "/api/rooms/r1")).json()["closed_at"]
    assert (ended["end"], ended["duration_ms"]) == (None, closed_at - ended["start"])


async def test_unpaid_orders_are_paged_and_those_that_lapsed_are_apart(call: Call, log: Any) -> None:
    now = log.clock()
    order = {"user": "dave", "product": "p9", "quantity": 1, "amount": 100}
    made = [{"kind": "created", "order": f"o{n}", "at": now - ago * 60_000 + n, **order} for n, ago in enumerate([40, 40, 20, 10, 1])]
    await log.add(ORDERS, *made)

    async def orders(query: str) -> tuple[int, int, list[str]]:
        page = (await call("GET", f"/api/rooms/r1/unpaid?product=p9{query}")).json()
        return page["orders"], page["lapsed"], [row["order"] for row in page["rows"]]

    assert await orders("") == (3, 2, ["o2", "o3", "o4"])
    assert await orders("&offset=1&limit=1") == (3, 2, ["o3"])
    assert await orders("&lapsed=1") == (3, 2, ["o1", "o0"])
    board = (await call("GET", "/api/rooms/r1")).json()
    assert (board["ledger"]["orders"], board["total"]["orders_lapsed"]) == (board["total"]["orders_unpaid"], 2)
    problem(await call("GET", "/api/rooms/r1/unpaid?offset=x"), 422, "wrong-number")


async def test_products_come_in_pages(call: Call, log: Any) -> None:
    for n, product in enumerate("pqr"):
        await log.add(ORDERS, {"kind": "paid", "user": "u0", "order": f"o{n}", "product": product, "quantity": 1, "amount": 100 * n})
    plain = (await call("GET", "/api/rooms/r1")).json()
    assert plain["products_total"] == len(plain["products"]) >= 3
    gmv = [row["total"]["gmv"] for row in plain["products"]]
    assert gmv[:2] == [200, 100] and gmv == sorted(gmv, reverse=True)
    behind = (await call("GET", "/api/rooms/r1?sort=items_sold&offset=1")).json()
    assert (len(behind["products"]), behind["products_total"]) == (plain["products_total"] - 1, plain["products_total"])
    problem(await call("GET", "/api/rooms/r1?sort=title"), 422, "wrong-sort")
    for wrong in ("-1", "x"):
        assert (await call("GET", f"/api/rooms/r1?offset={wrong}")).status_code == 422


async def test_readiness_tells_that_agents_stand_still_or_ended_and_why(call: Call, http: httpx.AsyncClient, store: Any) -> None:
    async def said(condition: str, why: str, alive: int) -> tuple[int, str]:
        await store.report("w", Report(1, condition, why).text(), alive)  # type: ignore[arg-type]
        answer = await http.get("/readyz")
        assert (await http.get("/readyz?of=screen")).status_code == 200
        return answer.status_code, answer.json()["agents"]

    assert await said("runs", "", 30) == (200, "1 run")
    assert await said("stalled", "live.views:0 stands", 30) == (503, "1 of 1 stand still: live.views:0 stands")
    assert await said("ended", "its log was cut", 0) == (503, "none runs; the last one ended: its log was cut")
