"""One screen server: waits for Kafka and Redis, serves until told to stop."""

import asyncio
import logging
import signal
import socket
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress

import uvicorn
import uvloop
from starlette.applications import Starlette
from starlette.types import ASGIApp

from screen import bounded
from screen.app import create_app, make_parts
from screen.connections import files
from screen.connections.limits import Connections, Limits
from screen.connections.protocol import BoundedConfig, BoundedHttp
from screen.connections.seldom import Seldom
from screen.parts import KafkaAway, Parts
from screen.producer import KafkaProducer
from screen.settings import ScreenSettings
from screen.stream import Transports
from screen.tokens import Tokens
from streams.intake.repeats import Repeats
from streams.store.port import StoreAway
from streams.store.redis import RedisStore
from streams.store.redis.client import Client, where

log = logging.getLogger(__name__)

#: Exit status when the server cannot start.
CANNOT_START = 2
RETRY_SECONDS = 1.0
TELL_EVERY_SECONDS = 5.0
#: A browser that does not answer a ping for this long does not read.
PING_SECONDS, PONG_SECONDS = 10.0, 15.0
#: Connections for all that is no websocket.
BESIDE_WATCHERS = 5_000
#: Browsers have nothing to say.
MAX_INCOMING_BYTES = 1_024


class CannotStart(Exception):
    """Says in one line what is missing and what to do."""


def run(settings: ScreenSettings) -> None:
    """Serves until SIGTERM or SIGINT; ends the process with status 2 and one line when it cannot start.

    Raises `Refused` when Kafka lets nobody in with these settings.
    """
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        try:
            runner.run(_until_signal(settings))
        except CannotStart as error:
            log.error("%s", error)
            raise SystemExit(CANNOT_START) from None


async def _until_signal(settings: ScreenSettings) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    await serve(settings, stop)


async def serve(settings: ScreenSettings, stop: asyncio.Event) -> None:
    """Serves until `stop` is set; raises `CannotStart` and `Refused`."""
    with _bound(settings) as listener:
        await _work(settings, listener, stop)


@contextmanager
def _bound(settings: ScreenSettings) -> Iterator[socket.socket]:
    """The bound port, found out before anything else is waited for."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((settings.host, settings.port))
        except OSError as error:
            address = f"{settings.host}:{settings.port}"
            raise CannotStart(f"cannot listen on {address}: {error.strerror or error}; choose another address or port") from None
        yield listener


async def _work(settings: ScreenSettings, listener: socket.socket, stop: asyncio.Event) -> None:
    store, client = RedisStore.connect(settings.redis), Client(settings.redis)
    producer = KafkaProducer(settings.kafka)
    deadline = time.monotonic() + settings.wait_seconds
    try:
        await _wait(f"Redis at {where(settings.redis)}", store.ping, deadline, stop)
        await _wait(f"Kafka at {settings.kafka}", producer.start, deadline, stop)
        if stop.is_set():
            return
        parts = make_parts(settings, store, Tokens(client, _now_ms), producer, Repeats(client, _now_ms), _now_ms)
        await Server(create_app(parts), parts, stop, _limits(settings)).serve([listener])
    finally:
        await producer.stop()
        await client.close()
        await store.close()


def _limits(settings: ScreenSettings) -> Limits:
    most = files.most_connections(files.raised(), settings.max_watchers)
    return Limits(
        min(most, settings.max_watchers + BESIDE_WATCHERS),
        settings.address_connections,
        settings.header_seconds,
        settings.body_seconds,
        settings.trusted_proxies,
    )


def _now_ms() -> int:
    return time.time_ns() // 1_000_000


async def _wait(what: str, reached: Callable[[], Awaitable[None]], deadline: float, stop: asyncio.Event) -> None:
    """Tries until it works or the server is told to stop, and says what it waits for."""
    tell = 0.0
    while not stop.is_set():
        try:
            await reached()
            return
        except (StoreAway, KafkaAway) as error:
            now = time.monotonic()
            if now >= deadline:
                raise CannotStart(
                    f"{what} does not answer: {error}; start it, or set LIVESCREEN_KAFKA and LIVESCREEN_REDIS to where they are"
                ) from None
            if now >= tell:
                log.warning("waiting for %s: %s", what, error)
                tell = now + TELL_EVERY_SECONDS
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), RETRY_SECONDS)


class Server(uvicorn.Server):
    """Uvicorn for one application until `stop` is set; the websockets are closed by their name before uvicorn cuts what remains."""

    def __init__(self, app: Starlette, parts: Parts, stop: asyncio.Event, limits: Limits) -> None:
        logging.getLogger("uvicorn.error").addFilter(Seldom(time.monotonic))
        super().__init__(_config(Transports(app), Connections(limits, time.monotonic, parts.measures.refused_connections.inc)))
        self._hub, self._stop = parts.hub, stop

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leaves the signals to `run`."""
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Says where it listens, once it does."""
        self.config.ws_protocol_class = bounded.protocol(self.config)
        await super().startup(sockets)
        for listener in sockets or ():
            log.info("the screen listens on http://%s:%d", *listener.getsockname()[:2])

    async def on_tick(self, counter: int) -> bool:
        """Called ten times a second; True ends it."""
        return await super().on_tick(counter) or self._stop.is_set()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Ends in at most two seconds."""
        await self._hub.stop()
        await super().shutdown(sockets)


def _config(app: ASGIApp, connections: Connections) -> uvicorn.Config:
    """No access log: addresses may hold tokens. Frames are not compressed: that would be done again for each browser."""
    config = BoundedConfig(
        app,
        http=BoundedHttp,
        ws=bounded.BoundedWebSocket,
        ws_max_size=MAX_INCOMING_BYTES,
        ws_ping_interval=PING_SECONDS,
        ws_ping_timeout=PONG_SECONDS,
        ws_per_message_deflate=False,
        forwarded_allow_ips=connections.limits.trusted,
        lifespan="on",
        log_config=None,
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=1,
    )
    config.connections = connections
    return config
