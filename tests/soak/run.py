"""One soak: the whole system, rooms that open and close, browsers and a webhook; and whether all of them have it right in the end."""

import asyncio
import json
import os
import sys
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition
from redis import asyncio as aioredis

from deploy.sender import connect
from streams.kafka.brokers import Brokers
from streams.notices.subscription import Subscription, text
from streams.store.redis import RedisStore
from streams.topics import DEAD_LETTERS, INPUTS
from tests.bench.stack import Stack, fetch, stack
from tests.kafka.verdict import room_differences, settled
from tests.servers import webhook
from tests.servers.process import Process
from tests.soak.feed import feed, now_ms, send
from tests.soak.report import Report
from tests.soak.rooms import WARM, Season, warm, warmed
from tests.soak.samples import Samples

RULE = "soak_orders"
SETTLE_SECONDS = 600.0
TOLD_SECONDS = 120.0
#: What both the board and the count call the same.
SHOWN = ("impressions", "entries", "likes", "product_clicks", "carts", "orders_created", "orders_paid", "gmv", "buyers", "refund_amount")


@dataclass(frozen=True)
class Wanted:
    """How long and how much. `span_seconds`: how long a room is on air. `settings` of the stack, by their names in capitals."""

    minutes: float
    rate: float
    rooms: int = 20
    screens: int = 20
    sample_seconds: float = 10.0
    seed: int = 1
    settings: Mapping[str, str] = field(default_factory=dict)

    @property
    def span_seconds(self) -> float:
        """A sixth of the run, but time enough for an alert, and never more than ten minutes."""
        return min(600.0, max(30.0, self.minutes * 10))


def soak(wanted: Wanted, directory: Path) -> Report:
    """Runs it in `directory`, which must be empty; logs and data stay there."""
    rules = directory / "rules.yaml"
    shipped = (files("streams.alerts") / "defaults.yaml").read_text("utf-8")
    rules.write_text(shipped + "\n" + Path(__file__).with_name("rules.yaml").read_text("utf-8"), "utf-8")
    with stack(directory, RULES=str(rules), **wanted.settings) as here, webhook.running() as receiver:
        command = [sys.executable, "-m", "tests.soak.screens", here.screen, here.token, str(wanted.screens)]
        screens = Process(command, directory / "screens.log")
        screens.start()
        try:
            return asyncio.run(_Soak(wanted, here, receiver, screens).run())
        finally:
            screens.kill()


