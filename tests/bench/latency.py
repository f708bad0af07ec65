"""From an event's producer to a websocket client: how old each event is when the first frame that counts it arrives."""

import asyncio
import json
import time
from collections.abc import Iterator
from typing import Any

import orjson
from aiokafka import AIOKafkaProducer
from websockets.asyncio.client import connect

from streams.topics import SCENES, VIEWS
from tests.bench.stack import Stack, stack

RATES = (1_000, 5_000, 20_000)
STEP_SECONDS = 0.01
WARM_SECONDS = 2.0


def measure(runs: int, quick: bool) -> Iterator[dict[str, Any]]:
    """A row for each rate; one long run stands for several, as each has thousands of events."""
    seconds = 6.0 if quick else 4.0 * runs
    with stack() as here:
        for number, rate in enumerate(RATES):
            yield {"what": f"event → frame at {rate:,} events/s"} | asyncio.run(_run(here, f"room-{number}", rate, seconds))


async def _run(here: Stack, room: str, rate: int, seconds: float) -> dict[str, float]:
    producer = AIOKafkaProducer(bootstrap_servers=here.kafka, linger_ms=5, max_batch_size=256 * 1024)
    await producer.start()
    made: list[float] = []  # when each event was made, in the order of their partition
    try:
        now = time.time_ns() // 1_000_000
        opened = {"id": "o", "room": room, "at": now, "kind": "opened", "title": room}
        await producer.send_and_wait(SCENES, orjson.dumps(opened), key=room.encode())
        await _known(here, room)
        async with connect(here.socket(room), additional_headers=here.headers, max_size=None) as socket:
            watching = asyncio.create_task(_watch(socket, made))
            await _produce(producer, room, rate, seconds, made)
            ages = await asyncio.wait_for(watching, 60)
    finally:
        await producer.stop()
    ages = sorted(ages[int(rate * WARM_SECONDS) :])
    return {f"p{percent}_ms": ages[len(ages) * percent // 100] * 1e3 for percent in (50, 95, 99)} | {
        "made_per_second": len(made) / (made[-1] - made[0])
    }


async def _known(here: Stack, room: str) -> None:
    """Returns when the screen knows the room."""
    while True:
        try:
            async with connect(here.socket(room), additional_headers=here.headers):
                return
        except Exception:  # noqa: BLE001 (a refusal of any kind)
            await asyncio.sleep(0.1)


async def _produce(producer: AIOKafkaProducer, room: str, rate: int, seconds: float, made: list[float]) -> None:
    started = time.monotonic()
    total = int(rate * (seconds + WARM_SECONDS))
    while len(made) < total:
        for _ in range(min(total, int((time.monotonic() - started + STEP_SECONDS) * rate)) - len(made)):
            number = len(made)
            at = time.time_ns() // 1_000_000
            event = {"id": f"{number:024d}", "room": room, "at": at, "kind": "stayed", "user": f"viewer-{number % 5_000}", "seconds": 5}
            await producer.send(VIEWS, orjson.dumps(event | {"x": "x" * 90}), key=room.encode())
            made.append(time.monotonic())
        await asyncio.sleep(STEP_SECONDS)


async def _watch(socket: Any, made: list[float]) -> list[float]:
    """The age of each event when a frame first counts it: events lie in one partition, and frames say up to when they count (as_of)."""
    ages: list[float] = []
    begun = time.time() - time.monotonic()
    idle = time.monotonic()
    async for text in socket:
        now = time.monotonic()
        as_of = json.loads(text)["d"].get("room", {}).get("as_of", {}).get(VIEWS)
        while as_of is not None and len(ages) < len(made) and (made[len(ages)] + begun) * 1e3 <= as_of:
            ages.append(now - made[len(ages)])
            idle = now
        if now - idle > 3.0 and ages:
            return ages
    return ages
