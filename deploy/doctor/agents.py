"""Checks of the agents: whether some work, by what they say of themselves, and what they reject."""

import time
from collections import Counter
from collections.abc import Iterable

from aiokafka import AIOKafkaConsumer, TopicPartition

from deploy.dead_letters.letters import MENDED, Letter
from deploy.dead_letters.reading import drain
from deploy.doctor.finding import Finding, bad, good
from streams import workers
from streams.kafka.brokers import Brokers
from streams.store.port import Store
from streams.topics import DEAD_LETTERS

#: So many of the newest letters of each partition are looked at, and counted where they are this young.
_NEWEST = 200
_RECENT_MS = 10 * 60_000


def now_ms() -> int:
    """Unix time in ms."""
    return time.time_ns() // 1_000_000


async def check_agents(store: Store) -> Finding:
    """Whether agents work. Raises `StoreAway`."""
    said = await store.reports()
    verdict = workers.judge([(report, lives) for text, lives in said.values() if (report := workers.parse(text))], now_ms())
    return good(f"agents: {verdict.line}") if verdict.good else bad(f"agents: {verdict.line}", "start `livescreen agents`, or see its log")


async def check_rejects(kafka: Brokers, partitions: int) -> list[Finding]:
    """What was rejected lately, by the newest dead letters. Raises aiokafka's `KafkaError`."""
    places = [TopicPartition(kafka.name(DEAD_LETTERS), number) for number in range(partitions)]
    if not places:
        return []
    consumer = AIOKafkaConsumer(**kafka.reader(), group_id=None)
    await consumer.start()
    try:
        consumer.assign(places)
        first, ends = await consumer.beginning_offsets(places), await consumer.end_offsets(places)
        left = {place: ends[place] for place in places if ends[place] > first[place]}
        for place in left:
            consumer.seek(place, max(first[place], ends[place] - _NEWEST))
        letters = [letter async for _, letter in drain(consumer, left)]
    finally:
        await consumer.stop()
    return [judge(letters, now_ms())]


def judge(letters: Iterable[Letter], now_ms: int) -> Finding:
    """What the newest letters say."""
    recent = [letter for letter in letters if letter.reason != MENDED and now_ms - letter.at <= _RECENT_MS]
    reasons = Counter[str]()
    for letter in recent:
        reasons.update(letter.reasons or {letter.reason: 1})
    if not reasons:
        return good("no record was rejected in the last 10 minutes")
    told = ", ".join(f"{reason} {count}" for reason, count in reasons.most_common())
    return bad(f"records were rejected in the last 10 minutes, at least {reasons.total()}: {told}", "see `livescreen dead-letters`")
