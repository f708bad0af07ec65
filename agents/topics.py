"""Creates the topics that are missing."""

import asyncio
import logging
from collections.abc import Sequence

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import KafkaError, TopicAlreadyExistsError, for_code

from streams import topics
from streams.kafka.brokers import Brokers

log = logging.getLogger(__name__)

_REPLICAS = 3
_SETTLE_SECONDS = 15.0
#: A dead letter holds a whole record in base64.
_DEAD_LETTER_BYTES = 2 * topics.MAX_MESSAGE_BYTES


async def create_missing(
    kafka: Brokers, partitions: int, retention_hours: int = 168, names: Sequence[str] = topics.ALL, replicas: int | None = None
) -> list[str]:
    """Creates those of the topics that do not exist, and returns their names; the others stay as they are, whatever their settings.

    Waits until the new ones have leaders. `retention_hours` -1 keeps records for ever. `replicas` None: three, or as many as there are
    brokers. Raises aiokafka's `KafkaError`.
    """
    admin = AIOKafkaAdminClient(**kafka.client())
    await admin.start()
    try:
        # By the list, not by asking for each: a broker may create a topic, its own way, when its metadata is asked for.
        there = set(await admin.list_topics())
        missing = [name for name in names if kafka.name(name) not in there]
        if missing:
            brokers = len((await admin.describe_cluster())["brokers"])
            await _create(
                admin, [_topic(kafka, name, partitions, retention_hours, replicas or min(_REPLICAS, brokers)) for name in missing]
            )
            await _settle(admin, [kafka.name(name) for name in missing])
    finally:
        await admin.close()
    return missing


def _topic(kafka: Brokers, name: str, partitions: int, retention_hours: int, replicas: int) -> NewTopic:
    retention_ms = -1 if retention_hours < 0 else retention_hours * 3_600_000
    largest = _DEAD_LETTER_BYTES if name == topics.DEAD_LETTERS else topics.MAX_MESSAGE_BYTES
    return NewTopic(
        kafka.name(name),
        partitions,
        replicas,
        topic_configs={"retention.ms": str(retention_ms), "max.message.bytes": str(largest), "message.timestamp.type": "LogAppendTime"},
    )


async def _create(admin: AIOKafkaAdminClient, wanted: Sequence[NewTopic]) -> None:
    answer = await admin.create_topics(list(wanted))
    for name, code, message in answer.topic_errors:
        # Two workers may start at once, and one of them comes second.
        if code and code != TopicAlreadyExistsError.errno:
            error: KafkaError = for_code(code)(f"cannot create topic {name}: {message}")
            raise error
        if not code:
            log.info("created topic %s", name)


async def _settle(admin: AIOKafkaAdminClient, names: Sequence[str]) -> None:
    """Returns when each topic has a leader for each partition."""
    async with asyncio.timeout(_SETTLE_SECONDS):
        while True:
            described = await admin.describe_topics(list(names))
            if all(not t["error_code"] and t["partitions"] and all(p["leader"] >= 0 for p in t["partitions"]) for t in described):
                return
            await asyncio.sleep(0.1)
