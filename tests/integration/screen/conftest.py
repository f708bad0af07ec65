"""A screen on a real store: an application to call directly, and a real server for websockets."""

import asyncio
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import orjson
import pytest
from starlette.applications import Starlette
from websockets.asyncio.client import connect

from screen.app import create_app, make_parts
from screen.connections.limits import Limits
from screen.parts import KafkaAway, Parts
from screen.roles import Role
from screen.server import Server
from screen.settings import ScreenSettings
from screen.tokens import Tokens
from streams import events, fold
from streams.change import Position
from streams.intake.repeats import Repeats
from streams.store.port import Applied, State, Store
from streams.store.redis import RedisStore
from streams.store.redis.client import Client
from streams.topics import SCENES, VIEWS, Partition

from .browser import Browser

HOUR_MS = 3_600_000
#: What ends at once has ended by then, on a busy machine as well; what waits for somebody has not.
ENOUGH_SECONDS = 15.0


@dataclass
class Clock:
    """The real one, and how far it was turned on."""

    ahead_ms: int = 0

    def __call__(self) -> int:
        return time.time_ns() // 1_000_000 + self.ahead_ms


@dataclass
class Log:
    """Puts events into the store as the agents would."""

    store: Store
    clock: Clock
    next: dict[str, int] = field(default_factory=dict)

    async def add(self, topic: str, *rows: dict[str, Any], room: str = "r1") -> None:
        start = self.next.get(topic, 0)
        self.next[topic] = start + len(rows)
        batch = [(start + n, self._event(topic, start + n, room, row)) for n, row in enumerate(rows)]
        wants = fold.wants(topic, {room: batch})
        state = (await self.store.read(wants, fold.GUARDS[topic])).get(room, State()) if wants else State()
        position = Position("log", Partition(topic, 0), start, start + len(rows) - 1)
        (outcome,) = await self.store.apply([fold.fold(topic, room, batch, state, position, self.clock())])
        assert isinstance(outcome, Applied)

    def _event(self, topic: str, offset: int, room: str, row: dict[str, Any]) -> events.Event:
        raw = orjson.dumps({"id": f"{topic}-{offset}", "room": room, "at": self.clock(), **row})
        event = events.decode(topic, raw, self.clock() + 60_000)
        assert not isinstance(event, events.Rejected), event
        return event

    async def enter(self, users: int, room: str = "r1") -> None:
        """So many more people enter the room."""
        start = self.next.get(VIEWS, 0)
        rows = [{"kind": "entered", "user": f"u{start + n}", "source": "search", "person": {"gender": "f"}} for n in range(users)]
        await self.add(VIEWS, *rows, room=room)


@dataclass
class FakeProducer:
    """Kafka and an agent behind it; `away` makes it unreachable."""

    log: Log
    away: bool = False
    sent: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)

    async def send(self, topic: str, key: str, value: bytes) -> None:
        await self.ping()
        self.sent.append((topic, key, orjson.loads(value)))
        await self.log.add(topic, orjson.loads(value), room=key)

    async def send_many(self, records: Sequence[tuple[str, str, bytes]]) -> list[bool]:
        for record in records:
            await self.send(*record)
        return [True] * len(records)

    async def ping(self) -> None:
        if self.away:
            raise KafkaAway("no broker")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def store(redis_url: str) -> AsyncIterator[RedisStore]:
    made = RedisStore.connect(redis_url, prefix=uuid4().hex)
    yield made
    await made.close()


@pytest.fixture
async def tokens(redis_url: str, clock: Clock) -> AsyncIterator[Tokens]:
    client = Client(redis_url)
    yield Tokens(client, clock, prefix=uuid4().hex)
    await client.close()


@pytest.fixture
async def repeats(redis_url: str, clock: Clock) -> AsyncIterator[Repeats]:
    client = Client(redis_url)
    yield Repeats(client, clock, prefix=uuid4().hex)
    await client.close()


@pytest.fixture
async def log(store: RedisStore, clock: Clock) -> Log:
    """One room, r1, is on air with three viewers."""
    made = Log(store, clock)
    await made.add(SCENES, {"kind": "opened", "title": "秋季上新", "host": "Lin", "goal_gmv": 100_000})
    await made.enter(3)
    return made


@pytest.fixture
def producer(log: Log) -> FakeProducer:
    return FakeProducer(log)


@pytest.fixture
def settings() -> ScreenSettings:
    return ScreenSettings(kafka="-", redis="-", tick_ms=50, max_watchers=20, token_sessions=4)


@pytest.fixture
def parts(settings: ScreenSettings, store: RedisStore, tokens: Tokens, producer: FakeProducer, repeats: Repeats, clock: Clock) -> Parts:
    return make_parts(settings, store, tokens, producer, repeats, clock)


@pytest.fixture
def built(tmp_path: Path) -> Path:
    """A web screen as the build leaves it."""
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text("<!doctype html><title>screen</title>")
    (tmp_path / "assets" / "index-abc.js").write_text("1")
    return tmp_path


@pytest.fixture
def app(parts: Parts, built: Path) -> Starlette:
    return create_app(parts, built)


Make = Callable[..., Awaitable[str]]


@pytest.fixture
def make(tokens: Tokens) -> Make:
    """Makes a token and gives its text: `await make(Role.VIEWER, rooms=["r1"])`."""

    async def _make(role: Role = Role.VIEWER, **more: Any) -> str:
        text, _ = await tokens.make(role, **{"lifetime_ms": HOUR_MS, "name": f"a {role.label}", **more})
        return text

    return _make


@pytest.fixture
async def http(app: Starlette) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://screen.test") as client:
        yield client


Call = Callable[..., Awaitable[httpx.Response]]


@pytest.fixture
def call(http: httpx.AsyncClient, make: Make) -> Call:
    """A request with a token of the role: `await call("GET", "/api/rooms", role=Role.VIEWER)`."""

    async def _call(method: str, path: str, *, role: Role = Role.VIEWER, rooms: tuple[str, ...] = (), **more: Any) -> httpx.Response:
        bearer = {"authorization": f"Bearer {await make(role, rooms=rooms)}"}
        return await http.request(method, path, headers={**bearer, **more.pop("headers", {})}, **more)

    return _call


@contextmanager
def listening() -> Iterator[socket.socket]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        yield listener


@asynccontextmanager
async def serving(app: Starlette, parts: Parts, limits: Limits | None = None) -> AsyncIterator[tuple[str, asyncio.Event]]:
    """A real server for the application: its host:port, and the event that stops it."""
    stop = asyncio.Event()
    with listening() as listener:
        server = Server(app, parts, stop, limits or Limits())
        work = asyncio.create_task(server.serve([listener]))
        while not server.started:  # noqa: ASYNC110 (uvicorn has no event for it)
            await asyncio.sleep(0.01)
        yield f"127.0.0.1:{listener.getsockname()[1]}", stop
        stop.set()
        await work


@pytest.fixture
async def server(app: Starlette, parts: Parts) -> AsyncIterator[str]:
    async with serving(app, parts) as (address, _):
        yield address


@pytest.fixture
def watching(server: str, make: Make) -> Callable[..., Any]:
    @asynccontextmanager
    async def _watching(query: str = "", *, room: str = "r1", token: str | None = None, **more: Any) -> AsyncIterator[Browser]:
        bearer = {"authorization": f"Bearer {token or await make()}"}
        async with connect(
            f"ws://{server}/ws/rooms/{room}?{query}", additional_headers=bearer, proxy=None, close_timeout=0.2, **more
        ) as socket:
            yield Browser(socket)

    return _watching
