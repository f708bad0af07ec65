"""On a real Kafka: from an event to a signed call of a webhook, over a watcher that is killed and one that takes its rooms."""

import asyncio
import json
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest
from aiokafka import AIOKafkaConsumer

from agents import topics
from streams.notices.subscription import Subscription, text
from streams.store.redis import RedisStore
from streams.topics import ALERTS, SCENES
from tests.integration.agents.world import World, logged, now_ms, record
from tests.kafka.steps import until
from tests.servers import webhook
from tests.servers.crew import working
from tests.servers.kafka import Kafka
from tests.servers.process import Process
from tests.servers.redis import Server

pytestmark = pytest.mark.kafka

ROOMS = [f"room-{number}" for number in range(6)]
#: 5 s are promised, and kept on a machine that is not busy with other tests.
ENOUGH_MS = 30_000


@pytest.fixture
def watchers(kafka: Kafka, redis_server: Server, tmp_path: Path) -> Iterator[list[Process]]:
    environment = {"LIVESCREEN_KAFKA": kafka.bootstrap, "LIVESCREEN_REDIS": redis_server.url}
    made = [Process([sys.executable, "-m", "deploy", "watch"], tmp_path / f"watch-{number}", environment) for number in range(2)]
    yield made
    for watcher in made:
        watcher.kill()


async def test_alerts_arrive_though_a_watcher_is_killed(
    kafka: Kafka, redis_server: Server, store: RedisStore, tmp_path: Path, watchers: list[Process]
) -> None:
    world = World(kafka.bootstrap, redis_server.url)
    await topics.create_missing(kafka.brokers, 4)
    sent: dict[str, int] = {}  # violation → when

    async def accuse(round_: str) -> None:
        for room in ROOMS:
            name = f"{round_}-{room}"
            sent[name] = now_ms()
            await world.send([record(SCENES, id=name, room=room, at=now_ms(), kind="violated", violation=name, reason="违规")])

    with webhook.running() as receiver:
        wanted = Subscription("hook", receiver.url, secret=webhook.SECRET, rules=("platform_violation",))
        await store.notices.subscribe("hook", text(wanted))
        async with working(kafka.bootstrap, redis_server.url, tmp_path):
            for watcher in watchers:
                watcher.start()
            await world.send([record(SCENES, id=f"o-{room}", room=room, at=now_ms(), kind="opened", title=room) for room in ROOMS])
            for watcher in watchers:
                await logged(watcher, "watching, as")
            await until(lambda: fair(store), "the two do not share the rooms")

            def arrived() -> dict[str, int]:
                return {call.alerts[0]["subject"]: call.at_ms for call in reversed(receiver.taken())}

            await accuse("before")
            await asyncio.to_thread(receiver.wait, lambda: sent.keys() <= arrived().keys())
            watchers[0].kill()
            killed_ms = now_ms()
            await accuse("after")
            await asyncio.to_thread(receiver.wait, lambda: sent.keys() <= arrived().keys())
            print("from event to webhook, ms:", {name: at_ms - sent[name] for name, at_ms in arrived().items()})
            assert max(arrived().values()) - killed_ms <= ENOUGH_MS
    ids = defaultdict(set)
    for call in receiver.calls:
        assert call.is_signed()
        ids[call.alerts[0]["subject"]].add(call.id)
    assert {name: len(found) for name, found in ids.items()} == dict.fromkeys(sent, 1)
    assert await told(kafka) >= {next(iter(found)) for found in ids.values()}


async def fair(store: RedisStore) -> bool:
    """Whether both lead half of the rooms."""
    owners = await store._client.run([("HGET", store._names.lease(room), "owner") for room in ROOMS])
    return sorted(owners.count(owner) for owner in set(owners)) == [3, 3]


async def told(kafka: Kafka) -> set[str]:
    """The ids of the transitions in live.alerts."""
    consumer = AIOKafkaConsumer(ALERTS, bootstrap_servers=kafka.bootstrap, auto_offset_reset="earliest")
    await consumer.start()
    try:
        found: set[str] = set()
        while batch := await consumer.getmany(timeout_ms=1_000):
            found |= {json.loads(each.value)["id"] for records in batch.values() for each in records}
        return found
    finally:
        await consumer.stop()
