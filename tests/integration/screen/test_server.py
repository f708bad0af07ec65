"""The server as a process: how it starts, waits, gives up and ends."""

import asyncio
import socket
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import orjson
from aiokafka import AIOKafkaConsumer, TopicPartition

from agents.topics import create_missing
from screen.roles import Role
from screen.tokens import Tokens
from streams.kafka.brokers import Brokers
from streams.store.redis.client import Client
from streams.topics import SCENES

from .conftest import ENOUGH_SECONDS

RUN = """
import logging, sys
from screen.server import run
from screen.settings import ScreenSettings
from streams.kafka.brokers import Brokers
logging.basicConfig(level="INFO", format="%(levelname)s %(message)s")
run(ScreenSettings(kafka=Brokers(sys.argv[1]), redis=sys.argv[2], port=int(sys.argv[3]), wait_seconds=int(sys.argv[4])))
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@asynccontextmanager
async def screen(kafka: str, redis: str, port: int, wait_seconds: int = 20) -> AsyncIterator[asyncio.subprocess.Process]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", RUN, kafka, redis, str(port), str(wait_seconds), stderr=asyncio.subprocess.PIPE
    )  # fmt: skip
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def line(process: asyncio.subprocess.Process, word: str) -> str:
    """The first line on standard error with the word in it."""
    assert process.stderr is not None
    async with asyncio.timeout(60):
        while raw := await process.stderr.readline():
            if word in (text := raw.decode()):
                return text
    raise AssertionError(f"ended without {word!r}")


async def rest(process: asyncio.subprocess.Process) -> str:
    assert process.stderr is not None
    return (await process.stderr.read()).decode()


async def scenes(broker: str) -> AsyncIterator[Any]:
    """All scenes in the log; each is keyed by its room."""
    consumer = AIOKafkaConsumer(bootstrap_servers=broker, auto_offset_reset="earliest")
    await consumer.start()
    try:
        consumer.assign([TopicPartition(SCENES, 0)])
        for records in (await consumer.getmany(timeout_ms=5_000)).values():
            for record in records:
                scene = orjson.loads(record.value)
                assert record.key.decode() == scene["room"]
                yield scene
    finally:
        await consumer.stop()


async def test_it_serves_and_ends_soon_after_sigterm(broker: str, redis_url: str) -> None:
    await create_missing(Brokers(broker), partitions=1)
    port = free_port()
    client = Client(redis_url)
    text, _ = await Tokens(client, lambda: time.time_ns() // 1_000_000).make(Role.ASSISTANT, lifetime_ms=60_000)
    await client.close()
    bearer = {"authorization": f"Bearer {text}"}
    async with screen(broker, redis_url, port) as process, httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as http:
        assert f":{port}" in await line(process, "listens")
        assert (await http.get("/readyz")).json() == {"kafka": "ok", "redis": "ok", "agents": "none has reported yet"}
        opened = await http.post("/api/rooms/made-here/scenes", headers=bearer, json={"kind": "opened", "title": "T"})
        assert opened.status_code == 201
        assert opened.json() in [scene async for scene in scenes(broker)]
        refused = await http.get("/ws/rooms/nowhere", headers={**bearer, "connection": "keep-alive"})
        assert refused.status_code == 404
        proxied = {"x-forwarded-proto": "https", "x-forwarded-for": "192.0.2.9"}  # by a proxy on this machine
        cookie = (await http.post("/login", headers=proxied, json={"token": text})).headers["set-cookie"]
        assert "; Secure" in cookie
        tries = [(await http.post("/login", headers=proxied, json={"token": "x"})).status_code for _ in range(11)]
        assert tries[-2:] == [401, 429]
        assert (await http.post("/login", json={"token": "x"})).status_code == 401
        started = time.monotonic()
        process.terminate()
        assert await process.wait() == 0
        assert time.monotonic() - started < ENOUGH_SECONDS
        assert "Traceback" not in await rest(process)


async def test_without_redis_it_says_so_and_gives_up(broker: str) -> None:
    async with screen(broker, f"redis://user:secret@127.0.0.1:{free_port()}/0", free_port(), wait_seconds=2) as process:
        output = await rest(process)
        assert await process.wait() == 2
    assert "waiting for Redis at " in output
    assert output.splitlines()[-1].startswith("ERROR Redis at")
    assert "secret" not in output
    assert "Traceback" not in output


async def test_without_kafka_it_says_so_and_gives_up(redis_url: str) -> None:
    async with screen(f"127.0.0.1:{free_port()}", redis_url, free_port(), wait_seconds=2) as process:
        output = await rest(process)
        assert await process.wait() == 2
    assert "waiting for Kafka at 127.0.0.1" in output
    assert "ERROR Kafka at" in output
    assert "Traceback" not in output


async def test_a_taken_port_is_found_out_at_once(redis_url: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        async with screen("127.0.0.1:9", redis_url, port) as process:
            output = await rest(process)
            assert await process.wait() == 2
    assert f"cannot listen on 127.0.0.1:{port}" in output
    assert "Traceback" not in output


async def test_it_can_be_stopped_while_it_waits(redis_url: str) -> None:
    async with screen(f"127.0.0.1:{free_port()}", redis_url, free_port(), wait_seconds=60) as process:
        await line(process, "waiting for Kafka")
        started = time.monotonic()
        process.terminate()
        await process.wait()
        assert process.returncode == 0
        assert time.monotonic() - started < ENOUGH_SECONDS


async def test_it_starts_as_soon_as_kafka_is_there(broker: str, redis_url: str) -> None:
    host, port = broker.split(":")

    async def forward(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there = await asyncio.open_connection(host, int(port))

        async def copy(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
            while data := await source.read(65_536):
                target.write(data)
            target.close()

        await asyncio.gather(copy(reader, there[1]), copy(there[0], writer))

    door = free_port()
    async with screen(f"127.0.0.1:{door}", redis_url, free_port(), wait_seconds=60) as process:
        await line(process, "waiting for Kafka")
        server = await asyncio.start_server(forward, "127.0.0.1", door)
        await line(process, "listens")
        process.terminate()
        assert await process.wait() == 0
        server.close()
