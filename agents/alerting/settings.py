"""What a watcher must know. Read from the environment by `deploy.settings`, never here."""

from dataclasses import dataclass

from streams.kafka.brokers import Brokers


@dataclass(frozen=True, slots=True)
class WatchSettings:
    """The settings of one watcher.

    kafka         where it is, and how it lets us in
    redis         the store's URL; may hold a password, so it is never logged
    rules         the file of rules; None: those that come with livescreen
    notify_ca     a file with authorities of one's own, trusted beside the usual ones where alerts are delivered to
    metrics_host, metrics_port   where Prometheus is answered; no port: nowhere
    stock_urgent_below   a product with fewer pieces is marked so, which rules can ask for
    unpaid_minutes, silent_hours, late_seconds   see `streams.products.BoardRules`
    """

    kafka: Brokers
    redis: str
    partitions: int = 4
    retention_hours: int = 168
    rules: str | None = None
    stock_urgent_below: int = 10
    unpaid_minutes: int = 30
    silent_hours: int = 6
    late_seconds: int = 15
    notify_ca: str | None = None
    wait_seconds: float = 60.0
    metrics_host: str = "127.0.0.1"
    metrics_port: int | None = None
    log_level: str = "info"
