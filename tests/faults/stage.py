"""What a fault test plays on: a broker with an empty log, an empty store, and workers to be killed."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from agents import topics
from agents.waiting import wait_for_kafka
from deploy import embedded
from streams.kafka.brokers import Brokers
from tests.faults.feed import PARTITIONS
from tests.faults.nursery import Nursery
from tests.servers import redis
from tests.servers.process import Process


@dataclass
class Stage:
    """The addresses of Kafka and the store's server, and where workers come from."""

    kafka: str
    store: redis.Server
    nursery: Nursery


@contextmanager
def set_up(directory: Path) -> Iterator[Stage]:
    """A stage of its own, gone when the block ends."""
    server = embedded.broker(directory)
    broker = Process(server.command, directory / "broker.log")
    broker.start()
    try:
        asyncio.run(_prepare(Brokers(server.address)))
        with redis.running(redis.embedded_binary(), directory / "store") as store:
            store.client.config_set("appendfsync", "no")  # only where the store itself dies it must be careful, and is slow
            nursery = Nursery(server.address, store.url, directory)
            try:
                yield Stage(server.address, store, nursery)
            finally:
                nursery.kill_all()
    finally:
        broker.kill()


async def _prepare(kafka: Brokers) -> None:
    await wait_for_kafka(kafka, 20)
    await topics.create_missing(kafka, PARTITIONS)
