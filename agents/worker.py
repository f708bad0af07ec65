"""One agent worker: a process that applies the log to the store until it is told to stop."""

import asyncio
import gc
import logging

import faust
import uvloop

from agents import logs, topics
from agents.app import build
from agents.ending import NOT_READY
from agents.settings import AgentSettings
from agents.waiting import GaveUp, check_group, check_producer, wait_for_kafka, wait_for_store
from streams.kafka.knock import Refused
from streams.store.port import Store
from streams.store.redis import RedisStore

log = logging.getLogger(__name__)


def run(settings: AgentSettings) -> None:
    """Runs a worker until SIGTERM or SIGINT stops it gracefully. Raises SystemExit: 0 after a signal, else see `agents.ending`;
    and `Refused` when Kafka lets nobody in with these settings.
    """
    logs.configure(settings.log_level)
    # A chunk is thousands of objects without cycles, gone together: Python's own rhythm of looking for cycles costs a sixth of the speed.
    gc.set_threshold(100_000, 20, 50)
    asyncio.set_event_loop_policy(uvloop.EventLoopPolicy())  # for the consumer's thread too
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    store = RedisStore.connect(settings.redis)
    try:
        loop.run_until_complete(_prepare(settings, store))
        app = build(settings, store)
        if settings.metrics_port is not None:
            app.gauges.serve(settings.metrics_host, settings.metrics_port)
    except GaveUp as error:
        log.critical("%s", error)
        raise SystemExit(NOT_READY) from None
    log.info("agents start, group %s", settings.group)
    worker = faust.Worker(app, loop=loop, quiet=True, redirect_stdouts=False, override_logging=False)
    worker.spinner = None  # it writes control codes to wherever stdout goes
    try:
        worker.execute_from_commandline()
    except SystemExit as end:
        raise SystemExit(app.ending.status or end.code) from None


async def _prepare(settings: AgentSettings, store: Store) -> None:
    # aiokafka's own complaints would repeat ours, ten times a second.
    quiet = logging.getLogger("aiokafka")
    level = quiet.level
    quiet.setLevel(logging.CRITICAL)
    try:
        await _wait(settings, store)
        await check_producer(settings.kafka)
        await check_group(settings.kafka, settings.group)
        await topics.create_missing(settings.kafka, settings.partitions, settings.retention_hours)
    finally:
        quiet.setLevel(level)


async def _wait(settings: AgentSettings, store: Store) -> None:
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(wait_for_kafka(settings.kafka, settings.wait_seconds))
            group.create_task(wait_for_store(store, settings.wait_seconds))
    except ExceptionGroup as failures:  # not `except*`: before Python 3.11.4 what is raised within one comes out in a group again
        expected, bugs = failures.split((GaveUp, Refused))
        if expected is None or bugs is not None:
            raise
        raise expected.exceptions[0] from None
