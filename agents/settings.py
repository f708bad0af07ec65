"""What one agent worker must know. Read from the environment by `deploy.settings`, never here."""

from dataclasses import dataclass

from streams.kafka.brokers import Brokers


@dataclass(frozen=True, slots=True)
class AgentSettings:
    """The settings of one worker.

    kafka         where it is, and how it lets us in
    redis         the store's URL; may hold a password, so it is never logged
    partitions    of a topic, where it has to be created
    retention_hours   how long a created topic keeps its records; -1: for ever
    poll_records  the most records one fetch brings
    dead_letters_per_minute   of one room; rejects beyond are told in one dead letter a chunk
    wait_seconds  how long to wait for Kafka and the store at start
    stalled_seconds   with records waiting and none applied for so long, the worker ends, to be started afresh
    metrics_port  where Prometheus may scrape, at `metrics_host`; None: nowhere
    violation_lists   the folder of the lists that violations are found by; None: the shipped ones
    log_level     "debug", "info", "warning" or "error"
    """

    kafka: Brokers
    redis: str
    group: str = "livescreen"
    partitions: int = 4
    retention_hours: int = 168
    poll_records: int = 10_000
    dead_letters_per_minute: int = 600
    wait_seconds: float = 60.0
    stalled_seconds: float = 60.0
    metrics_host: str = "127.0.0.1"
    metrics_port: int | None = None
    violation_lists: str | None = None
    log_level: str = "info"
