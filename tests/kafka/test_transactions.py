"""A platform that writes in transactions, as Flink does for "exactly once": its marks are in the log, and what it took back."""

from pathlib import Path

import pytest
from aiokafka import AIOKafkaProducer

from agents import topics
from streams import keys
from streams.store.redis import RedisStore
from streams.topics import VIEWS
from tests.integration.agents.world import now_ms, record
from tests.kafka.verdict import settled
from tests.servers.crew import working
from tests.servers.kafka import Kafka
from tests.servers.redis import Server

pytestmark = pytest.mark.kafka


class TakenBack(Exception):
    """Ends a transaction without its records."""


async def like(producer: AIOKafkaProducer, times: int, keep: bool = True) -> None:
    """Likes a room in one transaction, and takes all of it back unless it is to be kept."""
    try:
        async with producer.transaction():
            for number in range(times):
                topic, room, liked = record(VIEWS, id=f"l{number}", room="room", at=now_ms(), kind="liked", user="u")
                await producer.send_and_wait(topic, liked, key=room)
            if not keep:
                raise TakenBack
    except TakenBack:
        assert not keep


async def test_what_a_transaction_took_back_does_not_count_and_its_marks_are_no_records_that_wait(
    kafka: Kafka, redis_server: Server, store: RedisStore, tmp_path: Path
) -> None:
    await topics.create_missing(kafka.brokers, 2)
    async with working(kafka.bootstrap, redis_server.url, tmp_path) as crew:
        producer = AIOKafkaProducer(**kafka.brokers.client(), transactional_id="platform")
        await producer.start()
        try:
            await like(producer, 20)
            await like(producer, 7, keep=False)
            await settled(kafka.brokers, store, 15)
            await like(producer, 3)
            await like(producer, 1, keep=False)
            await settled(kafka.brokers, store, 15)
        finally:
            await producer.stop()
        assert crew.ends == []
    (total,) = await store.hashes("room", [keys.TOTAL])
    assert total["likes"] == "23"
