"""The screen server's own figures for Prometheus: how it does, never what a broadcast earns."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, PlatformCollector, ProcessCollector, generate_latest

_SECONDS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)


class Measures:
    """One registry for each application, so that several can live in one process."""

    def __init__(self) -> None:
        self._registry = registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        PlatformCollector(registry=registry)
        self.watchers = Gauge("livescreen_watchers", "Open websockets", registry=registry)
        self.watched_rooms = Gauge("livescreen_watched_rooms", "Rooms read because someone watches", registry=registry)
        self.frames = Counter("livescreen_frames", "Frames sent", ["kind"], registry=registry)
        self._frames_of = {kind: self.frames.labels(kind) for kind in ("full", "delta", "heartbeat")}
        self.frame_bytes = Counter("livescreen_frame_bytes", "Bytes of frames sent", registry=registry)
        self.encodes = Counter("livescreen_frame_encodes", "Frames encoded, each for all who need the same", registry=registry)
        self.ticks = Histogram("livescreen_tick_seconds", "Reading and building a room", registry=registry, buckets=_SECONDS)
        self.store_away = Counter("livescreen_store_away", "Reads that found the store away", registry=registry)
        self.closes = Counter("livescreen_websocket_closes", "Websockets that ended", ["name"], registry=registry)
        self.scenes = Counter("livescreen_scenes_written", "Scenes acknowledged by Kafka", ["kind"], registry=registry)
        self.taken = Counter(
            "livescreen_ingest_events", "Events of HTTP requests, by what came of them", ["topic", "outcome"], registry=registry
        )
        self.refused = Counter("livescreen_ingest_refused", "Events of HTTP requests that were refused", ["reason"], registry=registry)
        self.pushes = Counter(
            "livescreen_platform_pushes", "Messages of platforms, by what came of them", ["source", "outcome"], registry=registry
        )
        self.refused_connections = Counter("livescreen_refused_connections", "Connections for which there was no place", registry=registry)
        self.requests = Histogram("livescreen_http_seconds", "HTTP requests", ["method", "status"], registry=registry, buckets=_SECONDS)

    def count_frames(self, kind: str, size: int, number: int = 1) -> None:
        """So many frames of `size` bytes each were sent."""
        self._frames_of[kind].inc(number)
        self.frame_bytes.inc(size * number)

    def text(self) -> bytes:
        """Everything in the Prometheus text format."""
        return generate_latest(self._registry)
