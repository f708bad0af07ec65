"""Watchers and an agent worker as real processes, on a broker without topics and a store of each test's own, and a receiver of webhooks."""

import itertools
import json
import secrets
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from streams.notices.subscription import Subscription, text
from tests.integration.agents.world import World
from tests.servers import redis, webhook
from tests.servers.kafka import Kafka
from tests.servers.process import Process

_RUN = """
import json, sys
from {module} import {settings}
from {package}.worker import run
from streams.kafka.brokers import Brokers
wanted = json.loads(sys.argv[1])
run({settings}(**wanted | {{"kafka": Brokers(wanted["kafka"])}}))
"""
_AGENT = _RUN.format(module="agents.settings", settings="AgentSettings", package="agents")
_WATCH = _RUN.format(module="agents.alerting.settings", settings="WatchSettings", package="agents.alerting")


@pytest.fixture
def world(kafka: Kafka, tmp_path: Path) -> Iterator[World]:
    with redis.running(redis.embedded_binary(), tmp_path / "store") as store:
        yield World(kafka.bootstrap, store.url)


@pytest.fixture
def receiver() -> Iterator[webhook.Receiver]:
    with webhook.running() as running:
        yield running


@pytest.fixture
def start(tmp_path: Path, world: World) -> Iterator[Callable[..., Process]]:
    """Starts "agents" or "watch"; what is given replaces the settings that fit the world."""
    started: list[Process] = []
    numbers = itertools.count()
    group = f"test-{secrets.token_hex(4)}"  # killed workers of another test would still be members of theirs

    def start(part: str, **wanted: object) -> Process:
        settings = {"kafka": world.kafka, "redis": world.redis, "wait_seconds": 10}
        if part == "agents":
            settings["group"] = group
        code = {"agents": _AGENT, "watch": _WATCH}[part]
        arguments = json.dumps(settings | wanted)
        process = Process([sys.executable, "-c", code, arguments], tmp_path / f"{part}-{next(numbers)}.log")
        process.start()
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()


@pytest.fixture
def subscribe(world: World, receiver: webhook.Receiver) -> Callable[..., object]:
    """Adds a subscription of the receiver."""

    async def subscribe(name: str = "hook", **wanted: object) -> None:
        wanted = {"target": receiver.url, "secret": webhook.SECRET} | wanted
        async with world.store() as store:
            await store.notices.subscribe(name, text(Subscription(id=name, **wanted)))  # type: ignore[arg-type]

    return subscribe
