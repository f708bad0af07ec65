"""The Faust app: settings that fit chunks, and everything an agent needs."""

import asyncio
import functools
import os
import socket
import time
from collections.abc import AsyncIterable, Awaitable, Callable
from contextlib import suppress
from typing import Any

import faust
from mode import CrashingSupervisor

from agents import clicks, comments, faust_options, lists, orders, scenes, topic_log, transport, views
from agents.chunk import Chunk
from agents.ending import Ending
from agents.gauges import Gauges
from agents.health import Health
from agents.patience import Patience
from agents.progress import Progress
from agents.rejects.dead_letters import DeadLetters
from agents.rejects.quota import Quota
from agents.runner import Runner
from agents.settings import AgentSettings
from agents.stall import Stall
from agents.watch import Watch
from streams.store.port import Store
from streams.topics import DEAD_LETTERS, MAX_MESSAGE_BYTES

_Agent = Callable[[AsyncIterable[Chunk]], Awaitable[None]]

#: Chunks that wait for an agent, per partition; the fetcher waits when they are so many.
_BUFFERED_CHUNKS = 2

#: What is asked for of a partition at once: about `poll_records` of the usual size, so that one fetch makes one chunk.
_USUAL_RECORD_BYTES = 256
_LEAST_FETCH_BYTES = 1024 * 1024


def clock_ms() -> int:
    """Unix time in ms."""
    return time.time_ns() // 1_000_000


class App(faust.App):  # type: ignore[misc]  # Faust's classes are not checked, see pyproject.toml
    """The app of one worker."""

    def __init__(self, settings: AgentSettings, store: Store) -> None:
        transport.register()
        super().__init__(settings.group, **_options(settings))
        self.settings = settings
        self.ending = Ending()
        self.gauges = Gauges()
        patience = Patience()
        self.progress = Progress(store, patience, lambda names: topic_log.read_patiently(settings.kafka, names))
        dead_letters = DeadLetters(self._send_dead_letter, Quota(settings.dead_letters_per_minute), clock_ms)
        inspector = lists.read(settings.violation_lists)
        self.runner = Runner(store, dead_letters, self.ending, self.gauges, patience, clock_ms, inspector, settings.bounds)
        self.watch = Watch(settings.kafka, store, self.progress, Stall(settings.stalled_seconds), patience, self.gauges, self.ending)
        worker = f"{socket.gethostname()}:{os.getpid()}"
        self.health = Health(store, worker, self.ending, self.watch.condition, clock_ms)

    async def _send_dead_letter(self, key: bytes, value: bytes) -> Awaitable[object]:
        producer = await self.maybe_start_producer()
        acknowledged: Awaitable[object] = await producer.send(self.settings.kafka.name(DEAD_LETTERS), key, value, None, None, None)
        return acknowledged

    def _create_directories(self) -> None:
        """Nothing: no table lives on disk, and an agent has no business in the directory it was started in."""


def build(settings: AgentSettings, store: Store) -> App:
    """The app with its agents. `store` must be used in the loop the app will run in."""
    app = App(settings, store)
    for module in (views, clicks, orders, comments, scenes):
        topic = app.topic(settings.kafka.name(module.TOPIC), schema=transport.ChunkSchema())
        # One actor per partition keeps its order, and lets the round trips of partitions overlap. After an exception Faust acknowledges the
        # event all the same, under any supervisor; only the end of the process makes the next one start at the store's progress.
        app.agent(topic, isolated_partitions=True, supervisor_strategy=CrashingSupervisor)(_leaving_quietly(module.agent(app.runner)))
    app.task(app.watch.run)
    app.task(app.health.run)
    return app


def _leaving_quietly(agent: _Agent) -> _Agent:
    """The agent, ended without a sound when Faust cancels it because its partition goes to another worker.

    Faust takes an actor that is cancelled with a chunk in hand for a crashed one, and then the worker stands still and does not end. What
    was in hand is applied, or it is for the partition's next worker: the fences tell which.
    """

    @functools.wraps(agent)
    async def run(chunks: AsyncIterable[Chunk]) -> None:
        with suppress(asyncio.CancelledError):
            await agent(chunks)

    return run


def _options(settings: AgentSettings) -> dict[str, Any]:
    return faust_options.shared(settings.kafka, transport.SCHEME) | {
        "stream_buffer_maxsize": _BUFFERED_CHUNKS,
        "broker_max_poll_records": settings.poll_records,
        "consumer_max_fetch_size": max(_LEAST_FETCH_BYTES, settings.poll_records * _USUAL_RECORD_BYTES),
        "producer_max_request_size": 2 * MAX_MESSAGE_BYTES,
    }
