"""`/in/platforms/{source}` on a real store, with Kafka behind a fake producer (tests/integration/connect has the real one)."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from screen.settings import ScreenSettings
from streams import topics
from tests.platforms.cases import CASES, SECRETS

from .conftest import FakeProducer, Log


class Inbox(FakeProducer):
    """Keeps what is sent; nobody counts it."""

    async def send(self, topic: str, key: str, value: bytes) -> None:
        await self.ping()
        self.sent.append((topic, key, json.loads(value)))


@pytest.fixture
def producer(log: Log) -> Inbox:
    return Inbox(log)


@pytest.fixture
def settings(tmp_path: Path) -> ScreenSettings:
    lines = ["sources:"]
    for name, secret in SECRETS.items():
        (tmp_path / f"{name}.json").write_text(json.dumps(secret))
        lines.append(f"  {name}: {{platform: {name}, secrets: [{name}.json, next.json], token: token}}")
    (tmp_path / "sources.yaml").write_text("\n".join(lines))
    return ScreenSettings(kafka="-", redis="-", platforms=str(tmp_path / "sources.yaml"))


@pytest.fixture
async def push(http: httpx.AsyncClient) -> AsyncIterator[Any]:
    async def _push(name: str, secret: dict[str, str] | None = None, change: bytes | None = None, **more: Any) -> httpx.Response:
        case = replace(CASES[name], **more)
        headers, query, body = case.signed(secret)
        return await http.post(f"/in/platforms/{case.platform}", params=query, headers=headers, content=body if change is None else change)

    yield _push


@pytest.mark.parametrize("name", CASES)
async def test_a_push_is_in_the_inbox_once_and_answered_in_its_words(push: Any, producer: Inbox, name: str) -> None:
    for _ in range(2):
        answer = await push(name)
        assert (answer.status_code, answer.text) == (200, CASES[name].answer)
    ids = [(topic, row["source"], row["id"]) for topic, _, row in producer.sent]
    assert len(ids) == len(set(ids)) and {topic for topic, _, _ in ids} <= {topics.INBOX}
    assert bool(ids) == bool(CASES[name].events or CASES[name].lookup)


async def test_whole_numbers_stay_whole_in_the_inbox(http: httpx.AsyncClient, push: Any, producer: Inbox) -> None:
    value = {"type": 71, "tts_notification_id": "n", "data": {"product_id": 2**63 + 1}}
    assert (await push("tiktok-shop", value=value)).status_code == 200
    assert producer.sent[0][2]["payload"] == value


@pytest.mark.parametrize("name", CASES)
async def test_what_does_not_verify_is_refused(push: Any, producer: Inbox, name: str) -> None:
    answer = await push(name, change=b"[]")
    assert (answer.status_code, answer.headers["content-type"], producer.sent) == (401, "application/problem+json", [])


async def test_refusals_are_counted(push: Any, parts: Any) -> None:
    await push("shopify", change=b"[]")
    await push("shopify")
    said = parts.measures.text().decode()
    assert 'livescreen_platform_pushes_total{outcome="not-verified",source="shopify"} 1.0' in said
    assert 'livescreen_platform_pushes_total{outcome="taken",source="shopify"} 1.0' in said


async def test_two_secrets_are_good_at_once(push: Any, tmp_path: Path) -> None:
    other = {"secret": "the next one"}
    assert (await push("woocommerce", other)).status_code == 401
    (tmp_path / "next.json").write_text(json.dumps(other))
    assert (await push("woocommerce", other)).status_code == 200
    assert (await push("woocommerce")).status_code == 200


async def test_without_its_secret_a_source_is_asked_to_come_again(push: Any, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "shopify.json").write_text('{"client_secret": 5')
    answer = await push("shopify")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")
    assert "client_secret" not in answer.text and SECRETS["shopify"]["client_secret"] not in caplog.text


async def test_what_kafka_does_not_take_can_come_again(push: Any, producer: Inbox) -> None:
    producer.away = True
    answer = await push("doudian")
    assert (answer.status_code, answer.json()["type"], answer.headers["retry-after"]) == (503, "urn:livescreen:not-taken", "2")
    producer.away = False
    assert (await push("doudian")).status_code == 200
    assert len(producer.sent) == 2


async def test_signed_nonsense_and_large_bodies(http: httpx.AsyncClient, push: Any, producer: Inbox) -> None:
    assert (await push("doudian", value=[{"tag": "100"}])).status_code == 400
    assert (await push("doudian", value=[{"tag": "104", "msg_id": str(n), "data": "{}"} for n in range(1_001)])).status_code == 413
    assert (await http.post("/in/platforms/doudian", content=b"[" + b" " * 1_100_000)).status_code == 413
    assert producer.sent == []


async def test_nobody_else_and_no_other_method(http: httpx.AsyncClient) -> None:
    assert (await http.post("/in/platforms/nobody", content=b"{}")).status_code == 404
    assert (await http.put("/in/platforms/doudian", content=b"{}")).status_code == 405
    assert (await http.get("/in/platforms/doudian")).status_code == 401
