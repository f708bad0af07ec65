"""One watcher: a process that evaluates rules and delivers alerts until it is told to stop."""

import asyncio
import logging
import secrets
import signal
import time
from collections.abc import Awaitable, Coroutine
from pathlib import Path
from typing import Any

import uvloop
from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from agents import logs, topics
from agents.alerting.backlog import Backlog
from agents.alerting.gauges import Gauges
from agents.alerting.rulebook import SAID_MS, NoRules, Rulebook
from agents.alerting.settings import WatchSettings
from agents.alerting.tell import Teller
from agents.alerting.watch import Watch
from agents.ending import NEEDS_ATTENTION, NOT_READY
from agents.notify.delivery import Delivery
from agents.notify.post import Post, Subscribers
from agents.notify.targets import Targets
from agents.waiting import GaveUp, wait_for_kafka, wait_for_store
from streams.board_rules import BoardRules
from streams.store.port import StoreAway
from streams.store.redis import RedisStore
from streams.topics import ALERTS

log = logging.getLogger(__name__)

_LAST_CALL_SECONDS = 2.0
#: Kafka's client would wait 40 s for an answer that does not come; what is to be told waits in the store, and is sent again.
_TOLD_WITHIN_MS = 10_000
_CANCEL_AGAIN_SECONDS = 0.5


def run(settings: WatchSettings) -> None:
    """Runs a watcher until SIGTERM or SIGINT stops it.

    Raises SystemExit with a status of `agents.ending` when it cannot start, and `Refused` when Kafka lets nobody in with these settings.
    """
    logs.configure(settings.log_level)
    for chatty in ("httpx", "httpcore", "apprise"):  # they log addresses, which may hold passwords
        logging.getLogger(chatty).setLevel(logging.CRITICAL)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        try:
            runner.run(_run(settings))
        except GaveUp as error:
            log.critical("%s", error)
            raise SystemExit(NOT_READY) from None
        except NoRules as error:
            log.critical("%s", error)
            raise SystemExit(NEEDS_ATTENTION) from None


async def _run(settings: WatchSettings) -> None:
    store = RedisStore.connect(settings.redis)
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    try:
        rulebook = Rulebook(None if settings.rules is None else Path(settings.rules), store.alerts.rules)
        if not await _or_stop(_prepare(settings, store, rulebook), stopping):
            return
        producer = AIOKafkaProducer(**settings.kafka.client(), acks="all", enable_idempotence=True, request_timeout_ms=_TOLD_WITHIN_MS)
        await producer.start()
        try:
            await _or_stop(_work(settings, store, rulebook, producer), stopping)
        finally:
            await producer.stop()
    finally:
        await store.close()


async def _prepare(settings: WatchSettings, store: RedisStore, rulebook: Rulebook) -> None:
    await wait_for_kafka(settings.kafka, settings.wait_seconds)
    await wait_for_store(store, settings.wait_seconds)
    await rulebook.load()
    await topics.create_missing(settings.kafka, settings.partitions, settings.retention_hours)


async def _work(settings: WatchSettings, store: RedisStore, rulebook: Rulebook, producer: AIOKafkaProducer) -> None:
    """All tasks of a watcher; the first that fails ends the others and is raised."""

    async def send(room: bytes, transition: bytes) -> Awaitable[object]:
        acknowledged: Awaitable[object] = await producer.send(settings.kafka.name(ALERTS), transition, key=room)
        return acknowledged

    async def say(rules: str) -> None:
        await store.alerts.hold(owner, rules, SAID_MS)

    gauges = Gauges()
    if settings.metrics_port is not None:
        gauges.serve(settings.metrics_host, settings.metrics_port)
    owner = secrets.token_hex(8)
    backlog = Backlog(settings.kafka, store, clock_ms)
    subscribers = Subscribers(store)
    async with Targets(settings.notify_ca) as targets:
        delivery = Delivery(store, owner, subscribers, targets, gauges.attempted, clock_ms)

        def posted(notices: int) -> None:
            gauges.posted(notices)
            delivery.wake()

        teller = Teller(store, send, Post(store, subscribers, posted))
        rules = BoardRules(settings.stock_urgent_below, settings.unpaid_minutes, settings.silent_hours, settings.late_seconds)
        watch = Watch(store, owner, rulebook, rules, backlog, teller, gauges, clock_ms)
        log.info("watching, as %s", owner)
        try:
            await together(rulebook.follow(say), backlog.run(), teller.run(), watch.survey(), watch.look(), delivery.run())
        finally:
            await _say_goodbye(teller, watch, delivery)


async def together(*works: Coroutine[Any, Any, None]) -> None:
    """Does all of it at once; the first that fails ends the others and is raised.

    Not a TaskGroup: that cancels once, and waits. In Python 3.11 `asyncio.wait_for`, which the clients of Redis and Kafka use, loses a
    cancellation that meets its answer; so they are cancelled until they have ended.
    """
    tasks = {asyncio.ensure_future(work) for work in works}
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_EXCEPTION)
    finally:
        while going := {task for task in tasks if not task.done()}:
            for task in going:
                task.cancel()
            await asyncio.wait(going, timeout=_CANCEL_AGAIN_SECONDS)
    for task in done:
        await task


async def _say_goodbye(teller: Teller, watch: Watch, delivery: Delivery) -> None:
    """Tells what is saved and gives all leases back; should that fail, others take over a little later."""
    try:
        async with asyncio.timeout(_LAST_CALL_SECONDS):
            await teller.tell()
            for part in (watch.rooms, delivery):
                await part.release()
    except (StoreAway, KafkaError, TimeoutError) as error:
        log.warning("leaving without a word to the others (%s); they take over in a few seconds", type(error).__name__)


async def _or_stop(work: Awaitable[None], stopping: asyncio.Event) -> bool:
    """Does the work; False when a stop is wanted before it is done."""
    task, stop = asyncio.ensure_future(work), asyncio.ensure_future(stopping.wait())
    await asyncio.wait({task, stop}, return_when=asyncio.FIRST_COMPLETED)
    stop.cancel()
    if not task.done():
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        return False
    await task
    return True


def clock_ms() -> int:
    """Unix time in ms."""
    return time.time_ns() // 1_000_000
