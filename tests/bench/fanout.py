"""Watchers of one screen process at 4 frames a second, beside a bare `websockets` broadcast of frames of the same size.

Of one room; spread over a hundred rooms; and with one watcher in twenty who reads nothing.
"""

import asyncio
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

import orjson
import uvloop
from aiokafka import AIOKafkaProducer

from deploy.ports import free_port
from streams.topics import SCENES, VIEWS
from tests.bench.latency import known
from tests.bench.place import cpu_seconds, resident_mb
from tests.bench.stack import Stack, part, stack
from tests.bench.watcher import watch
from tests.servers.process import Process

JOIN_AT_ONCE = 50
ROUNDS = 5
EVENTS_PER_SECOND = 500


@dataclass(frozen=True)
class Hall:
    """Who watches what: `watchers` in all, over so many rooms, of whom `stuck` do not read."""

    watchers: int
    rooms: int = 1
    stuck: int = 0

    @property
    def name(self) -> str:
        rooms = "one room" if self.rooms == 1 else f"{self.rooms} rooms"
        return f"{self.watchers:,} watchers, {rooms}" + (f", {self.stuck} stuck" if self.stuck else "")


def measure(runs: int, quick: bool) -> Iterator[dict[str, Any]]:
    """A row for each hall, and for each number of watchers the bare broadcast. Medians over `ROUNDS` rounds of a hall, not over halls."""
    sizes, seconds = ((200,), 2.0) if quick else ((1_000, 3_000), 3.0)
    halls = [Hall(size) for size in sizes] + [Hall(sizes[-1], rooms=100), Hall(sizes[-1], stuck=sizes[-1] // 20)]
    bytes_of: dict[int, float] = {}
    for hall in halls:
        with stack() as here:
            row = uvloop.run(_screen(here, hall, min(runs, ROUNDS), seconds))
        bytes_of.setdefault(hall.watchers, row["frame_bytes"])
        yield {"what": f"screen, {hall.name}"} | row
    for watchers, size in bytes_of.items():
        with _broadcast(int(size)) as (address, server):
            row = uvloop.run(_watched([address], {}, Hall(watchers), server, min(runs, ROUNDS), seconds))
        yield {"what": f"websockets broadcast, {watchers:,} clients"} | row


async def _screen(here: Stack, hall: Hall, rounds: int, seconds: float) -> dict[str, float]:
    producer = AIOKafkaProducer(bootstrap_servers=here.kafka, linger_ms=5)
    await producer.start()
    names = [f"room-{number}" for number in range(hall.rooms)]
    for name in names:
        opened = {"id": "o", "room": name, "at": time.time_ns() // 1_000_000, "kind": "opened", "title": "T"}
        await producer.send_and_wait(SCENES, orjson.dumps(opened), key=name.encode())
    for name in names:
        await known(here, name)
    feeding = asyncio.create_task(_feed(producer, names))
    try:
        return await _watched([here.socket(name) for name in names], here.headers, hall, part(here.pid, "deploy screen"), rounds, seconds)
    finally:
        feeding.cancel()
        await producer.stop()


async def _feed(producer: AIOKafkaProducer, names: list[str]) -> None:
    """So many events a second in all, every room being sent some in each tick of the screen."""
    number = 0
    while True:
        for _ in range(EVENTS_PER_SECOND // 10):
            number += 1
            name = names[number % len(names)]
            event = {"id": str(number), "room": name, "at": time.time_ns() // 1_000_000, "kind": "liked", "user": f"u{number % 999}"}
            await producer.send(VIEWS, orjson.dumps(event), key=name.encode())
        await asyncio.sleep(0.1)


async def _watched(addresses: list[str], headers: dict[str, str], hall: Hall, server: int, rounds: int, seconds: float) -> dict[str, float]:
    """Ages and sizes of the frames that the watchers receive, and what they cost the server; medians over the rounds."""
    ages: list[float] = []
    sizes: list[int] = []
    counting = False

    def seen(frame: bytes) -> None:
        if counting:
            begin = frame.index(b'"at":') + 5
            ages.append(time.time() * 1e3 - int(frame[begin : frame.index(b",", begin)]))
            sizes.append(len(frame))

    memory = resident_mb(server)
    everybody = []
    for first in range(0, hall.watchers, JOIN_AT_ONCE):
        some = range(first, min(first + JOIN_AT_ONCE, hall.watchers))
        joining = (watch(addresses[n % len(addresses)], headers, seen, stuck=n >= hall.watchers - hall.stuck) for n in some)
        everybody += await asyncio.gather(*joining)
    await asyncio.sleep(2)
    found = []
    for _ in range(rounds):
        ages.clear()
        sizes.clear()
        before, begun, counting = cpu_seconds(server), time.monotonic(), True
        await asyncio.sleep(seconds)
        spent, took, counting = cpu_seconds(server) - before, time.monotonic() - begun, False
        found.append(
            {
                "frames_per_second": len(ages) / (hall.watchers - hall.stuck) / took,
                "age_p50_ms": median(ages),
                "age_p99_ms": sorted(ages)[len(ages) * 99 // 100],
                "frame_bytes": median(sizes),
                "server_cpu_share": spent / took,
                "cpu_us_a_frame": spent / len(ages) * 1e6,
            }
        )
    kept = {"memory_kb_a_watcher": (resident_mb(server) - memory) * 1_000 / hall.watchers}
    for each in everybody:
        each.abort()
    return {name: median(one[name] for one in found) for name in found[0]} | kept


@contextmanager
def _broadcast(size: int) -> Iterator[tuple[str, int]]:
    """The address and process id of a server that only broadcasts."""
    port = free_port()
    with TemporaryDirectory(prefix="livescreen-bench-") as name:
        command = [sys.executable, "-m", "tests.bench.others.broadcast", str(port), str(size)]
        process = Process(command, Path(name) / "output")
        process.start()
        try:
            time.sleep(3)
            yield f"ws://127.0.0.1:{port}/", process._process.pid
        finally:
            process.kill()
