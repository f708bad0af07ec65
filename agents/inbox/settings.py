"""What a connect worker must know. Read from the environment by `deploy.settings`, never here."""

from dataclasses import dataclass

from streams.kafka.brokers import Brokers


@dataclass(frozen=True, slots=True)
class ConnectSettings:
    """The settings of one worker.

    kafka, redis   where they are, and how they let us in
    platforms      the file of sources, see `streams.platforms.sources`
    group          the consumer group
    partitions, retention_hours   of topics that have to be created
    lookup_minutes so long a look-up is tried, and a room waited for, before the message becomes a dead letter
    wait_seconds   how long to wait for Kafka and the store at start
    log_level      "debug", "info", "warning" or "error"
    """

    kafka: Brokers
    redis: str
    platforms: str | None = None
    group: str = "livescreen-connect"
    partitions: int = 4
    retention_hours: int = 168
    lookup_minutes: float = 60.0
    wait_seconds: float = 60.0
    log_level: str = "info"
