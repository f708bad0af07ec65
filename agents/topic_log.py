"""Which log each topic is: the cluster's id with the topic's own.

Kafka gives a topic an id when it is created (KIP-516), so one made anew under the same name, however much is in it by now, is another log.
aiokafka knows no metadata newer than version 5, which is why the request is described here. Brokers before Kafka 3.1 cannot answer it:
there the cluster's id stands for all topics, and a topic made anew is noticed only while it is shorter than the old one.
"""

import asyncio
import base64
from collections import defaultdict
from collections.abc import Collection, Mapping
from io import BytesIO

from aiokafka.client import AIOKafkaClient
from aiokafka.errors import IncompatibleBrokerVersion, KafkaError, NodeNotReadyError, TopicAuthorizationFailedError
from aiokafka.protocol.api import Request, RequestStruct, Response
from aiokafka.protocol.metadata import MetadataRequest
from aiokafka.protocol.types import AbstractType, Boolean, CompactArray, CompactString, Int16, Int32, Schema, TaggedFields

from agents.log_id import NoLogId
from streams.kafka import rights
from streams.kafka.brokers import Brokers
from streams.store.port import Store
from streams.topics import Partition

_TIMEOUT_MS = 10_000
_PAUSE_SECONDS = 0.5
_NO_ID = bytes(16)


async def read(kafka: Brokers, topics: Collection[str]) -> dict[str, str]:
    """As `ask`, over a connection of its own: one that lasts would not notice that another cluster answers at the same address."""
    client = AIOKafkaClient(**kafka.client(), request_timeout_ms=_TIMEOUT_MS)
    try:
        await client.bootstrap()
        return await ask(client, topics, kafka)
    finally:
        await client.close()


async def read_patiently(kafka: Brokers, topics: Collection[str]) -> dict[str, str]:
    """As `read`, but asks until Kafka answers and all of the topics are there; whoever calls sets the limit.

    Raises the `KafkaError` that says we may not know.
    """
    while True:
        try:
            logs = await read(kafka, topics)
        except (KafkaError, OSError) as error:
            if rights.remedy(error):
                raise
        else:
            if logs.keys() >= set(topics):
                return logs
        await asyncio.sleep(_PAUSE_SECONDS)


async def ask(client: AIOKafkaClient, topics: Collection[str], kafka: Brokers) -> dict[str, str]:
    """Topic → log; topics that do not exist are left out.

    Raises aiokafka's `KafkaError` when Kafka does not answer or does not let us know, `NoLogId` when it tells no cluster id.
    """
    node = client.get_random_node()
    if node is None:
        raise NodeNotReadyError("no broker is known")
    try:
        answer = await client.send(node, TopicIds([kafka.name(topic) for topic in topics]))
    except (NotImplementedError, IncompatibleBrokerVersion):
        cluster = _named((await client.send(node, MetadataRequest([], False))).cluster_id)
        return dict.fromkeys(topics, cluster)
    cluster = _named(answer.cluster_id)
    if forbidden := [name for error, name, *_ in answer.topics if error == TopicAuthorizationFailedError.errno]:
        raise TopicAuthorizationFailedError(", ".join(forbidden))
    return {kafka.topic(name): _log(cluster, topic) for _, name, topic, *_ in answer.topics if topic != _NO_ID}


async def progress(store: Store, logs: Mapping[str, str], partitions: Collection[Partition]) -> dict[Partition, int]:
    """The next offset to read of each partition, each in its topic's log; those never applied, or of no topic in `logs`, are left out."""
    places: dict[str, list[Partition]] = defaultdict(list)
    for partition in partitions:
        if partition.topic in logs:
            places[logs[partition.topic]].append(partition)
    found = await asyncio.gather(*(store.progress(log, wanted) for log, wanted in places.items()))
    return {partition: offset for each in found for partition, offset in each.items()}


def is_made_anew(before: str, now: str) -> bool:
    """Whether two logs of one topic are of the same cluster: then somebody deleted the topic and made it anew."""
    cluster, _, topic = now.rpartition("/")
    before_cluster, _, before_topic = before.rpartition("/")
    return bool(cluster) and cluster == before_cluster and topic != before_topic


def _named(cluster: str | None) -> str:
    if not cluster:
        raise NoLogId("Kafka tells no cluster id; version 0.10.1 or newer is needed")
    return cluster


def _log(cluster: str, topic: bytes) -> str:
    # Written as Kafka's own tools write a topic's id (`kafka-topics --describe`).
    return f"{cluster}/{base64.urlsafe_b64encode(topic).decode().rstrip('=')}"


class _Id(AbstractType[bytes]):  # type: ignore[misc]  # aiokafka's classes are not checked
    @classmethod
    def encode(cls, value: bytes) -> bytes:
        return value

    @classmethod
    def decode(cls, data: BytesIO) -> bytes:
        return data.read(16)


_TEXT = CompactString("utf-8")
_NUMBERS = CompactArray(Int32)
_BROKER = (("node_id", Int32), ("host", _TEXT), ("port", Int32), ("rack", _TEXT), ("tags", TaggedFields))
_PARTITION = (
    ("error_code", Int16), ("partition", Int32), ("leader", Int32), ("leader_epoch", Int32), ("replicas", _NUMBERS), ("isr", _NUMBERS),
    ("offline", _NUMBERS), ("tags", TaggedFields),
)  # fmt: skip
_TOPIC = (
    ("error_code", Int16), ("name", _TEXT), ("topic_id", _Id), ("is_internal", Boolean), ("partitions", CompactArray(*_PARTITION)),
    ("authorized_operations", Int32), ("tags", TaggedFields),
)  # fmt: skip


class _Answer(Response):  # type: ignore[misc]  # aiokafka's classes are not checked
    API_KEY = 3
    API_VERSION = 12
    SCHEMA = Schema(
        ("throttle_time_ms", Int32), ("brokers", CompactArray(*_BROKER)), ("cluster_id", _TEXT), ("controller_id", Int32),
        ("topics", CompactArray(*_TOPIC)), ("tags", TaggedFields),
    )  # fmt: skip


class _Question(RequestStruct):  # type: ignore[misc]  # aiokafka's classes are not checked
    FLEXIBLE_VERSION = True
    API_KEY = 3
    API_VERSION = 12
    RESPONSE_TYPE = _Answer
    SCHEMA = Schema(
        ("topics", CompactArray(("topic_id", _Id), ("name", _TEXT), ("tags", TaggedFields))), ("allow_auto_topic_creation", Boolean),
        ("include_topic_authorized_operations", Boolean), ("tags", TaggedFields),
    )  # fmt: skip


class TopicIds(Request[_Question]):  # type: ignore[misc]  # aiokafka's classes are not checked
    """Metadata, version 12, of the named topics; creates none."""

    API_KEY = 3

    def __init__(self, topics: Collection[str]) -> None:
        self._topics = topics

    def build(self, request_struct_class: type[_Question]) -> _Question:
        """The request."""
        return request_struct_class([(_NO_ID, name, {}) for name in self._topics], False, False, {})
