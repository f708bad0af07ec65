"""A real Kafka and store for tests that need them.

Each file of tests has a store of its own. A Kafka takes seconds to start, so each process of tests has one, and a file or a test that
begins finds it without topics: one must not find what another sent.
"""

import asyncio
import subprocess
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from deploy.embedded import Server
from deploy.embedded.store import store
from deploy.leash import leashed
from deploy.reach import wait_for_redis
from tests.servers import kafka as servers
from tests.servers.kafka import Kafka

START_SECONDS = 90.0


@contextmanager
def served(server: Server, log: Path, answers: Callable[[str, float], Awaitable[object]]) -> Iterator[str]:
    """Runs a server until the block ends; its address, once it answers."""
    with log.open("wb") as output:
        process = subprocess.Popen(leashed(server.command), stdout=output, stderr=subprocess.STDOUT)
    try:
        asyncio.run(answers(server.address, START_SECONDS))
        yield server.address
    finally:
        process.terminate()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@pytest.fixture(scope="session")
def shared_kafka(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kafka]:
    """The Kafka of this process of tests, as whoever had it before left it."""
    with servers.running(tmp_path_factory.mktemp("kafka")) as kafka:
        yield kafka


@pytest.fixture
def kafka(shared_kafka: Kafka) -> Kafka:
    """A broker without topics, for a test to do with as it likes."""
    shared_kafka.fresh()
    return shared_kafka


@pytest.fixture(scope="module")
def broker(shared_kafka: Kafka) -> str:
    """The address of a broker without topics."""
    shared_kafka.fresh()
    return shared_kafka.bootstrap


@pytest.fixture(scope="module")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of an empty embedded store."""
    directory = tmp_path_factory.mktemp("store")
    with served(store(directory), directory / "log", wait_for_redis) as address:
        yield address
