"""Whether the store holds exactly what the log does."""

import asyncio
import time

import orjson
from aiokafka import AIOKafkaConsumer, TopicPartition

from agents import topic_log
from streams import board, keys
from streams.kafka.brokers import Brokers
from streams.products import BoardRules
from streams.store.port import Store, StoreAway
from streams.store.view import RoomView
from streams.topics import DEAD_LETTERS, INPUTS, Partition
from tests.load import Load, Sums, sums
from tests.servers.kafka import Kafka

SETTLE_SECONDS = 240.0
#: The people counted here are estimates; the store's standard error is 0.81 %.
PEOPLE_ERROR = 0.04


async def ends(kafka: Brokers) -> dict[Partition, int]:
    """The next offset that Kafka will give in each partition of the input topics."""
    consumer = AIOKafkaConsumer(*INPUTS, **kafka.client())
    await consumer.start()
    try:
        places = [TopicPartition(topic, number) for topic in INPUTS for number in sorted(consumer.partitions_for_topic(topic) or ())]
        return {Partition(place.topic, place.partition): end for place, end in (await consumer.end_offsets(places)).items()}
    finally:
        await consumer.stop()


async def settled(kafka: Brokers, store: Store, seconds: float = SETTLE_SECONDS) -> float:
    """Returns when all records are applied; how long that took, in seconds."""
    begin = time.monotonic()
    goal = {partition: end for partition, end in (await ends(kafka)).items() if end}
    logs = await topic_log.read(kafka, INPUTS)
    while (left := await _left(store, logs, goal)) != {}:
        assert time.monotonic() < begin + seconds, f"not applied after {seconds:.0f} s: {left}"
        await asyncio.sleep(0.1)
    return time.monotonic() - begin


async def differences(store: Store, load: Load) -> list[str]:
    """What the store has that the load does not say, or the other way round; empty when all is right."""
    found = []
    for room in load.rooms:
        found += await room_differences(store, room, sums(load.records, room))
        (viewers,) = await store.counts(room, [[keys.people(keys.TOTAL, "viewers")]])
        users = {r.event["user"] for r in load.records if r.event and r.event["kind"] == "entered" and r.event["room"] == room}
        if abs(viewers - len(users)) > PEOPLE_ERROR * len(users):
            found.append(f"{room}: {viewers} viewers, should be about {len(users)}")
    return found


async def room_differences(store: Store, room: str, right: Sums) -> list[str]:
    """The same of one room, people aside, for what its events add up to."""
    total = dict(right.total)
    unpaid = total.pop("orders_unpaid")  # not stored: it follows from the ledger of open orders, where those that lapsed stand too
    found = _compare(f"{room} total", await _hash(store, room, keys.TOTAL), total)
    if (shown := await _open_orders(store, room)) != unpaid:
        found.append(f"{room}: {shown} orders are open, should be {unpaid}")
    for minute, figures in right.minutes.items():
        found += _compare(f"{room} minute {minute}", await _hash(store, room, keys.minute(minute)), figures)
    for product, figures in right.products.items():
        found += _compare(f"{room} {product}", await _hash(store, room, keys.product(product)), figures)
    return found


async def dead_letters(kafka: Brokers) -> list[tuple[str, int, int]]:
    """Where the rejected records stood: topic, partition, offset of each dead letter, in the order of the letters."""
    consumer = AIOKafkaConsumer(DEAD_LETTERS, **kafka.client(), auto_offset_reset="earliest")
    await consumer.start()
    try:
        places = [TopicPartition(DEAD_LETTERS, number) for number in consumer.partitions_for_topic(DEAD_LETTERS) or ()]
        wanted = sum((await consumer.end_offsets(places)).values())
        letters = [orjson.loads((await consumer.getone()).value) for _ in range(wanted)]
        return [(letter["topic"], letter["partition"], letter["offset"]) for letter in letters]
    finally:
        await consumer.stop()


async def _left(store: Store, logs: dict[str, str], goal: dict[Partition, int]) -> dict[str, int]:
    try:
        known = await topic_log.progress(store, logs, list(goal))
    except StoreAway:
        return {"the store is away": 1}
    return {str(partition): end - known.get(partition, 0) for partition, end in goal.items() if known.get(partition, 0) < end}


async def _open_orders(store: Store, room: str) -> int:
    """Orders that are created and neither paid nor cancelled, as a board counts them."""
    now_ms, view = time.time_ns() // 1_000_000, RoomView(store, room)
    await view.refresh(now_ms)
    total = board.build(view.material, now_ms, BoardRules())["total"]
    return int(total["orders_unpaid"]) + int(total["orders_lapsed"])


async def _hash(store: Store, room: str, key: str) -> dict[str, str]:
    return (await store.hashes(room, [key]))[0]


def _compare(name: str, stored: dict[str, str], right: dict[str, int]) -> list[str]:
    return [
        f"{name}: {figure} is {stored.get(figure, 0)}, should be {value}"
        for figure, value in right.items()
        if int(stored.get(figure, 0)) != value
    ]


async def judge(kafka: Kafka, store: Store, load: Load, seconds: float = SETTLE_SECONDS) -> None:
    """Checks the log against the load, and the store against both, once all is applied."""
    await settled(kafka.brokers, store, seconds)
    assert sum((await ends(kafka.brokers)).values()) == len(load.records), "the log itself has lost or doubled records"
    assert await differences(store, load) == []
    # A letter may come twice when a worker dies right after it is sent; but each says where its record stood.
    assert len(set(await dead_letters(kafka.brokers))) == load.rejected
