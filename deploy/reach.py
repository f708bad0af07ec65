"""Whether Kafka, Redis and screen answer, and waiting until they do."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPException
from typing import TypeVar
from urllib.request import urlopen

from agents.waiting import GaveUp, NotThere, probe_kafka, probe_store, wait_for
from deploy.problem import Problem
from streams.kafka.brokers import Brokers
from streams.store.redis import RedisStore
from streams.store.redis.client import where

TRY_SECONDS = 5.0
#: Our own servers need a moment to start, and nobody needs to hear of it.
QUIET_SECONDS = 5.0

T = TypeVar("T")


async def try_kafka(kafka: Brokers) -> str:
    """The id of the cluster at `kafka`; `NotThere` when it does not answer, `Refused` when it lets nobody in with these settings."""
    with _quiet_client():
        return await probe_kafka(kafka)


async def try_redis(url: str) -> None:
    """Returns when Redis answers; `NotThere` when it does not, is still loading or refuses the password."""
    store = RedisStore.connect(url)
    try:
        await probe_store(store)
    finally:
        await store.close()


async def try_screen(url: str) -> None:
    """Returns when the screen at `url` is ready; `NotThere` when it is not, or not there."""
    try:
        async with asyncio.timeout(TRY_SECONDS):
            await asyncio.to_thread(_get, f"{url}/readyz?of=screen")
    except (OSError, HTTPException) as error:  # a status of 400 or more, and a time-out, are OSErrors too
        raise NotThere(reason(error)) from None


async def wait_for_kafka(kafka: Brokers, seconds: float, quiet_seconds: float = QUIET_SECONDS) -> str:
    """The cluster's id as soon as it answers; a `Problem` after `seconds` without; `Refused` as soon as it lets nobody in."""
    return await _wait(
        f"Kafka at {kafka}", "start it, or set LIVESCREEN_KAFKA to where it is", seconds, lambda: try_kafka(kafka), quiet_seconds
    )


async def wait_for_redis(url: str, seconds: float, quiet_seconds: float = QUIET_SECONDS) -> None:
    """Returns as soon as Redis answers; a `Problem` after `seconds` without."""
    await _wait(
        f"Redis at {where(url)}", "start it, or set LIVESCREEN_REDIS to where it is", seconds, lambda: try_redis(url), quiet_seconds
    )


async def wait_for_screen(url: str, seconds: float, quiet_seconds: float = QUIET_SECONDS) -> None:
    """Returns as soon as the screen is ready; a `Problem` after `seconds` without."""
    await _wait("the screen", "see its log", seconds, lambda: try_screen(url), quiet_seconds)


def reason(error: Exception) -> str:
    """The error in one line."""
    text = " ".join(str(error).split()).removeprefix("<urlopen error ").removesuffix(">")
    return "no answer in time" if isinstance(error, TimeoutError) else text or type(error).__name__


async def _wait(what: str, advice: str, seconds: float, attempt: Callable[[], Awaitable[T]], quiet_seconds: float) -> T:
    try:
        return await wait_for(what, advice, attempt, seconds, quiet_seconds)
    except GaveUp as error:
        raise Problem(str(error)) from None


def _get(url: str) -> None:
    with urlopen(url, timeout=TRY_SECONDS) as answer:  # noqa: S310 (our own http:// address)
        answer.read()


@contextmanager
def _quiet_client() -> Iterator[None]:
    """The Kafka client logs each failed connection as an error of its own; here one line of ours says it."""
    logger = logging.getLogger("aiokafka")
    before = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        logger.setLevel(before)
