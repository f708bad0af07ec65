"""Events into Kafka, figures out of the store, and the same figures by brute force."""

import asyncio
import random
import time
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import orjson
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from agents import topic_log, topics
from streams import board
from streams.board_rules import BoardRules
from streams.kafka.brokers import Brokers
from streams.store.redis import RedisStore
from streams.store.view import RoomView
from streams.topics import CLICKS, COMMENTS, DEAD_LETTERS, INPUTS, ORDERS, PREFIX, SCENES, VIEWS, Partition
from tests.servers.process import Process

FIGURES = (
    "impressions", "entries", "likes", "leaves", "product_impressions", "product_clicks", "carts", "orders_created", "orders_paid",
    "orders_cancelled", "items_sold", "gmv", "buyers", "refunds", "refund_amount", "comments", "orders_unpaid",
)  # fmt: skip

Sent = tuple[str, bytes, bytes]  # topic, room, record


def now_ms() -> int:
    return time.time_ns() // 1_000_000


@dataclass
class World:
    """One Kafka and one store. `ends`: what was sent, as the next offset of each partition."""

    kafka: str
    redis: str
    prefix: str = PREFIX
    ends: dict[Partition, int] = field(default_factory=lambda: defaultdict(int))

    @property
    def brokers(self) -> Brokers:
        return Brokers(self.kafka, prefix=self.prefix)

    async def prepare(self) -> None:
        await topics.create_missing(self.brokers, 4)

    async def send(self, records: Iterable[Sent], per_second: float | None = None) -> list[str]:
        """Sends all and returns where each went, "topic:partition:offset"."""
        producer = AIOKafkaProducer(bootstrap_servers=self.kafka, linger_ms=5, max_request_size=8 * 1024 * 1024)
        await producer.start()
        places, waiting, started = [], [], time.monotonic()
        for number, (topic, room, value) in enumerate(records):
            if per_second and (ahead := number / per_second - (time.monotonic() - started)) > 0:
                await asyncio.sleep(ahead)
            waiting.append(await producer.send(self.brokers.name(topic), value, key=room))
        for done in await asyncio.gather(*waiting):
            partition = Partition(self.brokers.topic(done.topic), done.partition)
            self.ends[partition] = max(self.ends[partition], done.offset + 1)
            places.append(f"{partition}:{done.offset}")
        await producer.stop()
        return places

    @asynccontextmanager
    async def store(self) -> AsyncIterator[RedisStore]:
        store = RedisStore.connect(self.redis)
        try:
            yield store
        finally:
            await store.close()

    async def applied(self, seconds: float = 120.0) -> None:
        """Returns when the progress of every partition has reached what was sent."""
        logs = await topic_log.read(self.brokers, INPUTS)
        async with self.store() as store, asyncio.timeout(seconds):
            while True:
                progress = await topic_log.progress(store, logs, list(self.ends))
                if all(progress.get(partition, 0) >= end for partition, end in self.ends.items()):
                    return
                await asyncio.sleep(0.1)

    async def figures(self, rooms: Iterable[str]) -> dict[str, dict[str, Any]]:
        """What the store says of each room."""
        async with self.store() as store:
            found = {}
            for room in rooms:
                view = RoomView(store, room)
                await view.refresh(now_ms())
                total = board.build(view.material, now_ms(), BoardRules())["total"]
                found[room] = {name: total[name] for name in FIGURES}
            return found

    async def dead_letters(self) -> list[dict[str, Any]]:
        """All dead letters, each with its "key"."""
        consumer = AIOKafkaConsumer(bootstrap_servers=self.kafka, auto_offset_reset="earliest", max_partition_fetch_bytes=16 * 1024 * 1024)
        await consumer.start()
        consumer.assign([TopicPartition(self.brokers.name(DEAD_LETTERS), number) for number in range(4)])
        letters = []
        while batch := await consumer.getmany(timeout_ms=2_000):
            letters += [orjson.loads(r.value) | {"key": r.key.decode()} for records in batch.values() for r in records]
        await consumer.stop()
        return letters


