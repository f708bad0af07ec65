"""Agent workers as real processes, on a broker and a store of each test's own."""

import asyncio
import itertools
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from agents.waiting import wait_for_kafka
from deploy import embedded
from streams.kafka.brokers import Brokers
from tests.integration.agents.world import World
from tests.servers import redis
from tests.servers.process import Process

_RUN = """
import json, sys
from agents.settings import AgentSettings
from agents.worker import run
from streams.kafka.brokers import Brokers
wanted = json.loads(sys.argv[1])
run(AgentSettings(**wanted | {"kafka": Brokers(wanted["kafka"])}))
"""


@pytest.fixture
def kafka(tmp_path: Path) -> Iterator[Process]:
    """An embedded broker with an empty log."""
    server = embedded.broker(tmp_path)
    process = Process(server.command, tmp_path / "broker.log")
    process.start()
    asyncio.run(wait_for_kafka(Brokers(server.address), 10))
    yield process
    process.kill()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[redis.Server]:
    """An empty embedded store."""
    with redis.running(redis.embedded_binary(), tmp_path / "store") as server:
        yield server


@pytest.fixture
def world(kafka: Process, store: redis.Server) -> World:
    """What a test does with both."""
    return World(_address(kafka), store.url)


@pytest.fixture
def worker(tmp_path: Path, world: World) -> Iterator[Callable[..., Process]]:
    """Starts a worker; what is given replaces the settings that fit the world."""
    started: list[Process] = []
    numbers = itertools.count()

    def start(**wanted: object) -> Process:
        settings = {"kafka": world.kafka, "redis": world.redis, "embedded": True, "wait_seconds": 10}
        arguments = json.dumps(settings | wanted)
        process = Process([sys.executable, "-c", _RUN, arguments], tmp_path / f"worker-{next(numbers)}.log")
        process.start()
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()


def _address(kafka: Process) -> str:
    return kafka.command[kafka.command.index("--listener-url") + 1].removeprefix("tcp://")
