"""The whole system on one machine: broker and store (unless given), topics, agents, watchers, screen; all children of one process."""

import asyncio
import errno
import os
import sys
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from agents.ending import NEEDS_ATTENTION
from agents.topics import create_missing
from deploy import statefile
from deploy.embedded import Server, broker, janitor
from deploy.embedded.janitor import Janitor
from deploy.embedded.store import store
from deploy.ports import hindrance
from deploy.problem import Problem
from deploy.reach import QUIET_SECONDS, wait_for_kafka, wait_for_redis, wait_for_screen
from deploy.settings import Settings, variable
from deploy.statefile import Listening
from deploy.stopping import Stopping
from deploy.supervisor import OnEnd, Part, Supervisor
from deploy.tokens import write_admin_token
from streams.kafka.brokers import Brokers
from streams.store.redis import RedisStore

SERVERS, OURS, VISITORS = 0, 1, 2  # the layers, in the order of their start
OWN_QUIET_SECONDS = 30.0  # a person hears that our own parts start, and no more while they do
SERVER_GRACE_SECONDS = 5.0
VISITORS_NICE = 5  # a simulator with minutes to make up for must not keep the screen waiting
OUR_GRACE_SECONDS = 12.0  # an agent may take nine seconds to leave its group
LAST_WORDS_SECONDS = 0.5  # for the agents to apply what a visitor said at its end
NO_RESTART = frozenset({NEEDS_ATTENTION})


@dataclass(frozen=True, slots=True)
class Plan:
    """What to run, and where.

    token_file  gets a new admin token
    visitors    name → arguments of further commands to run beside them
    """

    settings: Settings
    data: Path
    token_file: Path | None = None
    visitors: dict[str, Sequence[str]] = field(default_factory=dict)


def run(plan: Plan, say: Callable[[str], None], ready: Callable[[Listening], Awaitable[None]]) -> None:
    """Runs the stack until SIGINT, SIGTERM or SIGHUP; calls `ready` when everything answers.

    A `Problem` when it cannot start or cannot go on. Whatever happens, no child outlives this call, nor this process.
    """
    with statefile.only_stack(plan.data):
        _check_address(plan.settings.host, plan.settings.port)
        asyncio.run(_Stack(plan, say).run(ready))


def _check_address(host: str, port: int) -> None:
    error = hindrance(host, port)
    if error is None:
        return
    if error.errno == errno.EADDRINUSE:
        raise Problem(f"port {port} of {host} is taken: choose another with --port")
    remedy = f"choose another port with --port, or set {variable('host')} to an address of this machine"
    raise Problem(f"cannot listen on {host}:{port} ({(error.strerror or str(error)).lower()}): {remedy}")