async def ended(process: Process, seconds: float = 120.0) -> int:
    """The status with which it ends."""
    async with asyncio.timeout(seconds):
        while (status := process.status) is None:  # noqa: ASYNC110 (a process sets no event)
            await asyncio.sleep(0.05)
    return status


async def logged(process: Process, text: str, seconds: float = 120.0) -> None:
    """Returns when it has logged this."""
    async with asyncio.timeout(seconds):
        while text not in process.log.read_text():
            assert process.running, process.tail()
            await asyncio.sleep(0.05)


def record(topic: str, **event: Any) -> Sent:
    return topic, event["room"].encode(), orjson.dumps(event)


def broadcast(rooms: Iterable[str], count: int, seed: int = 1) -> list[Sent]:
    """Opens the rooms, then `count` events over them, of all topics."""
    chance = random.Random(seed)
    rooms = list(rooms)
    at = now_ms() - 60_000
    sent = [record(SCENES, id=f"o-{room}", room=room, at=at, kind="opened", title=room) for room in rooms]
    for number in range(count):
        room, user, product = chance.choice(rooms), f"u{chance.randrange(500)}", f"p{chance.randrange(5)}"
        common = {"id": f"{seed}-{number}", "room": room, "at": at + chance.randrange(50_000), "user": user}
        order = common | {
            "order": f"{seed}-{room}-{chance.randrange(count // 10)}",
            "product": product,
            "quantity": 2,
            "amount": 500 + number,
        }
        sent.append(
            chance.choice(
                (
                    record(VIEWS, **common, kind="exposed", source="search", person={}),
                    record(VIEWS, **common, kind="entered", source="ads_feed", person={"gender": "f"}),
                    record(VIEWS, **common, kind="left", seconds=3),
                    record(VIEWS, **common, kind="liked"),
                    record(CLICKS, **common, kind=chance.choice(("exposed", "clicked", "carted")), product=product),
                    record(ORDERS, **order, kind=chance.choice(("created", "paid", "paid", "cancelled", "refunded"))),
                    record(COMMENTS, **common, kind="commented", text="多少钱"),
                )
            )
        )
    return sent


_COUNTED = {
    (VIEWS, "exposed"): "impressions", (VIEWS, "entered"): "entries", (VIEWS, "left"): "leaves", (VIEWS, "liked"): "likes",
    (CLICKS, "exposed"): "product_impressions", (CLICKS, "clicked"): "product_clicks", (CLICKS, "carted"): "carts",
    (COMMENTS, "commented"): "comments",
}  # fmt: skip


def brute_force(sent: Iterable[Sent]) -> dict[str, dict[str, Any]]:
    """The figures, counted one event after the other; orders by the contract's rules for repeats."""
    totals: dict[str, Counter[str]] = defaultdict(Counter)
    seen: set[Any] = set()
    steps: dict[tuple[str, str], set[str]] = defaultdict(set)
    buyers: dict[str, set[str]] = defaultdict(set)
    for topic, _, value in sent:
        event = orjson.loads(value)
        room, kind, total = event["room"], event["kind"], totals[event["room"]]
        if (topic, kind) in _COUNTED:
            total[_COUNTED[topic, kind]] += 1
        if topic != ORDERS or (room, event["order"], kind, event["id"]) in seen:
            continue
        seen.add((room, event["order"], kind, event["id"]))
        _step(total, event, steps[room, event["order"]], buyers[room])
    for (room, _), known in steps.items():
        totals[room]["orders_unpaid"] += "created" in known and not known & {"paid", "cancelled"}
    return {room: {name: len(buyers[room]) if name == "buyers" else total[name] for name in FIGURES} for room, total in totals.items()}


def _step(total: Counter[str], event: dict[str, Any], known: set[str], buyers: set[str]) -> None:
    kind = event["kind"]
    first = kind not in known
    known.add(kind)
    if kind == "refunded":
        total["refunds"] += 1
        total["refund_amount"] += event["amount"]
    elif first:
        total[f"orders_{kind}"] += 1
        if kind == "paid":
            total["items_sold"] += event["quantity"]
            total["gmv"] += event["amount"]
            buyers.add(event["user"])
