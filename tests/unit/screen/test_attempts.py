"""Failures per address, in windows, with bounded memory."""

from screen.attempts import Attempts


def test_after_the_limit_the_address_waits_for_the_windows_end() -> None:
    now = [1_000]
    attempts = Attempts(lambda: now[0], limit=3, window_ms=100)
    for _ in range(3):
        assert attempts.wait_ms("a") == 0
        attempts.failed("a")
    now[0] = 1_040
    assert attempts.wait_ms("a") == 60
    assert attempts.wait_ms("b") == 0
    now[0] = 1_100
    assert attempts.wait_ms("a") == 0
    attempts.failed("a")
    assert attempts.wait_ms("a") == 0


def test_the_longest_silent_address_is_forgotten_first() -> None:
    attempts = Attempts(lambda: 1_000, limit=1, max_addresses=2)
    for address in ("a", "b", "a", "c"):
        attempts.failed(address)
    assert attempts.wait_ms("b") == 0
    assert attempts.wait_ms("a") > 0
    assert attempts.wait_ms("c") > 0