class _Soak:
    def __init__(self, wanted: Wanted, here: Stack, receiver: webhook.Receiver, screens: Process) -> None:
        self._wanted, self._here, self._receiver = wanted, here, receiver
        self._season = Season(wanted.seed, wanted.rooms, int(wanted.span_seconds * 1_000))
        assert screens._process is not None
        self._screens = screens
        self._samples = Samples(here.pid, {"feed": os.getpid(), "browsers": screens._process.pid})
        self._next_sample = 0.0

    async def run(self) -> Report:
        store, kafka = RedisStore.connect(self._here.redis), Brokers(self._here.kafka)
        try:
            hook = Subscription(id="soak", target=self._receiver.url, secret=webhook.SECRET, rules=(RULE,), tell=("firing",))
            await store.notices.subscribe("soak", text(hook))
            async with connect(kafka, INPUTS) as sender:
                await send(sender, warm(now_ms()))
                await self._until_told({WARM})
                await send(sender, warmed(now_ms()))
                reached = await feed(sender, self._season, self._wanted.rate, self._wanted.minutes * 60, self._sample)
            caught_up = await settled(kafka, store, SETTLE_SECONDS)
            kept = await _kept(self._here.redis, len(self._season.over))
            return self._report(await self._differences(store, kafka), reached, caught_up, kept)
        finally:
            await store.close()

    def _sample(self) -> None:
        if time.monotonic() >= self._next_sample:
            self._next_sample = time.monotonic() + self._wanted.sample_seconds
            self._samples.take(self._season.sent)

    async def _differences(self, store: RedisStore, kafka: Brokers) -> list[str]:
        found = [line for room, right in self._season.over.items() for line in await room_differences(store, room, right)]
        if (told := await _rejected(kafka)) != self._season.rejected:
            found.append(f"dead letters tell of {told} records, should be {self._season.rejected}")
        found += [f"{name} was started again {times} times" for name, times in self._samples.restarts.items()]
        if failures := self._looked()["failures"]:
            found.append(f"{failures} of the browsers' calls failed")
        found += await asyncio.to_thread(self._shown_wrong)
        return found + await self._told_wrong()

    def _looked(self) -> dict[str, int]:
        """What the browsers said last; it fails when they ended."""
        lines = [line for line in self._screens.log.read_text().splitlines() if line.startswith("{")]
        assert self._screens._process is not None and self._screens._process.poll() is None, "the browsers ended"
        return dict(json.loads(lines[-1]))

    def _shown_wrong(self) -> list[str]:
        """What the screen says of the rooms that were on air to the end."""
        found = []
        for room in list(self._season.over)[-self._wanted.rooms :]:
            total, right = fetch(self._here, f"/api/rooms/{room}")["total"], self._season.over[room].total
            found += [
                f"{room} on the screen: {name} is {total[name]}, should be {right[name]}" for name in SHOWN if total[name] != right[name]
            ]
        return found

    async def _told_wrong(self) -> list[str]:
        """Each room's alert must have been told once; that of a room which was over too soon may have been."""
        must = {WARM} | self._season.alerted
        await self._until_told(must)
        told, known = self._told(), {WARM} | self._season.over.keys()
        wrong = {room for room, times in told.items() if times > 1 or room not in known} | (must - told.keys())
        return [f"{room}: its alert was told {told[room]} times" for room in sorted(wrong)]

    async def _until_told(self, rooms: set[str]) -> None:
        end = time.monotonic() + TOLD_SECONDS
        while rooms - self._told().keys() and time.monotonic() < end:  # noqa: ASYNC110 - the receiver is a thread
            await asyncio.sleep(0.5)

    def _told(self) -> Counter[str]:
        return Counter(alert["room"] for call in self._receiver.taken() for alert in call.alerts if alert["to"] == "firing")

    def _report(self, differences: list[str], reached: float, caught_up: float, kept: str) -> Report:
        wanted, season = self._wanted, self._season
        looked = self._looked()
        each = looked["frames"] / (wanted.minutes * 60 * wanted.screens)
        notes = [
            f"{season.sent:,} events at {reached:,.0f}/s (wanted {wanted.rate:,.0f}/s), {len(season.over)} rooms, {wanted.rooms} at a time",
            f"applied {caught_up:.1f} s after the last event; {season.rejected} records rejected; "
            f"alerts told of {len(self._told().keys() & season.over.keys())} rooms; {len(season.alerted)} were on air long enough for it",
            f"{wanted.screens} browsers got {looked['frames']:,} frames, {each:.1f} a second each, "
            f"{looked['bytes'] / 2**20:,.0f} MiB, in {looked['visits']:,} visits; {looked['failures']} of their calls failed",
            kept,
        ]
        return Report(f"Soak: {wanted.minutes:g} min at {wanted.rate:,.0f} events/s", notes, dict(self._samples.of), differences)


async def _kept(redis: str, rooms: int) -> str:
    """What the store holds in the end. Only what windows need of a room expires; the rest stays."""
    async with aioredis.from_url(redis) as client:
        memory: dict[str, Any] = await client.info("memory")
        mib, keys = memory["used_memory"] / 2**20, await client.dbsize()
        return f"the store holds {mib:.0f} MiB in {keys:,} keys, {mib / rooms:.1f} MiB a room; rooms that are over stay in it"


async def _rejected(kafka: Brokers) -> int:
    """How many records the dead letters tell of: one each, or many where there were more than a room may have in a minute."""
    consumer = AIOKafkaConsumer(DEAD_LETTERS, **kafka.client(), auto_offset_reset="earliest")
    await consumer.start()
    try:
        places = [TopicPartition(DEAD_LETTERS, number) for number in consumer.partitions_for_topic(DEAD_LETTERS) or ()]
        letters = sum((await consumer.end_offsets(places)).values())
        return sum([json.loads((await consumer.getone()).value).get("count", 1) for _ in range(letters)])
    finally:
        await consumer.stop()
