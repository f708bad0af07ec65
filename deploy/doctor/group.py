"""Checks of the agents' consumer group: what Kafka has noted of it, against what the store says."""

import asyncio
from collections.abc import Collection, Mapping
from typing import Any

from aiokafka import TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import GroupCoordinatorNotAvailableError

from deploy.doctor.finding import Finding, good
from streams.kafka.brokers import Brokers
from streams.topics import Partition

#: So many partitions are named.
_NAMED = 3
#: A new Kafka makes the topic of its groups when it is first asked for one, and has no coordinator until then.
_PATIENCE_SECONDS, _PAUSE_SECONDS = 10.0, 0.2


async def read_committed(kafka: Brokers, group: str, partitions: Collection[Partition]) -> dict[Partition, int]:
    """The offsets the group has committed of these. Raises aiokafka's `KafkaError`."""
    admin = AIOKafkaAdminClient(**kafka.client())
    await admin.start()
    try:
        found = await _offsets(admin, group, [TopicPartition(kafka.name(each.topic), each.number) for each in partitions])
    finally:
        await admin.close()
    return {Partition(kafka.topic(place.topic), place.partition): noted.offset for place, noted in found.items() if noted.offset >= 0}


async def _offsets(admin: AIOKafkaAdminClient, group: str, places: list[TopicPartition]) -> dict[TopicPartition, Any]:
    end = asyncio.get_running_loop().time() + _PATIENCE_SECONDS
    while True:
        try:
            found: dict[TopicPartition, Any] = await admin.list_consumer_group_offsets(group, partitions=places)
            return found
        except GroupCoordinatorNotAvailableError:
            if asyncio.get_running_loop().time() > end:
                raise
        await asyncio.sleep(_PAUSE_SECONDS)


def check_group(group: str, committed: Mapping[Partition, int], applied: Mapping[Partition, int]) -> list[Finding]:
    """A line where the two differ: it puzzles whoever resets offsets by hand that nothing happens."""
    apart = [place for place, offset in committed.items() if offset != applied.get(place, 0)]
    if not apart:
        return []
    named = ", ".join(f"{place} {committed[place]} for {applied.get(place, 0)}" for place in apart[:_NAMED])
    return [
        good(
            f"group {group}: Kafka's offsets are not what is applied in {len(apart)} partitions ({named}…). "
            "They only serve to watch the lag: work under way, a killed worker or a reset by hand leaves them so, and agents go on from "
            "the store all the same. Nothing is read twice or left out, and Kafka's offset follows when the next records are applied"
        )
    ]
