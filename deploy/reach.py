"""Whether Kafka and Redis answer, and waiting until they do."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPException
from typing import TypeVar
from urllib.request import urlopen

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError
from redis.exceptions import RedisError

from deploy.problem import Problem
from streams.store.port import StoreAway
from streams.store.redis.client import Client, where

TRY_SECONDS = 5.0
PAUSE_SECONDS = 0.1
LOG_EVERY_SECONDS = 5.0

T = TypeVar("T")

log = logging.getLogger(__name__)


class NoAnswer(Exception):
    """A server did not answer; the text says why, in one line and without secrets."""


async def try_kafka(kafka: str) -> str:
    """The id of the cluster at `kafka`; `NoAnswer` when none of the brokers answers."""
    client = AIOKafkaAdminClient(bootstrap_servers=kafka, request_timeout_ms=int(TRY_SECONDS * 1_000))
    with _quiet_client():
        try:
            async with asyncio.timeout(TRY_SECONDS):
                await client.start()
                return str((await client.describe_cluster())["cluster_id"])
        except (KafkaError, OSError, TimeoutError) as error:
            raise NoAnswer(reason(error)) from None
        finally:
            await client.close()


async def try_redis(url: str) -> None:
    """Returns when Redis answers a ping; `NoAnswer` when it does not, is still loading or refuses the password."""
    client = Client(url)
    try:
        await client.ping()
    except (StoreAway, RedisError) as error:
        raise NoAnswer(reason(error)) from None
    finally:
        await client.close()


async def wait_for_kafka(kafka: str, seconds: float) -> str:
    """The cluster's id as soon as it answers; a `Problem` after `seconds` without."""
    advice = "start it, or set LIVESCREEN_KAFKA=host:port to where it is"
    return await _wait(f"Kafka at {kafka}", advice, seconds, lambda: try_kafka(kafka))


async def wait_for_redis(url: str, seconds: float) -> None:
    """Returns as soon as Redis answers; a `Problem` after `seconds` without."""
    advice = "start it, or set LIVESCREEN_REDIS=redis://host:port/0 to where it is"
    await _wait(f"Redis at {where(url)}", advice, seconds, lambda: try_redis(url))


async def try_screen(url: str) -> None:
    """Returns when the screen at `url` is ready; `NoAnswer` when it is not, or not there."""
    try:
        async with asyncio.timeout(TRY_SECONDS):
            await asyncio.to_thread(_get, f"{url}/readyz")
    except (OSError, HTTPException) as error:  # an HTTP status of 400 or more is an OSError too
        raise NoAnswer(reason(error)) from None


def _get(url: str) -> None:
    with urlopen(url, timeout=TRY_SECONDS) as answer:  # noqa: S310 (our own http:// address)
        answer.read()


async def wait_for_screen(url: str, seconds: float) -> None:
    """Returns as soon as the screen is ready; a `Problem` after `seconds` without."""
    await _wait(f"the screen at {url}", "see its log", seconds, lambda: try_screen(url))


def reason(error: Exception) -> str:
    """The error in one line."""
    text = " ".join(str(error).split())
    return "no answer in time" if isinstance(error, TimeoutError) or not text else text


async def _wait(what: str, advice: str, seconds: float, attempt: Callable[[], Awaitable[T]]) -> T:
    """Tries again and again, with a log line every few seconds."""
    begin = said = time.monotonic()
    while True:
        try:
            return await attempt()
        except NoAnswer as failure:
            now = time.monotonic()
            if now - begin >= seconds:
                raise Problem(f"{what} does not answer ({failure}): {advice}") from None
            if now - said >= LOG_EVERY_SECONDS:
                said = now
                log.warning("waiting for %s (%s), %d s more", what, failure, seconds - (now - begin))
        await asyncio.sleep(PAUSE_SECONDS)


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
