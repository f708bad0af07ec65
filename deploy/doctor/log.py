"""Checks of the embedded Kafka's log: whether it takes records."""

from pathlib import Path

from deploy.doctor.finding import Finding, bad, good
from deploy.embedded import janitor, segments
from deploy.embedded.retention import Bounds
from streams.kafka.brokers import Brokers
from streams.topics import ALL


def check_log(directory: Path, kafka: Brokers, bounds: Bounds) -> Finding:
    """Of the broker in this directory."""
    if (why := janitor.refusing(directory)) is not None:
        what, _, remedy = why.partition(": ")
        return bad(f"the embedded Kafka refuses producers: {what}", remedy)
    held = sum(each.bytes for each in segments.read(directory / "log", {kafka.name(topic): topic for topic in ALL})) // 1_000_000
    return good(f"the embedded Kafka's log takes records: it holds {held} MB of at most {bounds.log_mb} (LIVESCREEN_LOG_MB)")
