"""The connection to Redis: made from an address, bounded in time, and away in one way only."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeVar

from redis import exceptions
from redis.asyncio import Redis, RedisCluster
from redis.asyncio.connection import parse_url
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.maint_notifications import MaintNotificationsConfig

from streams.store.port import StoreAway
from streams.store.redis.connection import quick

CONNECT_SECONDS = 3.0
#: Longer than the largest change takes, shorter than a worker may be silent.
ANSWER_SECONDS = 5.0
#: So many calls are under way at once, and others wait their turn: beyond 100 connections redis-py refuses, as if the server were away.
_AT_ONCE = 50

CLUSTER = "redis+cluster://"
CLUSTER_TLS = "rediss+cluster://"

Command = tuple[str | int | bytes, ...]
T = TypeVar("T")


#: Errors after which the same call may work, as soon as somebody has mended the server or the way to it.
AWAY = (
    exceptions.ConnectionError,
    exceptions.TimeoutError,
    exceptions.ReadOnlyError,
    exceptions.OutOfMemoryError,
    exceptions.NoPermissionError,
    exceptions.ClusterDownError,
    exceptions.TryAgainError,
    exceptions.RedisClusterException,
    OSError,
)
#: The same, where the client knows them by their text only.
AWAY_TEXT = re.compile(r"(MISCONF|BUSY|NOREPLICAS|LOADING|NOAUTH|MASTERDOWN) ")
#: What redis-py 8.1 lets through when a node of a cluster dies: it writes to a connection that another task has just given up, whose
#: writer is None by then, or whose transport uvloop has closed. Known by their whole text, for such errors are bugs everywhere else.
GIVEN_UP = re.compile(r"'NoneType' object has no attribute '(writelines|drain)'$|; the handler is closed$")


class Client:
    """Sends commands; raises `StoreAway` when the server is away, and whatever else Redis says as it is, for that is a bug."""

    def __init__(self, url: str) -> None:
        self.cluster = url.startswith((CLUSTER, CLUSTER_TLS))
        plain = url.replace("+cluster", "", 1) if self.cluster else url
        try:
            self._where = where(plain)
            self._redis = _connect(plain, self.cluster)
        except (ValueError, TypeError, exceptions.RedisClusterException):
            # The cause may quote the address with its password.
            raise ValueError("not an address of Redis: it must look like redis://[user:password@]host:port[/database]") from None
        self._shapes: dict[str, Callable[[Any], Any]] = dict(self._redis.response_callbacks)
        self._seats = asyncio.Semaphore(_AT_ONCE)

    async def ping(self) -> None:
        """Returns when the server answers."""
        await self._guarded(self._seated(self._redis.ping))

    async def close(self) -> None:
        """Closes all connections."""
        await self._redis.aclose()

    async def run(self, commands: Sequence[Command]) -> list[Any]:
        """The answers to the commands, sent in one go; the first that failed is raised."""
        answers = await self.try_run(commands)
        for answer in answers:
            if isinstance(answer, Exception):
                raise answer
        return answers

    async def run_in_order(self, first: Sequence[Command], then: Sequence[Command]) -> tuple[list[Any], list[Any]]:
        """As `run`, with every command of `first` done before those of `then`."""
        if self.cluster:  # a slot on the move may have single commands sent again, behind the others
            return await self.run(first), await self.run(then)
        answers = await self.run([*first, *then])
        return answers[: len(first)], answers[len(first) :]

    async def try_run(self, commands: Sequence[Command]) -> list[Any]:
        """As `run`, but what Redis says to a single command (a script it does not know) stays among the answers."""
        if not commands:
            return []
        over = self._over_nodes if self.cluster else self._over_one
        answers = await self._guarded(self._seated(lambda: over(commands)))
        for answer in answers:
            if isinstance(answer, Exception) and self._is_away(answer):
                raise self._away(answer) from answer
        return answers

    async def _seated(self, call: Callable[[], Awaitable[T]]) -> T:
        """The call, when it is its turn."""
        if self._seats.locked():
            async with asyncio.timeout(ANSWER_SECONDS):
                await self._seats.acquire()
        else:
            await self._seats.acquire()
        try:
            return await call()
        finally:
            self._seats.release()

    async def _over_nodes(self, commands: Sequence[Command]) -> list[Any]:
        pipe = self._redis.pipeline()
        for command in commands:
            pipe.execute_command(*command)
        return list(await pipe.execute(raise_on_error=False))

    async def _over_one(self, commands: Sequence[Command]) -> list[Any]:
        """As redis-py's pipeline, without what that does for each command and nobody asked for here."""
        pool = self._redis.connection_pool
        connection = await pool.get_connection()
        try:
            answers = await connection.ask(commands)
        except BaseException:
            await connection.disconnect(nowait=True)  # answers may be on their way that nobody will read
            raise
        finally:
            await pool.release(connection)
        return [self._shaped(str(command[0]), answer) for command, answer in zip(commands, answers, strict=True)]

    def _shaped(self, name: str, answer: Any) -> Any:
        """The answer as redis-py gives it: a truth for OK, pairs for scores."""
        shape = self._shapes.get(name)
        return answer if shape is None or isinstance(answer, Exception) else shape(answer)

    async def _guarded(self, call: Awaitable[T]) -> T:
        try:
            return await call
        except (exceptions.RedisError, exceptions.RedisClusterException, OSError, AttributeError, RuntimeError) as error:
            if self._is_away(error):
                raise self._away(error) from error
            raise

    def _is_away(self, error: Exception) -> bool:
        return is_away(error) or (self.cluster and is_given_up(error))

    def _away(self, error: Exception) -> StoreAway:
        return StoreAway(f"Redis at {self._where}: {error or type(error).__name__}")


def is_away(error: Exception) -> bool:
    """Whether the server is away or not ready, as against a command that is wrong."""
    return isinstance(error, AWAY) or (isinstance(error, exceptions.ResponseError) and bool(AWAY_TEXT.match(str(error))))


def is_given_up(error: Exception) -> bool:
    """Whether the client of a cluster wrote to a connection that it had given up."""
    return isinstance(error, AttributeError | RuntimeError) and bool(GIVEN_UP.search(str(error)))


def where(url: str) -> str:
    """The address for people to read, without user, password and options. ValueError when the address is none."""
    parts = parse_url(url)
    return str(parts["path"]) if "path" in parts else f"{parts.get('host', 'localhost')}:{parts.get('port', 6379)}"


def _connect(url: str, cluster: bool) -> Any:
    options: dict[str, Any] = {
        "decode_responses": True,
        "protocol": 3,
        "socket_connect_timeout": CONNECT_SECONDS,
        "socket_timeout": ANSWER_SECONDS,
        # With them redis-py no longer looks whether a connection was closed while nobody used it: each would fail its next call.
        "maint_notifications_config": MaintNotificationsConfig(enabled=False),
    }
    if cluster:
        return RedisCluster.from_url(url, **options)
    # The client's own retries wait for seconds and hide how long the server is away; whoever calls the store knows when to try again.
    client = Redis.from_url(url, retry=Retry(NoBackoff(), 0), **options)
    pool: Any = client.connection_pool
    pool.connection_class = quick(pool.connection_class)
    pool.make_connection()  # a TypeError now for an option that there is not, instead of at each try to connect
    return client
