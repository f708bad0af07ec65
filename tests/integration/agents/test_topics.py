"""Creating topics, on a real broker."""

import asyncio

from aiokafka.admin import AIOKafkaAdminClient

from agents import log_id, topics
from streams.topics import ALL, VIEWS
from tests.integration.agents.world import World


async def test_creates_what_is_missing_and_leaves_the_rest_alone(world: World) -> None:
    assert await topics.create_missing(world.brokers, 2, names=[VIEWS]) == [VIEWS]
    assert set(await topics.create_missing(world.brokers, 6)) == set(ALL) - {VIEWS}
    assert await topics.create_missing(world.brokers, 6) == []
    counts = await partitions(world.kafka)
    assert counts.pop(VIEWS) == 2
    assert set(counts.values()) == {6}


async def test_workers_that_start_at_once_do_not_stumble_over_each_other(world: World) -> None:
    await asyncio.gather(*(topics.create_missing(world.brokers, 3) for _ in range(3)))
    assert await partitions(world.kafka) == dict.fromkeys(ALL, 3)


async def test_the_log_has_an_id_that_stays(world: World) -> None:
    log = await log_id.read(world.brokers)
    assert log
    assert await log_id.read(world.brokers) == log


async def partitions(kafka: str) -> dict[str, int]:
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka)
    await admin.start()
    try:
        return {topic["topic"]: len(topic["partitions"]) for topic in await admin.describe_topics(list(ALL))}
    finally:
        await admin.close()
