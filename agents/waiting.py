"""Waiting, at start, for Kafka and the store."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import TypeVar

from aiokafka import AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from agents import log_id
from streams.kafka import rights
from streams.kafka.brokers import Brokers
from streams.kafka.knock import Away, Refused, knock
from streams.store.port import Store, StoreAway

log = logging.getLogger(__name__)

_PAUSE_SECONDS = 0.1
_LOG_EVERY_SECONDS = 3.0
_QUIET_SECONDS = 5.0


T = TypeVar("T")


class NotThere(Exception):
    """What is waited for does not answer; the text says why."""


class GaveUp(Exception):
    """It did not come in time; the text is a line for people."""


async def wait_for(name: str, remedy: str, probe: Callable[[], Awaitable[T]], patience_seconds: float, quiet_seconds: float = 0.0) -> T:
    """What `probe` returns, as soon as it does not raise `NotThere`; `GaveUp` in the end.

    Says what it waits for after `quiet_seconds`, and then every few seconds.
    """
    clock = asyncio.get_running_loop().time
    until = clock() + patience_seconds
    quiet_until = clock() + quiet_seconds
    while True:
        try:
            return await probe()
        except NotThere as error:
            line = f"waiting for {name}: {error}; {remedy}"
            if clock() >= until:
                raise GaveUp(f"gave up {line}") from None
        if clock() >= quiet_until:
            quiet_until = clock() + _LOG_EVERY_SECONDS
            log.warning("%s", line)
        await asyncio.sleep(_PAUSE_SECONDS)


async def wait_for_kafka(kafka: Brokers, patience_seconds: float) -> None:
    """Returns when Kafka answers as Kafka. Raises `GaveUp`, and `Refused` at once."""
    await wait_for(
        f"Kafka at {kafka}", "set LIVESCREEN_KAFKA or start it", lambda: probe_kafka(kafka), patience_seconds, _quiet(patience_seconds)
    )


async def wait_for_store(store: Store, patience_seconds: float) -> None:
    """Returns when the store answers."""
    await wait_for("the store", "set LIVESCREEN_REDIS or start it", lambda: probe_store(store), patience_seconds, _quiet(patience_seconds))


def _quiet(patience_seconds: float) -> float:
    """They may be starting too, and nobody needs to hear of that."""
    return min(_QUIET_SECONDS, patience_seconds / 2)


async def probe_kafka(kafka: Brokers) -> str:
    """The cluster's id. Raises `NotThere` unless one of the brokers answers, `Refused` when one does and lets nobody in."""
    try:
        await knock(kafka)
        return await log_id.read(kafka)
    except Away as error:
        raise NotThere(str(error)) from None
    except (KafkaError, OSError, TimeoutError) as error:
        raise NotThere(f"it does not answer as Kafka does ({type(error).__name__})") from None
    except log_id.NoLogId as error:
        raise NotThere(str(error)) from None


async def probe_store(store: Store) -> None:
    """Raises `NotThere` unless the store answers."""
    try:
        await store.ping()
    except StoreAway as error:
        raise NotThere(str(error)) from None


async def check_group(kafka: Brokers, group: str) -> None:
    """Raises `Refused` where the group is not ours to read: Faust would wait for it for ever, without a word."""
    admin = AIOKafkaAdminClient(**kafka.client())
    await admin.start()
    try:
        await admin.find_coordinator(group)
    except KafkaError as error:
        if what := rights.remedy(error):
            raise Refused(f"Kafka at {kafka} does not let us read as group {group}: {what}") from None
        log.debug("group %s has no coordinator yet (%s)", group, type(error).__name__)
    finally:
        await admin.close()


async def check_producer(kafka: Brokers) -> None:
    """Raises `GaveUp` where Kafka does not number its producers: a retry could then write a dead letter twice.

    And `Refused` where it does not let us write.
    """
    producer = AIOKafkaProducer(**kafka.client(), enable_idempotence=True)
    try:
        await producer.start()
    except KafkaError as error:
        if what := rights.remedy(error):
            raise Refused(f"Kafka at {kafka} does not let us write: {what}") from None
        remedy = "use Apache Kafka 0.11 or newer, or another broker that has them"
        raise GaveUp(f"Kafka at {kafka} refuses idempotent producers ({type(error).__name__}); {remedy}") from None
    finally:
        await producer.stop()
