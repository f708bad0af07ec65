"""What Prometheus is told of a watcher."""

from agents.alerting.gauges import Gauges


def test_what_happened_is_counted() -> None:
    gauges = Gauges()
    gauges.looked(3, 0.5)
    gauges.looked(1, 0.25)
    gauges.aged(0.3)
    gauges.found(2)
    gauges.posted(4)
    gauges.attempted("delivered")
    gauges.attempted("given up")
    gauges.leads(7)
    gauges.leads(5)
    found = {
        "looks_total": 4.0, "look_cpu_seconds_total": 0.75, "look_age_seconds_count": 1.0, "look_age_seconds_sum": 0.3,
        "transitions_total": 2.0, "notices_posted_total": 4.0, "rooms_led": 5.0,
    }  # fmt: skip
    assert {name: gauges.registry.get_sample_value(f"livescreen_watch_{name}") for name in found} == found
    outcomes = {name: gauges.registry.get_sample_value("livescreen_watch_attempts_total", {"outcome": name}) for name in OUTCOMES}
    assert outcomes == {"delivered": 1.0, "failed": 0.0, "given up": 1.0}


OUTCOMES = ("delivered", "failed", "given up")
