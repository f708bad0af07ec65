"""`make night HOURS=12`: what the demo costs after so many hours, beside what it costs at first; and whether every figure is right then.

The hours are the simulator's own, sent as its history, as fast as the machine takes them; then it goes on at its own pace, as at first.
"""

import argparse
import asyncio
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import orjson
from aiokafka import AIOKafkaConsumer, TopicPartition

from deploy.demo import EVENTS_PER_SECOND, HISTORY_MINUTES
from streams.kafka.brokers import Brokers
from streams.store.redis import RedisStore
from streams.topics import CLICKS, COMMENTS, INPUTS, ORDERS, VIEWS
from tests.bench.stack import Stack, fetch, stack
from tests.kafka.verdict import settled
from tests.servers.process import Process
from tests.soak.samples import Samples, mean

SECONDS_AT_WORK = 120.0
CATCH_UP_SECONDS = 3_600.0
#: Before the first figures of a run count, and between two samples.
WARM_SECONDS, SAMPLE_SECONDS = 20.0, 10.0
#: A part may cost so much more of a core after the night: what the clock's hundredths and a busy machine make of nothing.
MORE, LITTLE_CPU = 0.10, 0.01

_SHOWN = {
    (VIEWS, "exposed"): "impressions",
    (VIEWS, "entered"): "entries",
    (VIEWS, "shared"): "shares",
    (CLICKS, "clicked"): "product_clicks",
    (CLICKS, "carted"): "carts",
    (COMMENTS, "commented"): "comments",
    (ORDERS, "created"): "orders_created",
    (ORDERS, "paid"): "orders_paid",
    (ORDERS, "refunded"): "refunds",
}


def main() -> int:
    """Runs it once; 1 if it costs more after the night, or a figure is wrong."""
    parser = argparse.ArgumentParser(prog="make night", description=__doc__)
    parser.add_argument("--hours", type=float, default=12)
    hours = parser.parse_args().hours
    with tempfile.TemporaryDirectory(prefix="livescreen-night-", ignore_cleanup_errors=True) as name, stack(Path(name)) as here:
        directory = Path(name)
        browser = Process([sys.executable, "-m", "tests.soak.screens", here.screen, here.token, "1"], directory / "browser.log")
        browser.start()
        try:
            first = _broadcast(here, directory, "evening", HISTORY_MINUTES)
            last = _broadcast(here, directory, "night", hours * 60)
        finally:
            browser.kill()
        wrong = asyncio.run(_wrong(here, "night"))
    print(f"{'part':<11} {'first':>14} {f'after {hours:g} h':>14}")
    worse = [name for name, (before, now) in sorted(_pairs(first, last).items()) if _line(name, before, now)]
    print("\n".join([f"{len(wrong)} differences", *wrong, "costs more: " + ", ".join(worse) if worse else "costs no more than at first"]))
    return int(bool(wrong or worse))


def _pairs(first: dict[str, float], last: dict[str, float]) -> dict[str, tuple[float, float]]:
    return {name: (first[name], last[name]) for name in first.keys() & last.keys()}


def _line(name: str, before: float, now: float) -> bool:
    """Prints a part's two shares of a core; whether it is worse."""
    print(f"{name:<11} {before:>13.1%} {now:>14.1%}")
    return now > before * (1 + MORE) + LITTLE_CPU


def _broadcast(here: Stack, directory: Path, room: str, history_minutes: float) -> dict[str, float]:
    """The share of a core that each part takes while a broadcast with so much behind it goes on."""
    options = {"--room": room, "--rate": EVENTS_PER_SECOND, "--minutes": 24 * 60, "--history": history_minutes, "--seed": 7}
    arguments = [str(part) for option in options.items() for part in option]
    simulator = Process(
        [sys.executable, "-m", "deploy", "simulate", *arguments, "--data", str(directory / "data")], directory / f"{room}.log"
    )
    simulator.start()
    begin = time.monotonic()
    try:
        sent = asyncio.run(_caught_up(here, room))
        print(f"{room}: {sent:,} events sent and applied after {time.monotonic() - begin:.0f} s", flush=True)
        time.sleep(WARM_SECONDS)
        assert simulator._process is not None
        samples = Samples(here.pid, {"simulator": simulator._process.pid})
        for _ in range(int(SECONDS_AT_WORK / SAMPLE_SECONDS) + 1):
            samples.take(0)
            time.sleep(SAMPLE_SECONDS)
        return {name: mean([sample.cpu for sample in taken]) for name, taken in samples.of.items()}
    finally:
        simulator.stop()


async def _caught_up(here: Stack, room: str) -> int:
    """Returns when the simulator has come to the present, and all of it is applied; how many records the topics hold then."""
    store, kafka = RedisStore.connect(here.redis), Brokers(here.kafka)
    try:
        async with asyncio.timeout(CATCH_UP_SECONDS):
            while not await asyncio.to_thread(_is_now, here, room):  # noqa: ASYNC110 - other processes make it true
                await asyncio.sleep(1)
        await settled(kafka, store, CATCH_UP_SECONDS)
        return sum((await _ends(kafka)).values())
    finally:
        await store.close()


def _is_now(here: Stack, room: str) -> bool:
    """Whether the newest view on the screen is of the last seconds."""
    rows = [row for row in fetch(here, "/api/rooms")["rooms"] if row["room"] == room]
    newest = rows[0]["as_of"].get(VIEWS) if rows else None
    return newest is not None and time.time() - newest / 1_000 < 10


async def _wrong(here: Stack, room: str) -> list[str]:
    """What the screen says otherwise than the log, whose events are counted one by one."""
    store, kafka = RedisStore.connect(here.redis), Brokers(here.kafka)
    try:
        await settled(kafka, store)
    finally:
        await store.close()
    counted, gmv = Counter[str](), 0
    consumer = AIOKafkaConsumer(**kafka.client(), auto_offset_reset="earliest", max_partition_fetch_bytes=4 * 2**20)
    await consumer.start()
    try:
        ends = await _ends(kafka)
        consumer.assign(list(ends))
        await consumer.seek_to_beginning()
        while any([await consumer.position(place) < end for place, end in ends.items()]):
            for place, records in (await consumer.getmany(timeout_ms=1_000)).items():
                for event in (orjson.loads(record.value) for record in records if record.key == room.encode()):
                    counted[_SHOWN.get((place.topic, event["kind"]), "")] += 1
                    gmv += event["amount"] if event["kind"] == "paid" else 0
    finally:
        await consumer.stop()
    total = fetch(here, f"/api/rooms/{room}")["total"]
    right = {name: counted[name] for name in _SHOWN.values()} | {"gmv": gmv}
    return [f"{name} is {total[name]}, should be {value}" for name, value in right.items() if total[name] != value]


async def _ends(kafka: Brokers) -> dict[TopicPartition, int]:
    consumer = AIOKafkaConsumer(*INPUTS, **kafka.client())
    await consumer.start()
    try:
        places = [TopicPartition(topic, number) for topic in INPUTS for number in sorted(consumer.partitions_for_topic(topic) or ())]
        return dict(await consumer.end_offsets(places))
    finally:
        await consumer.stop()


if __name__ == "__main__":
    sys.exit(main())
