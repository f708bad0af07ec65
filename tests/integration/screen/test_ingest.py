"""`POST /in/events` on a real store, with Kafka and the agents behind a fake producer (tests/kafka has the real one)."""

import asyncio
import gzip
import json
from typing import Any

import httpx
import pytest

from screen.roles import Role
from streams import topics
from streams.intake.repeats import CLAIM_MS, PERIOD_MS

from .conftest import Call, Clock, FakeProducer, Make

NDJSON = {"content-type": "application/x-ndjson"}


def view(number: int, clock: Clock, **more: Any) -> dict[str, Any]:
    return {"topic": topics.VIEWS, "id": f"e{number}", "room": "r1", "at": clock(), "kind": "liked", "user": f"u{number}", **more}


def ndjson(*rows: dict[str, Any]) -> bytes:
    return b"".join(json.dumps(row).encode() + b"\n" for row in rows)


async def post(http: httpx.AsyncClient, token: str, body: bytes, **headers: str) -> httpx.Response:
    return await http.post("/in/events", content=body, headers={**NDJSON, "authorization": f"Bearer {token}", **headers})


async def test_a_good_and_a_bad_line(http: httpx.AsyncClient, make: Make, clock: Clock, producer: FakeProducer) -> None:
    bad = view(2, clock)
    del bad["user"]
    answer = await post(http, await make(Role.SOURCE), ndjson(view(1, clock), bad))
    assert answer.status_code == 200
    found = answer.json()
    assert (found["accepted"], found["repeated"], found["rejected"]) == (1, 0, 1)
    assert [(error["line"], error["id"], error["reason"]) for error in found["errors"]] == [(2, "e2", "missing-field")]
    assert [(topic, key, value["id"]) for topic, key, value in producer.sent] == [(topics.VIEWS, "r1", "e1")]


async def test_packed_with_gzip(http: httpx.AsyncClient, make: Make, clock: Clock) -> None:
    body = gzip.compress(ndjson(view(1, clock))) + gzip.compress(ndjson(view(2, clock)))
    answer = await post(http, await make(Role.SOURCE), body, **{"content-encoding": "gzip"})
    assert answer.json()["accepted"] == 2


@pytest.mark.parametrize(
    ("body", "encoding", "status"),
    [
        (b"nonsense", "gzip", 400),
        (gzip.compress(b"{}" * 1000)[:-9], "gzip", 400),
        (gzip.compress(bytes(9_000_000)), "gzip", 413),
        (bytes(9_000_000), "identity", 413),
        (b"{}", "br", 415),
    ],
    ids=["no gzip", "half", "bomb", "large", "unknown"],
)
async def test_bodies_that_cannot_be_taken(http: httpx.AsyncClient, make: Make, body: bytes, encoding: str, status: int) -> None:
    answer = await post(http, await make(Role.SOURCE), body, **{"content-encoding": encoding})
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")


async def test_what_was_taken_is_repeated_for_seven_days_and_for_its_source_alone(
    http: httpx.AsyncClient, make: Make, clock: Clock, producer: FakeProducer
) -> None:
    shop, other = await make(Role.SOURCE, name="shop", lifetime_ms=PERIOD_MS * 9), await make(Role.SOURCE, name="other")
    body = ndjson(view(1, clock), view(1, clock), view(2, clock))
    counts = [(found["accepted"], found["repeated"]) for found in [(await post(http, shop, body)).json() for _ in range(2)]]
    assert counts == [(2, 1), (0, 3)]
    assert (await post(http, other, body)).json()["accepted"] == 2
    clock.ahead_ms = 7 * 86_400_000
    assert (await post(http, shop, body)).json()["repeated"] == 3
    assert len(producer.sent) == 4


async def test_what_kafka_did_not_acknowledge_can_be_sent_again(
    http: httpx.AsyncClient, make: Make, clock: Clock, producer: FakeProducer
) -> None:
    token, body = await make(Role.SOURCE), ndjson(view(1, clock))
    producer.away = True
    refused = await post(http, token, body)
    assert (refused.status_code, refused.headers["retry-after"]) == (503, "2")
    producer.away = False
    assert (await post(http, token, body)).json()["accepted"] == 1


