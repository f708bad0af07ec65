"""Which Kafka cluster this is. Which log each of its topics is, `agents.topic_log` says."""

from aiokafka.admin import AIOKafkaAdminClient

from streams.kafka.brokers import Brokers

_TIMEOUT_MS = 10_000


class NoLogId(Exception):
    """The brokers do not say what cluster they are."""


async def read(kafka: Brokers) -> str:
    """Asks the cluster for its id. Raises aiokafka's `KafkaError` when it does not answer, `NoLogId` when it has none.

    A client of its own, each time: aiokafka's long-lived clients drop the id from what they keep of the metadata, and they would not notice
    that another cluster answers at the same address.
    """
    admin = AIOKafkaAdminClient(**kafka.client(), request_timeout_ms=_TIMEOUT_MS)
    await admin.start()
    try:
        cluster = await admin.describe_cluster()
    finally:
        await admin.close()
    log = cluster.get("cluster_id")
    if not log:
        raise NoLogId(f"Kafka at {kafka} tells no cluster id; version 0.10.1 or newer is needed")
    return str(log)
