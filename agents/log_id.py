"""Which log this is: the id of the Kafka cluster. Offsets mean something only together with it."""

import asyncio
from contextlib import suppress

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

_TIMEOUT_MS = 10_000


_PAUSE_SECONDS = 0.5


class NoLogId(Exception):
    """The brokers do not say what cluster they are."""


async def read(kafka: str) -> str:
    """Asks the cluster for its id. Raises aiokafka's `KafkaError` when it does not answer, `NoLogId` when it has none.

    A client of its own, each time: aiokafka's long-lived clients drop the id from what they keep of the metadata, and they would not notice
    that another cluster answers at the same address, which is what a restart of the embedded broker is.
    """
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka, request_timeout_ms=_TIMEOUT_MS)
    await admin.start()
    try:
        cluster = await admin.describe_cluster()
    finally:
        await admin.close()
    log = cluster.get("cluster_id")
    if not log:
        raise NoLogId(f"Kafka at {kafka} tells no cluster id; version 0.10.1 or newer is needed")
    return str(log)


async def read_patiently(kafka: str) -> str:
    """As `read`, but asks until Kafka answers; whoever calls sets the limit."""
    while True:
        with suppress(KafkaError, OSError):
            return await read(kafka)
        await asyncio.sleep(_PAUSE_SECONDS)
