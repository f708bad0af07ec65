"""How many records may be rejected before something must be wrong with more than a few of them."""

from collections import deque


class Budget:
    """Counts rejected records against a limit per minute (the last 60 s) and one per run."""

    def __init__(self, per_minute: int, per_run: int) -> None:
        self._per_minute = per_minute
        self._per_run = per_run
        self._spent = 0
        self._recent: deque[tuple[float, int]] = deque()
        self._recent_sum = 0

    def take(self, count: int, now_seconds: float) -> str | None:
        """Takes `count` from the budget, all or nothing; returns which limit forbids it, or None."""
        self._forget(now_seconds - 60.0)
        if self._spent + count > self._per_run:
            return f"{self._spent + count} records rejected in this run, the limit is {self._per_run}"
        if self._recent_sum + count > self._per_minute:
            return f"{self._recent_sum + count} records rejected within a minute, the limit is {self._per_minute}"
        self._spent += count
        self._recent_sum += count
        self._recent.append((now_seconds, count))
        return None

    def _forget(self, until_seconds: float) -> None:
        while self._recent and self._recent[0][0] <= until_seconds:
            self._recent_sum -= self._recent.popleft()[1]
