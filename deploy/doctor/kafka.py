"""Checks of Kafka: does it answer, are the topics there, do the agents keep up."""

import asyncio
from collections.abc import Mapping

from aiokafka.admin import AIOKafkaAdminClient

from agents import topic_log
from deploy.doctor.ends import read_ends
from deploy.doctor.finding import Finding, bad, good
from streams.kafka.brokers import Brokers
from streams.store.port import Store
from streams.topics import ALL, INPUTS, Partition

LOOK_AGAIN_SECONDS = 2.0


async def check_topics(kafka: Brokers, partitions: int) -> tuple[list[Finding], dict[str, int]]:
    """Whether all topics exist; and of those that do, how many partitions each has. Raises aiokafka's `KafkaError`."""
    admin = AIOKafkaAdminClient(**kafka.client())
    await admin.start()
    try:
        there = sorted(
            set(await admin.list_topics()) & {kafka.name(topic) for topic in ALL}
        )  # asking for one that is missing might create it
        described = await admin.describe_topics(there) if there else []
    finally:
        await admin.close()
    counts = {kafka.topic(topic["topic"]): len(topic["partitions"]) for topic in described}
    missing = [name for name in ALL if name not in counts]
    findings = [bad(f"topic {kafka.name(name)} is missing", "start `livescreen agents` once, which creates it") for name in missing]
    if counts:
        findings.append(good("topics: " + ", ".join(f"{kafka.name(name)} ({count})" for name, count in counts.items())))
    odd = [name for name in INPUTS if counts.get(name, partitions) != partitions]
    if odd:
        findings.append(
            good(f"LIVESCREEN_PARTITIONS={partitions} does not hold for {', '.join(odd)}: it counts only where a topic is created")
        )
    return findings, counts


async def check_lag(kafka: Brokers, logs: Mapping[str, str], store: Store, counts: Mapping[str, int]) -> list[Finding]:
    """For each input topic, whether the agents have applied what is in the log, or are at it."""
    partitions = [Partition(topic, number) for topic in INPUTS for number in range(counts.get(topic, 0))]
    applied = await topic_log.progress(store, logs, partitions)  # before the ends, which move on meanwhile
    first, ends = await read_ends(kafka, partitions)
    before = after = first | applied
    if any(before[place] < ends[place] for place in partitions):
        await asyncio.sleep(LOOK_AGAIN_SECONDS)
        after = first | await topic_log.progress(store, logs, partitions)
    return [
        _judge(topic, [place for place in partitions if place.topic == topic], ends, before, after) for topic in INPUTS if topic in counts
    ]


async def check_logs(logs: Mapping[str, str], store: Store) -> list[Finding]:
    """A line for each input topic that was deleted and made anew."""
    findings = []
    for topic in INPUTS:
        known = await store.logs(topic) if topic in logs else []
        before = [each for each in known if topic_log.is_made_anew(each, logs[topic])]
        if before:
            met = "counts" if logs[topic] in known else "will count, as soon as agents run,"
            findings.append(
                good(
                    f"{topic} was deleted and made anew, or LIVESCREEN_TOPIC_PREFIX is another one "
                    f"({logs[topic]}, before {before[0]}): it is another log, "
                    f"and all that is in it {met} beside what was counted of the old one. If the same events were sent again they count "
                    "twice: then give agents and screens an empty store"
                )
            )
    return findings


def _judge(
    topic: str, places: list[Partition], ends: Mapping[Partition, int], before: Mapping[Partition, int], after: Mapping[Partition, int]
) -> Finding:
    ahead = [place for place in places if before[place] > ends[place]]
    if ahead:
        remedy = (
            "its log was cut, or (Kafka before 3.1) the topic was created anew; give agents and screens an empty store, and all the log "
            "holds is counted again"
        )
        return bad(f"{', '.join(map(str, ahead))}: more is applied than the log holds", remedy)
    waiting = sum(max(0, ends[place] - after[place]) for place in places)
    applied = sum(after[place] - before[place] for place in places)
    if not waiting:
        return good(f"{topic}: all {sum(ends[place] for place in places)} records are applied")
    if applied:
        return good(f"{topic}: {waiting} records wait, {applied} were applied in {LOOK_AGAIN_SECONDS:g} s")
    return bad(
        f"{topic}: {waiting} records wait and none was applied in {LOOK_AGAIN_SECONDS:g} s", "start `livescreen agents`, or see its log"
    )
