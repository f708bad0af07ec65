"""The Faust app: two agents, one that hears which rooms are open, one that works on messages."""

import asyncio
import logging
import time
from collections import Counter, defaultdict
from typing import Any

import faust
from aiokafka.errors import KafkaError

from agents import faust_options
from agents.inbox.lookups import Lookups
from agents.inbox.pushes import Arrived, Pushes
from agents.inbox.rooms import Rooms
from agents.inbox.sending import KafkaSender
from agents.inbox.settings import ConnectSettings
from agents.inbox.window import Window
from streams.intake.repeats import Repeats
from streams.intake.taking import Unfinished
from streams.mapping import Mapping
from streams.platforms import inbox
from streams.platforms.files import Sources
from streams.store.port import StoreAway
from streams.store.redis.client import Client
from streams.topics import MAX_MESSAGE_BYTES, SCENES

log = logging.getLogger(__name__)

#: Messages under way in one worker, and of one source: beyond, that source's become dead letters, so that it stops no other.
MOST = 5_000
MOST_OF_A_SOURCE = 1_000
#: As many bytes of them.
MOST_BYTES = 256 * 1024 * 1024
_PAUSE_SECONDS = 1.0


def clock_ms() -> int:
    """Unix time in ms."""
    return time.time_ns() // 1_000_000


class App(faust.App):  # type: ignore[misc]  # Faust's classes are not checked, see pyproject.toml
    """The app of one worker. `mappings`: of each source."""

    def __init__(self, settings: ConnectSettings, sources: Sources, mappings: dict[str, Mapping], redis: Client) -> None:
        super().__init__(settings.group, **_options(settings))
        self.to_kafka = KafkaSender(settings.kafka)
        self.rooms = Rooms(redis)
        self.lookups = Lookups(sources, clock_ms)
        repeats = Repeats(redis, clock_ms)
        patience_ms = settings.lookup_minutes * 60_000
        self.pushes = Pushes(sources.senders, mappings, self.lookups, self.rooms, repeats, self.to_kafka, clock_ms, patience_ms)
        self.under_way = UnderWay(self.pushes)

    def _create_directories(self) -> None:
        """Nothing: no table lives on disk."""


class UnderWay:
    """The messages that a worker has in hand."""

    def __init__(self, pushes: Pushes) -> None:
        self._pushes = pushes
        self._windows: defaultdict[Any, Window] = defaultdict(lambda: Window(_acknowledge))
        self._tasks: set[asyncio.Task[None]] = set()
        self._of_source: Counter[str] = Counter()
        self._bytes = 0
        self._room = asyncio.Event()

    async def take(self, event: Any) -> None:
        """Begins with a message; waits while there are too many."""
        while len(self._tasks) >= MOST or self._bytes >= MOST_BYTES:
            self._room.clear()
            await self._room.wait()
        window = self._windows[event.message.tp]
        window.begin(event)
        task = asyncio.create_task(self._work(event, window))
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def drop_all(self) -> None:
        """Partitions move: whoever has them next begins where the offset stands."""
        self._windows.clear()
        for task in self._tasks:
            task.cancel()

    def _ended(self, task: "asyncio.Task[None]") -> None:
        self._tasks.discard(task)
        self._room.set()
        if not task.cancelled() and (error := task.exception()) is not None:
            log.critical("a message could not be worked on", exc_info=error)

    async def _work(self, event: Any, window: Window) -> None:
        message = event.message
        record = Arrived(message.partition, message.offset, event.value, round((message.timestamp or 0) * 1000) or clock_ms())
        size = len(record.value or b"")
        received = inbox.decode(record.value or b"")
        source = received.source if received else ""
        self._of_source[source] += 1
        self._bytes += size
        try:
            if self._of_source[source] > MOST_OF_A_SOURCE:
                await self._refuse(record)
            else:
                await self._pushes.work(record)
            window.end(event)
        finally:
            self._bytes -= size
            self._of_source[source] -= 1
            if not self._of_source[source]:
                del self._of_source[source]

    async def _refuse(self, record: Arrived) -> None:
        while True:
            try:
                await self._pushes.give_up(record, "too-many", f"more than {MOST_OF_A_SOURCE} messages of its source wait")
                return
            except (Unfinished, KafkaError, OSError):
                await asyncio.sleep(_PAUSE_SECONDS)


def _acknowledge(event: Any) -> None:
    event.ack()


def build(settings: ConnectSettings, sources: Sources, mappings: dict[str, Mapping], redis: Client) -> App:
    """The app with its agents. `redis` must be used in the loop the app will run in."""
    app = App(settings, sources, mappings, redis)
    raw = {"key_type": bytes, "value_type": bytes, "key_serializer": "raw", "value_serializer": "raw"}
    scenes = app.topic(settings.kafka.name(SCENES), **raw)
    messages = app.topic(settings.kafka.name(inbox.TOPIC), **raw)

    async def hear(stream: Any) -> None:
        async for raw_scene in stream:
            while True:
                try:
                    await app.rooms.hear(raw_scene or b"")
                    break
                except StoreAway as error:
                    log.warning("the store does not answer: %s", error)
                    await asyncio.sleep(_PAUSE_SECONDS)

    async def work(stream: Any) -> None:
        async for event in stream.noack().events():
            await app.under_way.take(event)

    app.agent(scenes, name="rooms")(hear)
    app.agent(messages, name="inbox")(work)

    async def drop(*_: Any, **__: Any) -> None:
        app.under_way.drop_all()

    app.on_partitions_revoked.connect(drop, weak=False)
    return app


def _options(settings: ConnectSettings) -> dict[str, Any]:
    return faust_options.shared(settings.kafka, "aiokafka") | {
        "stream_buffer_maxsize": 256,
        "broker_commit_interval": 1.0,
        "consumer_max_fetch_size": MAX_MESSAGE_BYTES,
    }
