"""What a fault test plays on: a broker with an empty log, an empty store, and workers to be killed."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from agents import topics
from tests.faults.feed import PARTITIONS
from tests.faults.nursery import Nursery
from tests.servers import redis
from tests.servers.kafka import Kafka


@dataclass
class Stage:
    """The addresses of Kafka and the store's server, and where workers come from."""

    kafka: str
    store: redis.Server
    nursery: Nursery


@contextmanager
def set_up(kafka: Kafka, directory: Path) -> Iterator[Stage]:
    """A stage on this Kafka, which must have no topics, with a store of its own; gone when the block ends."""
    asyncio.run(topics.create_missing(kafka.brokers, PARTITIONS))
    with redis.running(redis.embedded_binary(), directory / "store") as store:
        store.client.config_set("appendfsync", "no")  # only where the store itself dies it must be careful, and is slow
        nursery = Nursery(kafka.bootstrap, store.url, directory)
        try:
            yield Stage(kafka.bootstrap, store, nursery)
        finally:
            nursery.kill_all()
