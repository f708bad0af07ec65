"""A screen server and a connect worker as processes, on a real Kafka and store; the platforms' APIs are one server of the test."""

import asyncio
import json
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from agents.topics import create_missing
from deploy.ports import free_port
from streams import topics
from streams.kafka.brokers import Brokers
from tests.integration.deploy.conftest import environment
from tests.platforms.cases import ACCOUNT, BOUND, CASES, MS, SECRETS
from tests.servers.process import Process

#: What comes at all has come by then, on a busy machine too.
ENOUGH_SECONDS = 120.0


@dataclass
class Api:
    """The platforms' API. `answers`: a word of the address → what it answers; `down`: so many calls more are answered with 500."""

    url: str
    answers: dict[str, Any] = field(default_factory=dict)
    down: int = 0
    late_seconds: float = 0.0
    calls: list[str] = field(default_factory=list)


@contextmanager
def api() -> Iterator[Api]:
    made = Api("")

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            asked = self.path + self.rfile.read(int(self.headers.get("content-length", 0))).decode()
            made.calls.append(asked)
            time.sleep(made.late_seconds)
            made.down -= 1
            # The one that names most of what is asked for: two orders of one platform have one address.
            found = [answer for words, answer in made.answers.items() if all(word in asked for word in words.split())]
            body = b"down" if made.down >= 0 else json.dumps(found[-1] if found else {"code": 404}).encode()
            self.send_response(500 if made.down >= 0 else 200)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            with suppress(OSError):
                self.wfile.write(body)

        do_GET = do_POST  # noqa: N815 (its name is that of the method)

        def log_message(self, *_: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    made.url = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield made
    server.shutdown()
    server.server_close()


@dataclass
class Stack:
    """What a platform sees (`url`), and what came into Kafka."""

    url: str
    kafka: str
    api: Api
    folder: Path
    screen: Process
    worker: Process

    def push(self, source: str, signed: tuple[Mapping[str, str], Mapping[str, str], bytes], method: str = "POST") -> httpx.Response:
        headers, query, body = signed
        return httpx.request(method, f"{self.url}/in/platforms/{source}", params=query, headers=headers, content=body, timeout=30)

    def case(self, name: str) -> httpx.Response:
        case = CASES[name]
        if case.lookup:
            self.api.answers[case.lookup[0]] = case.lookup[1]
        return self.push(case.platform, case.signed())

    def records(self, topic: str) -> list[dict[str, Any]]:
        """All that is in a topic."""
        return asyncio.run(read(self.kafka, topic))

    def wait(self, topic: str, ready: Callable[[list[dict[str, Any]]], bool]) -> list[dict[str, Any]]:
        """The topic's records, once they are as they should be."""
        end = time.monotonic() + ENOUGH_SECONDS
        while not ready(found := self.records(topic)):
            assert time.monotonic() < end, f"{topic} has {found[-9:]}\n{self.worker.tail()}\n{self.screen.tail()}"
            time.sleep(0.2)
        return found

    def write(self, topic: str, *rows: dict[str, Any]) -> None:
        asyncio.run(write(self.kafka, topic, rows))


async def read(kafka: str, topic: str) -> list[dict[str, Any]]:
    consumer = AIOKafkaConsumer(bootstrap_servers=kafka, group_id=None)
    await consumer.start()
    try:
        places = [TopicPartition(topic, number) for number in sorted(await _partitions(consumer, topic))]
        consumer.assign(places)
        await consumer.seek_to_beginning(*places)
        ends = await consumer.end_offsets(places)
        found: list[dict[str, Any]] = []
        while any([await consumer.position(place) < ends[place] for place in places]):
            for records in (await consumer.getmany(timeout_ms=200)).values():
                found += [json.loads(record.value) for record in records]
        return found
    finally:
        await consumer.stop()


async def _partitions(consumer: AIOKafkaConsumer, topic: str) -> set[int]:
    return (await consumer._client.fetch_all_metadata()).partitions_for_topic(topic) or set()


async def write(kafka: str, topic: str, rows: tuple[dict[str, Any], ...]) -> None:
    producer = AIOKafkaProducer(bootstrap_servers=kafka)
    await producer.start()
    try:
        for row in rows:
            await producer.send_and_wait(topic, json.dumps(row).encode(), key=row["room"].encode())
    finally:
        await producer.stop()


def sources(folder: Path, api_url: str, secrets: Mapping[str, Mapping[str, str]], accounts: Mapping[str, str] | None = None) -> Path:
    """A file of sources, one for each platform and called like it."""
    lines = ["sources:"]
    (folder / "token").write_text("an access token\n")
    for name, secret in secrets.items():
        (folder / f"{name}.json").write_text(json.dumps(secret))
        account = (accounts or {}).get(name, ACCOUNT)
        lines.append(f'  {name}: {{platform: {name}, secrets: [{name}.json], account: "{account}", token: token, address: "{api_url}"}}')
    (folder / "sources.yaml").write_text("\n".join(lines) + "\n")
    return folder / "sources.yaml"


@contextmanager
def running(kafka: str, redis: str, folder: Path, file: Path, made: Api, **settings: str) -> Iterator[Stack]:
    """Both processes, ready."""
    asyncio.run(create_missing(Brokers(kafka), 2))
    port = free_port()
    given = environment(KAFKA=kafka, REDIS=redis, PLATFORMS=str(file), **settings)
    screen = Process([sys.executable, "-m", "deploy", "screen", "--port", str(port)], folder / "screen.log", given)
    worker = Process([sys.executable, "-m", "deploy", "connect"], folder / "connect.log", given)
    stack = Stack(f"http://127.0.0.1:{port}", kafka, made, folder, screen, worker)
    screen.start()
    worker.start()
    try:
        end = time.monotonic() + ENOUGH_SECONDS
        while True:
            assert time.monotonic() < end and screen.running, screen.tail()
            with suppress(httpx.HTTPError):
                if httpx.get(f"{stack.url}/readyz?of=screen", timeout=5).status_code == 200:
                    break
            time.sleep(0.1)
        yield stack
    finally:
        worker.stop()
        screen.stop()


@pytest.fixture(scope="module")
def stack(broker: str, redis_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A stack with a source for each platform; ACCOUNT has opened BOUND."""
    folder = tmp_path_factory.mktemp("connect")
    with api() as made, running(broker, redis_url, folder, sources(folder, made.url, SECRETS), made) as stack:
        stack.write(topics.SCENES, {"id": "o1", "room": BOUND, "at": MS - 60_000, "kind": "opened", "title": "T", "account": ACCOUNT})
        yield stack
