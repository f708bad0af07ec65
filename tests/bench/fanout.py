"""Watchers of one screen process at 4 frames a second, beside a bare `websockets` broadcast of frames of the same size."""

import asyncio
import json
import sys
import time
from collections.abc import Iterator
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from typing import Any

import orjson
from aiokafka import AIOKafkaProducer
from websockets.asyncio.client import connect
from websockets.asyncio.server import broadcast, serve

from deploy.ports import free_port
from streams.topics import SCENES, VIEWS
from tests.bench.latency import _known
from tests.bench.place import cpu_seconds
from tests.bench.stack import Stack, part, stack

SECONDS = 10.0
JOIN_AT_ONCE = 50


def measure(runs: int, quick: bool) -> Iterator[dict[str, Any]]:
    """A row for each number of watchers; the clients share the machine with what they measure."""
    for watchers in (200,) if quick else (200, 1_000, 3_000):
        with stack() as here:
            ours = {"what": f"screen, {watchers:,} watchers of one room"} | asyncio.run(_screen(here, watchers))
            yield ours
        yield {"what": f"websockets broadcast, {watchers:,} clients"} | _broadcast(watchers, int(ours["frame_bytes"]))


async def _screen(here: Stack, watchers: int) -> dict[str, float]:
    producer = AIOKafkaProducer(bootstrap_servers=here.kafka, linger_ms=5)
    await producer.start()
    opened = {"id": "o", "room": "room", "at": time.time_ns() // 1_000_000, "kind": "opened", "title": "T"}
    await producer.send_and_wait(SCENES, orjson.dumps(opened), key=b"room")
    await _known(here, "room")
    feeding = asyncio.create_task(_feed(producer))
    try:
        return await _watched(here.socket("room"), here.headers, watchers, part(here.pid, "deploy screen"))
    finally:
        feeding.cancel()
        await producer.stop()


async def _feed(producer: AIOKafkaProducer) -> None:
    number = 0
    while True:
        for _ in range(50):
            number += 1
            event = {"id": str(number), "room": "room", "at": time.time_ns() // 1_000_000, "kind": "liked", "user": f"u{number % 999}"}
            await producer.send(VIEWS, orjson.dumps(event), key=b"room")
        await asyncio.sleep(0.1)


async def _watched(address: str, headers: dict[str, str], watchers: int, server: int) -> dict[str, float]:
    """Ages and sizes of the frames that so many clients receive in some seconds, and what they cost the server."""
    ages: list[float] = []
    sizes: list[int] = []
    counting = asyncio.Event()
    seats = asyncio.Semaphore(JOIN_AT_ONCE)
    joined = 0
    memory = _resident_mb(server)

    async def client() -> None:
        nonlocal joined
        async with seats:
            socket = await connect(address, additional_headers=headers, max_size=None, open_timeout=60, ping_interval=None)
        joined += 1
        async for text in socket:
            if counting.is_set():
                ages.append(time.time() * 1e3 - int(text[text.index('"at":') + 5 :].partition(",")[0]))
                sizes.append(len(text))

    clients = [asyncio.create_task(client()) for _ in range(watchers)]
    while joined < watchers:  # noqa: ASYNC110 (clients set no event)
        await asyncio.sleep(0.1)
    await asyncio.sleep(2)
    counting.set()
    before = cpu_seconds(server)
    await asyncio.sleep(SECONDS)
    spent = cpu_seconds(server) - before
    counting.clear()
    found = {
        "frames_per_second": len(ages) / watchers / SECONDS,
        "age_p50_ms": median(ages),
        "age_p99_ms": sorted(ages)[len(ages) * 99 // 100],
        "frame_bytes": median(sizes),
        "server_cpu_share": spent / SECONDS,
        "cpu_us_a_frame": spent / len(ages) * 1e6,
        "memory_kb_a_watcher": (_resident_mb(server) - memory) * 1_000 / watchers,
    }
    for each in clients:
        each.cancel()
    return found


def _resident_mb(pid: int) -> float:
    line = next(line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1_000


def _broadcast(watchers: int, size: int) -> dict[str, float]:
    port = free_port()
    process = get_context("spawn").Process(target=_serve, args=(port, size), daemon=True)
    process.start()
    try:
        time.sleep(3)
        return asyncio.run(_watched(f"ws://127.0.0.1:{port}", {}, watchers, process.pid or 0))
    finally:
        process.kill()


def _serve(port: int, size: int) -> None:
    """Sends the same frame to everybody, four times a second; deflated, as the screen's server does where clients ask for it."""

    async def main() -> None:
        async with serve(lambda socket: socket.wait_closed(), "127.0.0.1", port) as server:
            while True:
                head = json.dumps({"at": time.time_ns() // 1_000_000, "d": ""}, separators=(",", ":"))
                broadcast(server.connections, head + " " * max(0, size - len(head)))
                await asyncio.sleep(0.25)

    sys.exit(asyncio.run(main()))