class _Stack:
    def __init__(self, plan: Plan, say: Callable[[str], None]) -> None:
        self._plan = plan
        self._say = say
        self._janitor: asyncio.Task[None] | None = None

    async def run(self, ready: Callable[[Listening], Awaitable[None]]) -> None:
        self._supervisor = Supervisor(self._plan.data / "logs", self._say)
        self._stopping = Stopping(self._supervisor.kill)
        try:
            if await self._or_stop(self._start(ready)):
                await self._or_stop(asyncio.Event().wait())
        finally:
            if self._janitor is not None:
                self._janitor.cancel()
            if await self._supervisor.stop_layer(VISITORS):
                await asyncio.sleep(LAST_WORDS_SECONDS)
            await self._supervisor.stop()

    async def _or_stop(self, work: Coroutine[Any, Any, object]) -> bool:
        """Does the work; False as soon as the stack is asked to stop, a `Problem` as soon as it cannot go on."""
        task, stop = asyncio.ensure_future(work), asyncio.ensure_future(self._stopping.wait())
        watched: set[asyncio.Future[Any]] = {task, stop, self._supervisor.failed}
        try:
            if self._janitor is not None:
                watched.add(self._janitor)
            await asyncio.wait(watched, return_when=asyncio.FIRST_COMPLETED)
            if self._janitor is not None and self._janitor.done():
                await self._janitor
            if self._supervisor.failed.done():
                raise Problem(self._supervisor.failed.result())
            if stop.done():
                return False
            await task
            return True
        finally:
            task.cancel()
            stop.cancel()
            await asyncio.gather(task, stop, return_exceptions=True)

    async def _start(self, ready: Callable[[Listening], Awaitable[None]]) -> None:
        settings = self._plan.settings
        self._say_what_starts()
        kafka, redis = await self._servers()
        await self._wait_for(settings.brokers, settings.redis)
        environment = {
            variable("kafka"): kafka.addresses,
            variable("redis"): redis,
            variable("retention_hours"): str(self._hours),
        }
        # At once, and first: what they import takes them longer than our own servers take to answer, and everything waits for their join.
        for number in range(1, settings.agents + 1):
            await self._start_ours(f"agents-{number}", ["agents"], environment | _metrics_port(settings, number))
        await self._wait_for(kafka, redis, OWN_QUIET_SECONDS)
        self._supervisor.started = True
        await create_missing(kafka, settings.partitions, self._hours)
        if settings.brokers is None:
            self._keep_log(kafka, redis)
        # Whoever finds the screen ready finds the rest too: where all parts listen, and the token.
        url = screen_url(settings.host, settings.port, settings.base_path)
        listening = Listening(os.getpid(), kafka.addresses, redis, url, kafka.open, kafka.prefix)
        statefile.write(self._plan.data, listening)
        if self._plan.token_file is not None:
            await write_admin_token(redis, self._plan.token_file)
        await self._start_ours("screen", ["screen", "--port", str(settings.port)], environment)
        if settings.platforms is not None:
            await self._start_ours("connect", ["connect"], environment)
        for name, arguments in self._plan.visitors.items():
            await self._start_ours(name, arguments, environment, VISITORS, OnEnd.ACCEPT)
        self._say("starting the screen")
        await wait_for_screen(url, settings.wait_seconds, OWN_QUIET_SECONDS)
        await ready(listening)
        # Last: nobody waits for them, and while the others start the processors are what all wait for.
        for number in range(1, settings.watchers + 1):
            await self._start_ours(f"watch-{number}", ["watch"], environment | _metrics_port(settings, settings.agents + number))

    def _say_what_starts(self) -> None:
        settings = self._plan.settings
        if own := [name for name, given in (("Kafka", settings.brokers), ("the store", settings.redis)) if given is None]:
            self._say(f"starting {' and '.join(own)}")

    async def _wait_for(self, kafka: Brokers | None, redis: str | None, quiet_seconds: float = QUIET_SECONDS) -> None:
        """Returns when those of the two that are named answer; says so when it takes long."""
        seconds = self._plan.settings.wait_seconds
        waits: list[Awaitable[object]] = [] if kafka is None else [wait_for_kafka(kafka, seconds, quiet_seconds)]
        waits += [] if redis is None else [wait_for_redis(redis, seconds, quiet_seconds)]
        await asyncio.gather(*waits)

    async def _servers(self) -> tuple[Brokers, str]:
        """Starts what is not given; where Kafka and Redis are."""
        settings, data = self._plan.settings, self._plan.data
        kafka, redis = settings.brokers, settings.redis
        if kafka is None:
            server = await asyncio.to_thread(self._broker)
            kafka = Brokers(server.address, prefix=settings.topic_prefix)
            await self._supervisor.start(Part("broker", server.command, OnEnd.FAIL, SERVERS, SERVER_GRACE_SECONDS))
        if redis is None:
            server = store(data / "store")
            redis = server.address
            await self._supervisor.start(Part("store", server.command, OnEnd.FAIL, SERVERS, SERVER_GRACE_SECONDS))
        return kafka, redis

    @property
    def _hours(self) -> int:
        """How long topics keep what they get; the embedded Kafka never deletes by itself, see `deploy.embedded.retention`."""
        return -1 if self._plan.settings.brokers is None else self._plan.settings.retention_hours

    def _broker(self) -> Server:
        """Where there is no log yet, it is made, which takes seconds."""
        settings, directory = self._plan.settings, self._plan.data / "broker"
        runs_on = broker.runtime(settings.jars, settings.java, self._say)
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        janitor.check_room(directory, settings.log_bounds)
        return broker.broker(directory, runs_on, broker.segment_bytes(settings.log_mb, settings.partitions))

    def _keep_log(self, kafka: Brokers, redis: str) -> None:
        """Keeps the embedded Kafka's log within its bounds, from now on."""

        async def keep() -> None:
            log_store = RedisStore.connect(redis)
            try:
                await Janitor(self._plan.data / "broker", kafka, log_store, self._plan.settings.log_bounds, self._say).run()
            finally:
                await log_store.close()

        self._janitor = asyncio.create_task(keep(), name="janitor of the log")

    async def _start_ours(
        self, name: str, arguments: Sequence[str], environment: dict[str, str], layer: int = OURS, on_end: OnEnd = OnEnd.RESTART
    ) -> None:
        command = [sys.executable, "-m", "deploy", *arguments]
        nice = VISITORS_NICE if layer == VISITORS else 0
        await self._supervisor.start(Part(name, command, on_end, layer, OUR_GRACE_SECONDS, environment, NO_RESTART, nice))


def _metrics_port(settings: Settings, number: int) -> dict[str, str]:
    """One port for each agent and watcher, if they are wanted."""
    return {} if settings.metrics_port is None else {variable("metrics_port"): str(settings.metrics_port + number - 1)}


def screen_url(host: str, port: int, base_path: str = "") -> str:
    """The address of a screen on this machine, as a browser here opens it."""
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104 (compared)
    return f"http://{shown}:{port}{base_path}"
