"""What one agent worker must know. Read from the environment by `deploy.settings`, never here."""

from dataclasses import dataclass

from streams.kafka.brokers import Brokers
from streams.names import DEFAULTS, Bounds


@dataclass(frozen=True, slots=True)
class AgentSettings:
    """The settings of one worker.

    kafka         where it is, and how it lets us in
    redis         the store's URL; may hold a password, so it is never logged
    partitions    of a topic, where it has to be created
    retention_hours   how long a created topic keeps its records; -1: for ever
    poll_records  the most records one fetch brings
    dead_letters_per_minute   of one room; rejects beyond are told in one dead letter a chunk
    most_products   most_sources   most_values   names of a room that are counted apart, see `streams.names`
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
    most_products: int = DEFAULTS.products
    most_sources: int = DEFAULTS.sources
    most_values: int = DEFAULTS.values
    wait_seconds: float = 60.0
    stalled_seconds: float = 60.0
    metrics_host: str = "127.0.0.1"
    metrics_port: int | None = None
    violation_lists: str | None = None
    log_level: str = "info"

    @property
    def bounds(self) -> Bounds:
        """How many names a room holds."""
        return Bounds(products=self.most_products, sources=self.most_sources, values=self.most_values)