async def test_the_same_request_twice_at_once_is_written_once(
    http: httpx.AsyncClient, make: Make, clock: Clock, producer: FakeProducer, monkeypatch: pytest.MonkeyPatch
) -> None:
    token, body = await make(Role.SOURCE), ndjson(*(view(n, clock) for n in range(600)))
    sending, go_on, send_many = asyncio.Event(), asyncio.Event(), producer.send_many

    async def slowly(records: Any) -> list[bool]:
        sending.set()
        await go_on.wait()
        return await send_many(records)

    monkeypatch.setattr(producer, "send_many", slowly)
    first = asyncio.create_task(post(http, token, body))
    await sending.wait()
    second = await post(http, token, body)
    assert (second.status_code, second.json()["type"]) == (503, "urn:livescreen:under-way")
    go_on.set()
    assert (await first).json()["accepted"] == 600
    assert (await post(http, token, body)).json()["repeated"] == 600
    assert len(producer.sent) == 600


async def test_of_many_same_requests_at_once_one_writes(http: httpx.AsyncClient, make: Make, clock: Clock, producer: FakeProducer) -> None:
    token, body = await make(Role.SOURCE), ndjson(*(view(n, clock) for n in range(2_000)))
    answers = await asyncio.gather(*(post(http, token, body) for _ in range(6)))
    assert sorted(answer.status_code for answer in answers)[0] == 200
    assert len(producer.sent) == 2_000


async def test_a_claim_whose_request_died_lapses(http: httpx.AsyncClient, make: Make, clock: Clock, repeats: Any) -> None:
    token = await make(Role.SOURCE, name="shop")
    assert await repeats.claim("shop", topics.VIEWS, ["e1"]) == "n"
    assert (await post(http, token, ndjson(view(1, clock)))).status_code == 503
    clock.ahead_ms = CLAIM_MS + 1_000
    assert (await post(http, token, ndjson(view(1, clock)))).json()["accepted"] == 1


async def test_a_source_writes_to_its_topics_and_rooms_alone(http: httpx.AsyncClient, make: Make, clock: Clock) -> None:
    token = await make(Role.SOURCE, rooms=["r1"], topics=[topics.VIEWS])
    comment = {
        "topic": topics.COMMENTS,
        "id": "c",
        "room": "r1",
        "at": clock(),
        "kind": "commented",
        "user": "u",
        "text": "hi",
        "person": {},
    }
    answer = await post(http, token, ndjson(view(1, clock), view(2, clock, room="r2"), comment, view(3, clock, topic="live.alerts")))
    assert answer.json()["accepted"] == 1
    assert [error["reason"] for error in answer.json()["errors"]] == ["wrong-room", "wrong-topic", "unknown-topic"]


@pytest.mark.parametrize("role", [Role.VIEWER, Role.ASSISTANT, Role.OPERATOR, Role.ADMIN])
async def test_no_other_role_writes_events(http: httpx.AsyncClient, make: Make, clock: Clock, role: Role) -> None:
    assert (await post(http, await make(role), ndjson(view(1, clock)))).status_code == 403


async def test_a_source_does_nothing_else(call: Call) -> None:
    for method, path in [("GET", "/api/rooms"), ("GET", "/api/rooms/r1"), ("POST", "/api/rooms/r1/scenes"), ("GET", "/api/rules")]:
        assert (await call(method, path, role=Role.SOURCE)).status_code == 403, path


async def test_what_came_of_them_is_counted(http: httpx.AsyncClient, make: Make, clock: Clock, app: Any) -> None:
    await post(http, await make(Role.SOURCE), ndjson(view(1, clock), view(1, clock), view(2, clock, at=1)))
    figures = app.state.parts.measures.text().decode()
    assert 'livescreen_ingest_events_total{outcome="accepted",topic="live.views"} 1.0' in figures
    assert 'livescreen_ingest_events_total{outcome="repeated",topic=""} 1.0' in figures
    assert 'livescreen_ingest_refused_total{reason="too-old"} 1.0' in figures
