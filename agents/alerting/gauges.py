"""What Prometheus may know of a watcher."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from agents.gauges import answer_prometheus

_AGES = (0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30)


class Gauges:
    """One watcher's metrics."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._looks = Counter("livescreen_watch_looks", "Looks at rooms.", registry=self.registry)
        self._cpu = Counter("livescreen_watch_look_cpu_seconds", "CPU time of this process while it looked.", registry=self.registry)
        self._ages = Histogram(
            "livescreen_watch_look_age_seconds",
            "Time since the look before, of rooms that were looked at because something may be new.",
            buckets=_AGES,
            registry=self.registry,
        )
        self._transitions = Counter("livescreen_watch_transitions", "Transitions of alerts found and saved.", registry=self.registry)
        self._posted = Counter("livescreen_watch_notices_posted", "Notices put on the desks of subscriptions.", registry=self.registry)
        self._attempts = Counter(
            "livescreen_watch_attempts",
            "Attempts at messages to subscribers: delivered; failed, to be tried again; or given up.",
            ["outcome"],
            registry=self.registry,
        )
        self._led = Gauge("livescreen_watch_rooms_led", "Rooms that this watcher leads.", registry=self.registry)
        for outcome in ("delivered", "failed", "given up"):
            self._attempts.labels(outcome)

    def looked(self, looks: int, cpu_seconds: float) -> None:
        """Counts so many looks, which took this together."""
        self._looks.inc(looks)
        self._cpu.inc(cpu_seconds)

    def aged(self, seconds: float) -> None:
        """Counts how long a room waited since the look before."""
        self._ages.observe(seconds)

    def found(self, transitions: int) -> None:
        """Counts transitions that were saved."""
        self._transitions.inc(transitions)

    def posted(self, notices: int) -> None:
        """Counts notices."""
        self._posted.inc(notices)

    def attempted(self, outcome: str) -> None:
        """Counts an attempt at a message."""
        self._attempts.labels(outcome).inc()

    def leads(self, rooms: int) -> None:
        """Sets how many rooms are led."""
        self._led.set(rooms)

    def serve(self, host: str, port: int) -> None:
        """See `answer_prometheus`."""
        answer_prometheus(self.registry, host, port)
