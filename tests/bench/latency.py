"""From an event's producer to a websocket client: how old each event is when the first frame that counts it arrives."""

import asyncio
import time
from collections.abc import Iterator
from statistics import median
from typing import Any

import orjson
import uvloop
from aiokafka import AIOKafkaProducer

from streams.topics import SCENES, VIEWS
from tests.bench.place import cpu_seconds
from tests.bench.stack import START_SECONDS, Stack, part, stack
from tests.bench.watcher import watch

RATES = (1_000, 5_000, 20_000)
STEP_SECONDS = 0.01
WARM_SECONDS = 2.0
#: After the last event, for its frame to come.
LINGER_SECONDS = 4.0
PARTITION = 0


def measure(runs: int, quick: bool) -> Iterator[dict[str, Any]]:
    """A row for each rate: the medians of some rounds of thousands of events each."""
    seconds = 3.0
    with stack() as here:
        for number, rate in enumerate(RATES):
            yield {"what": f"event → frame at {rate:,} events/s"} | uvloop.run(_run(here, f"room-{number}", rate, seconds, runs))


async def _run(here: Stack, room: str, rate: int, seconds: float, rounds: int) -> dict[str, float]:
    producer = AIOKafkaProducer(bootstrap_servers=here.kafka, max_batch_size=256 * 1024)
    await producer.start()
    try:
        opened = {"id": "o", "room": room, "at": time.time_ns() // 1_000_000, "kind": "opened", "title": room}
        await producer.send_and_wait(SCENES, orjson.dumps(opened), key=room.encode())
        await known(here, room)
        counted: list[tuple[float, int]] = []  # when a frame came, and up to which event time it counts (Unix ms, both)

        def seen(frame: bytes) -> None:
            as_of = orjson.loads(frame)["d"].get("room", {}).get("as_of", {}).get(VIEWS)
            if as_of is not None:
                counted.append((time.time() * 1e3, as_of))

        socket = await watch(here.socket(room), here.headers, seen)
        agents = part(here.pid, "deploy agents")
        before, begun = cpu_seconds(agents), time.monotonic()
        made = await _produce(producer, room, rate, WARM_SECONDS + seconds * rounds)
        await asyncio.sleep(LINGER_SECONDS)
        agent = (cpu_seconds(agents) - before) / (time.monotonic() - begun)
        socket.abort()
    finally:
        await producer.stop()
    ages = _ages(made, counted)
    warm, each = int(rate * WARM_SECONDS), int(rate * seconds)
    found = [_percentiles(ages[first : first + each]) for first in range(warm, len(made) - each // 2, each)]
    return {name: median(one[name] for one in found) for name in found[0]} | {
        "made_per_second": (len(made) - 1) / (made[-1] - made[0]) * 1e3,
        "never_seen": len(made) - len(ages),
        "agent_cpu_share": agent,
    }


def _percentiles(ages: list[float]) -> dict[str, float]:
    ages = sorted(ages)
    return {f"p{percent}_ms": ages[len(ages) * percent // 100] for percent in (50, 95, 99)}


def _ages(made: list[float], counted: list[tuple[float, int]]) -> list[float]:
    """The age of each event when a frame first counts it: they lie in one partition, in order, and frames say up to when they count."""
    ages: list[float] = []
    for came, as_of in counted:
        while len(ages) < len(made) and int(made[len(ages)]) <= as_of:
            ages.append(came - made[len(ages)])
    return ages


async def known(here: Stack, room: str) -> None:
    """Returns when the screen knows the room."""
    async with asyncio.timeout(START_SECONDS):
        while True:
            try:
                (await watch(here.socket(room), here.headers, lambda _: None)).abort()
            except ConnectionError:
                await asyncio.sleep(0.1)
            else:
                return


async def _produce(producer: AIOKafkaProducer, room: str, rate: int, seconds: float) -> list[float]:
    """When each event was made (Unix ms). In batches of our own making: the usual way would take a core for itself at the highest rate."""
    made: list[float] = []
    waiting: list[Any] = []
    started = time.monotonic()
    total = int(rate * seconds)
    while len(made) < total:
        batch, now = producer.create_batch(), time.time() * 1e3
        for number in range(len(made), min(total, int((time.monotonic() - started + STEP_SECONDS) * rate))):
            event = b'{"id":"%024d","room":"%s","at":%d,"kind":"stayed","user":"viewer-%d","seconds":5,"x":"%s"}' % (
                number, room.encode(), now, number % 5_000, b"x" * 110,
            )  # fmt: skip
            if batch.append(key=room.encode(), value=event, timestamp=int(now)) is None:
                break  # full: the rest in the next
            made.append(now)
        if batch.record_count():
            waiting.append(await producer.send_batch(batch, VIEWS, partition=PARTITION))
        await asyncio.sleep(STEP_SECONDS)
    await asyncio.gather(*waiting)
    return made
