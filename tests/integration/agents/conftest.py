"""Agent workers as real processes, on a broker without topics and a store of each test's own."""

import itertools
import json
import secrets
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.integration.agents.world import World
from tests.servers import redis
from tests.servers.kafka import Kafka
from tests.servers.process import Process

_RUN = """
import json, sys
from agents.settings import AgentSettings
from agents.worker import run
from streams.kafka.brokers import Brokers
from streams.topics import PREFIX
wanted = json.loads(sys.argv[1])
run(AgentSettings(**wanted | {"kafka": Brokers(wanted["kafka"], prefix=wanted.pop("prefix", PREFIX))}))
"""


@pytest.fixture
def store(tmp_path: Path) -> Iterator[redis.Server]:
    """An empty embedded store."""
    with redis.running(redis.embedded_binary(), tmp_path / "store") as server:
        yield server


@pytest.fixture
def world(kafka: Kafka, store: redis.Server) -> World:
    """What a test does with both."""
    return World(kafka.bootstrap, store.url)


@pytest.fixture
def worker(tmp_path: Path, world: World) -> Iterator[Callable[..., Process]]:
    """Starts a worker; what is given replaces the settings that fit the world."""
    started: list[Process] = []
    numbers = itertools.count()
    group = f"test-{secrets.token_hex(4)}"  # killed workers of another test would still be members of theirs

    def start(**wanted: object) -> Process:
        settings = {"kafka": world.kafka, "redis": world.redis, "group": group, "wait_seconds": 10}
        arguments = json.dumps(settings | wanted)
        process = Process([sys.executable, "-c", _RUN, arguments], tmp_path / f"worker-{next(numbers)}.log")
        process.start()
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
