"""Which Kafka and Redis a command works on: those the settings name, else those of the embedded stack running on a data directory."""

from dataclasses import dataclass
from pathlib import Path

from deploy import statefile
from deploy.problem import Problem
from deploy.settings import Settings, variable
from streams.kafka.brokers import Brokers


@dataclass(frozen=True, slots=True)
class Cluster:
    """Where to work. `redis` may hold a password; `screen` is the URL of the stack's own screen, if it is one of a stack."""

    kafka: Brokers
    redis: str
    screen: str | None


def find_kafka(settings: Settings, data: Path) -> Brokers:
    """Where Kafka is, and how it lets us in."""
    if settings.brokers is not None:
        return settings.brokers
    stack = statefile.read(data)
    if stack is None:
        raise _nowhere("Kafka", "kafka", data)
    if not stack.kafka_open:
        raise Problem(
            f"the stack running on {data} works on a Kafka with TLS or users: set {variable('kafka')} here too, to {stack.kafka}, "
            f"and the settings that begin with {variable('kafka')}_ as it has them"
        )
    return Brokers(stack.kafka, prefix=stack.topic_prefix)


def find_redis(settings: Settings, data: Path) -> str:
    """The store's address."""
    if settings.redis is not None:
        return settings.redis
    stack = statefile.read(data)
    if stack is None:
        raise _nowhere("Redis", "redis", data)
    return stack.redis


def find(settings: Settings, data: Path) -> Cluster:
    """All of it; a `Problem` that says what is missing."""
    kafka = find_kafka(settings, data)
    stack = statefile.read(data)
    return Cluster(kafka, find_redis(settings, data), None if stack is None else stack.screen)


def _nowhere(what: str, setting: str, data: Path) -> Problem:
    return Problem(f"no {what} to work with: set {variable(setting)}, or start `livescreen up` (none is running on {data})")
