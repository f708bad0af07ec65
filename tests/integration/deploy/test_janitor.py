"""The embedded Kafka's log kept within its bounds, on the broker itself."""

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.errors import TopicAuthorizationFailedError

from agents import topic_log
from agents.topics import create_missing
from deploy.doctor.log import check_log
from deploy.embedded import broker, janitor
from deploy.embedded.janitor import Janitor
from deploy.embedded.retention import Bounds
from deploy.problem import Problem
from deploy.reach import wait_for_kafka
from deploy.settings import load
from screen.parts import KafkaAway
from screen.producer import KafkaProducer
from streams.kafka.brokers import Brokers
from streams.store.memory import MemoryStore
from streams.topics import DEAD_LETTERS, VIEWS, Partition
from tests.servers.process import Process

VALUE = os.urandom(10_000)
PLENTY = Bounds(hours=-1, log_mb=1_000, free_mb=1)
SMALL = Bounds(hours=-1, log_mb=4, free_mb=1)


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    return tmp_path / "broker"


@pytest.fixture
def kafka(directory: Path) -> Iterator[Brokers]:
    """The broker that the stack starts, with small files."""
    settings = load()
    server = broker.broker(directory, broker.runtime(settings.jars, settings.java, print), segment_bytes=1024 * 1024)
    process = Process(server.command, directory / "output")
    process.start()
    asyncio.run(wait_for_kafka(Brokers(server.address), 60))
    asyncio.run(create_missing(Brokers(server.address), 1, -1))
    yield Brokers(server.address)
    process.kill()


@pytest.fixture
async def store() -> AsyncIterator[MemoryStore]:
    yield MemoryStore(lambda: 0)


async def test_nothing_goes_before_it_is_saved_and_producers_are_refused_instead(
    kafka: Brokers, directory: Path, store: MemoryStore
) -> None:
    said: list[str] = []
    keeping = Janitor(directory, kafka, store, SMALL, said.append)
    await send(kafka, VIEWS, 600)
    await keeping.look()
    assert len(said) == 1 and "refuses producers: the log holds 6 MB" in said[0] and "not saved yet" in said[0]
    assert await bounds(kafka, VIEWS) == (0, 600)
    finding = check_log(directory, kafka, SMALL)
    assert not finding.good and "refuses producers: the log holds 6 MB" in str(finding)

    with pytest.raises(TopicAuthorizationFailedError):
        await send(kafka, VIEWS, 1)
    screen = KafkaProducer(kafka)
    await screen.start()
    with pytest.raises(KafkaAway):
        await screen.send(VIEWS, "room", b"{}")
    await send(kafka, DEAD_LETTERS, 1)  # what the agents write
    assert await bounds(kafka, VIEWS) == (0, 600)

    logs = await topic_log.read(kafka, [VIEWS])
    await store.raise_progress(logs[VIEWS], Partition(VIEWS, 0), 600)
    await keeping.look()
    first, end = await bounds(kafka, VIEWS)
    assert 0 < first < end == 600
    assert said[1:] == ["the embedded Kafka takes records again"] and check_log(directory, kafka, SMALL).good
    await screen.send(VIEWS, "room", b"{}")
    await screen.stop()
    assert (await bounds(kafka, VIEWS))[1] == 601


async def test_what_is_written_for_people_goes_without_being_saved(kafka: Brokers, directory: Path, store: MemoryStore) -> None:
    await send(kafka, DEAD_LETTERS, 600)
    await Janitor(directory, kafka, store, SMALL, print).look()
    assert (await bounds(kafka, DEAD_LETTERS))[0] > 0


async def test_a_disk_without_room_is_left_alone(kafka: Brokers, directory: Path, store: MemoryStore) -> None:
    said: list[str] = []
    await Janitor(directory, kafka, store, Bounds(-1, 1_000, 1_000_000_000), said.append).look()
    assert "of its disk are free, and LIVESCREEN_DISK_FREE_MB=1000000000 must stay so" in said[0]
    with pytest.raises(TopicAuthorizationFailedError):
        await send(kafka, VIEWS, 1)
    # The stack that refused has ended, and the next one finds room.
    assert janitor.refusing(directory)
    await Janitor(directory, kafka, store, PLENTY, said.append).look()
    await send(kafka, VIEWS, 1)
    assert janitor.refusing(directory) is None


def test_a_disk_without_room_is_no_place_to_start(tmp_path: Path) -> None:
    with pytest.raises(Problem, match=r"the embedded Kafka cannot start in .*: only .* MB of its disk are free.*make room"):
        janitor.check_room(tmp_path, Bounds(-1, 1_000, 1_000_000_000))


async def send(kafka: Brokers, topic: str, count: int) -> None:
    producer = AIOKafkaProducer(**kafka.client(), enable_idempotence=True)
    await producer.start()
    try:
        for _ in range(count):
            await producer.send_and_wait(topic, VALUE, key=b"room")
    finally:
        await producer.stop()


async def bounds(kafka: Brokers, topic: str) -> tuple[int, int]:
    """The first offset that is kept, and the next to be written."""
    place = TopicPartition(topic, 0)
    consumer = AIOKafkaConsumer(**kafka.client())
    await consumer.start()
    try:
        return (await consumer.beginning_offsets([place]))[place], (await consumer.end_offsets([place]))[place]
    finally:
        await consumer.stop()
