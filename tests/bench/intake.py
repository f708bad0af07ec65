"""Events over HTTP in batches, beside a bare Starlette endpoint that only produces to Kafka: events a second of one process's CPU."""

import asyncio
import sys
import time
from collections.abc import Iterator
from itertools import count
from typing import Any

import httpx
import orjson

from deploy.ports import free_port
from deploy.reach import wait_for_screen
from deploy.tokens import new
from streams.topics import VIEWS
from tests.bench.place import Place, cpu_seconds, middle, place
from tests.servers.process import Process

BATCH = 1_000
AT_ONCE = 3
ROOMS = 20
_ids = count()


def measure(runs: int, quick: bool) -> Iterator[dict[str, Any]]:
    """A row for ours and one for the bare endpoint; both take the same batches, in turns, on one Kafka."""
    batches = 10 if quick else 60
    with place() as here:
        ports = free_port(), free_port()
        token = asyncio.run(new(here.redis, "source", name="bench"))
        screen = Process(
            [sys.executable, "-m", "deploy", "screen", "--port", str(ports[0])],
            here.directory / "log-screen",
            {"LIVESCREEN_KAFKA": here.kafka, "LIVESCREEN_REDIS": here.redis},
        )
        bare = _bare(here, ports[1])
        for process in (screen, bare):
            process.start()
        try:
            asyncio.run(wait_for_screen(f"http://127.0.0.1:{ports[0]}", 60))
            names = {"POST /in/events": (screen, ports[0]), "bare Starlette and aiokafka": (bare, ports[1])}
            for _, port in names.values():  # connections and caches
                asyncio.run(_send(port, token, 2))
            for name, (process, port) in names.items():
                yield {"what": f"{name}, batches of {BATCH:,}"} | middle(runs, lambda _, p=process, at=port: _once(p, at, token, batches))
        finally:
            screen.kill()
            bare.kill()


def _bare(here: Place, port: int) -> Process:
    command = [sys.executable, "-m", "tests.bench.others.bare_endpoint", here.kafka, str(port)]
    return Process(command, here.directory / "log-bare")


def _once(process: Process, port: int, token: str, batches: int) -> dict[str, float]:
    before, begun = cpu_seconds(process._process.pid), time.monotonic()
    asyncio.run(_send(port, token, batches))
    spent, passed = cpu_seconds(process._process.pid) - before, time.monotonic() - begun
    events = batches * BATCH
    return {"events_per_cpu_second": events / spent, "us_an_event": spent / events * 1e6, "events_per_second": events / passed}


async def _send(port: int, token: str, batches: int) -> None:
    bodies = [_body() for _ in range(batches)]
    headers = {"authorization": f"Bearer {token}", "content-type": "application/x-ndjson"}
    seats = asyncio.Semaphore(AT_ONCE)
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:

        async def post(body: bytes) -> None:
            async with seats:
                answer = await client.post("/in/events", content=body, headers=headers)
                assert answer.status_code == 200, answer.text
                assert answer.json()["accepted"] == BATCH, answer.text[:500]

        await asyncio.gather(*(post(body) for body in bodies))


def _body() -> bytes:
    now = time.time_ns() // 1_000_000
    rows = []
    for _ in range(BATCH):
        number = next(_ids)
        person = {"gender": "f", "age": "31-40", "province": "浙江", "fan": True}
        row = {
            "topic": VIEWS,
            "id": f"{now}-{number}",
            "room": f"room-{number % ROOMS}",
            "at": now,
            "kind": "entered",
            "user": f"u{number}",
        }
        rows.append(orjson.dumps({**row, "source": "recommend", "person": person}))
    return b"\n".join(rows)
