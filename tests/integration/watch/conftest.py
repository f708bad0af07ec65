"""Watchers and an agent worker as real processes, on a broker and a store of each test's own, and a receiver of webhooks."""

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
from streams.notices.subscription import Subscription, text
from tests.integration.agents.world import World
from tests.servers import redis, webhook
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
def world(tmp_path: Path) -> Iterator[World]:
    server = embedded.broker(tmp_path)
    process = Process(server.command, tmp_path / "broker.log")
    process.start()
    asyncio.run(wait_for_kafka(Brokers(server.address), 10))
    with redis.running(redis.embedded_binary(), tmp_path / "store") as store:
        yield World(server.address, store.url)
    process.kill()


@pytest.fixture
def receiver() -> Iterator[webhook.Receiver]:
    with webhook.running() as running:
        yield running


@pytest.fixture
def start(tmp_path: Path, world: World) -> Iterator[Callable[..., Process]]:
    """Starts "agents" or "watch"; what is given replaces the settings that fit the world."""
    started: list[Process] = []
    numbers = itertools.count()

    def start(part: str, **wanted: object) -> Process:
        settings = {"kafka": world.kafka, "redis": world.redis, "embedded": True, "wait_seconds": 10}
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
