"""The embedded broker and store for tests that need real ones; each a fresh process on a free port.

Each file of tests has its own: which files share a process depends on their order, and one must not find what another sent.
"""

import asyncio
import subprocess
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from deploy import embedded
from deploy.leash import leashed
from deploy.reach import wait_for_kafka, wait_for_redis
from streams.kafka.brokers import Brokers

START_SECONDS = 90.0


@contextmanager
def served(server: embedded.Server, log: Path, answers: Callable[[str, float], Awaitable[object]]) -> Iterator[str]:
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


async def kafka_answers(address: str, seconds: float) -> None:
    await wait_for_kafka(Brokers(address), seconds)


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an embedded Kafka broker with an empty log."""
    directory = tmp_path_factory.mktemp("broker")
    with served(embedded.broker(directory), directory / "log", kafka_answers) as address:
        yield address


@pytest.fixture(scope="module")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of an empty embedded store."""
    directory = tmp_path_factory.mktemp("store")
    with served(embedded.store(directory), directory / "log", wait_for_redis) as address:
        yield address
