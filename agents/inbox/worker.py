"""One connect worker: a process that turns pushes into events until it is told to stop."""

import asyncio
import logging

import faust
import uvloop

from agents import logs, topics
from agents.ending import NOT_READY
from agents.inbox.app import build
from agents.inbox.settings import ConnectSettings
from agents.waiting import GaveUp, check_group, check_producer, wait_for_kafka, wait_for_store
from streams import mapping
from streams.platforms import files
from streams.platforms.files import Sources
from streams.platforms.sources import BadSources
from streams.store.redis import RedisStore
from streams.store.redis.client import Client

log = logging.getLogger(__name__)


class CannotStart(Exception):
    """The file of sources or a mapping is wrong; each line says what."""

    def __init__(self, *lines: str) -> None:
        super().__init__("; ".join(lines))
        self.lines = lines


def run(settings: ConnectSettings) -> None:
    """Runs a worker until SIGTERM or SIGINT. Raises `CannotStart`, `Refused`, and SystemExit: 0 after a signal."""
    logs.configure(settings.log_level)
    sources, mappings = read(settings)
    asyncio.set_event_loop_policy(uvloop.EventLoopPolicy())
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    try:
        loop.run_until_complete(_prepare(settings))
    except GaveUp as error:
        log.critical("%s", error)
        raise SystemExit(NOT_READY) from None
    app = build(settings, sources, mappings, Client(settings.redis))
    log.info("connect works for %s", ", ".join(sources.senders) or "no source")
    worker = faust.Worker(app, loop=loop, quiet=True, redirect_stdouts=False, override_logging=False)
    worker.spinner = None  # it writes control codes to wherever stdout goes
    worker.execute_from_commandline()


def read(settings: ConnectSettings) -> tuple[Sources, dict[str, mapping.Mapping]]:
    """The sources and their mappings. Raises `CannotStart`."""
    try:
        sources = files.read(settings.platforms)
    except BadSources as error:
        raise CannotStart(*[f"{settings.platforms}: {line}" for line in error.lines]) from None
    except (OSError, UnicodeError) as error:
        raise CannotStart(f"{settings.platforms} cannot be read: {getattr(error, 'strerror', None) or 'it is not UTF-8'}") from None
    return sources, _mappings(sources)


def _mappings(sources: Sources) -> dict[str, mapping.Mapping]:
    found: dict[str, mapping.Mapping] = {}
    wrong: list[str] = []
    for name, sender in sources.senders.items():
        try:
            found[name] = sources.mapping(sender)
        except mapping.BadMapping as error:
            wrong += [f"{sender.mapping}:{line}: {fault}" for line, fault in error.faults]
        except (OSError, UnicodeError) as error:
            wrong.append(f"{name}: the mapping {sender.mapping} cannot be read: {getattr(error, 'strerror', None) or 'it is not UTF-8'}")
    if wrong:
        raise CannotStart(*wrong)
    return found


async def _prepare(settings: ConnectSettings) -> None:
    quiet = logging.getLogger("aiokafka")
    level = quiet.level
    quiet.setLevel(logging.CRITICAL)  # its own complaints would repeat ours, ten times a second
    store = RedisStore.connect(settings.redis)
    try:
        await wait_for_kafka(settings.kafka, settings.wait_seconds)
        await wait_for_store(store, settings.wait_seconds)
        await check_producer(settings.kafka)
        await check_group(settings.kafka, settings.group)
        await topics.create_missing(settings.kafka, settings.partitions, settings.retention_hours)
    finally:
        quiet.setLevel(level)
        await store.close()
