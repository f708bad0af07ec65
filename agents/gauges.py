"""What Prometheus may know of a worker."""

from collections.abc import Mapping, Sequence

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, start_http_server

from agents.chunk import Bad, Chunk
from agents.waiting import GaveUp


class Gauges:
    """The worker's metrics, all by topic."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._chunks = Counter("livescreen_agent_chunks", "Chunks applied.", ["topic"], registry=self.registry)
        self._records = Counter("livescreen_agent_records", "Records applied or rejected.", ["topic"], registry=self.registry)
        self._rejected = Counter("livescreen_agent_rejected", "Records rejected.", ["topic", "reason"], registry=self.registry)
        self._summarised = Counter(
            "livescreen_agent_summarised", "Rejected records that have no dead letter of their own, only a count.", ["topic"],
            registry=self.registry,
        )  # fmt: skip
        self._mended = Counter(
            "livescreen_agent_mended", "Records with half an emoji, which was replaced by U+FFFD.", ["topic"], registry=self.registry
        )
        self._seconds = Histogram("livescreen_agent_apply_seconds", "Time to apply a chunk.", ["topic"], registry=self.registry)
        self._lag = Gauge(
            "livescreen_agent_lag_records", "Records of the topic, of all partitions, not applied yet.", ["topic"], registry=self.registry
        )

    def applied(self, chunk: Chunk, bad: Sequence[Bad], seconds: float) -> None:
        """Counts one chunk, and what of it was rejected."""
        topic = chunk.partition.topic
        self._chunks.labels(topic).inc()
        self._records.labels(topic).inc(len(chunk.records))
        self._seconds.labels(topic).observe(seconds)
        for each in bad:
            self._rejected.labels(topic, each.why.reason).inc()

    def kept_less(self, topic: str, summarised: int, mended: int) -> None:
        """Counts rejected records that are only counted, and records of which a part was replaced."""
        self._summarised.labels(topic).inc(summarised)
        self._mended.labels(topic).inc(mended)

    def lag(self, by_topic: Mapping[str, int]) -> None:
        """Sets the records waiting in each topic."""
        for topic, records in by_topic.items():
            self._lag.labels(topic).set(records)

    def serve(self, host: str, port: int) -> None:
        """See `answer_prometheus`."""
        answer_prometheus(self.registry, host, port)


def answer_prometheus(registry: CollectorRegistry, host: str, port: int) -> None:
    """Answers at /metrics from now on, in a thread of its own. Raises `GaveUp` where it cannot listen there."""
    try:
        start_http_server(port, host, registry=registry)
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        remedy = "set LIVESCREEN_METRICS_HOST and LIVESCREEN_METRICS_PORT to an address of this machine and a free port"
        raise GaveUp(f"cannot serve figures on {host}:{port} ({why}); {remedy}") from None
