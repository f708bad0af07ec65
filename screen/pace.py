"""When a feed reads its room: so many times a second, also where it is sometimes late."""


class Pace:
    """When the ticks of one feed are due. The first at once, the rest on a grid that begins `phase` (0 to 1) of a tick later.

    A tick that is late takes nothing from the next, so there are as many as there should be; those that were missed whole are left out.
    Each feed has a phase of its own: on one grid, all rooms' ticks would fall together, and wait for each other.
    """

    def __init__(self, tick_seconds: float, phase: float) -> None:
        self._tick_seconds, self._phase = tick_seconds, phase
        self._due: float | None = None

    def wait(self, now: float) -> float:
        """Seconds until the next tick."""
        if self._due is None:
            self._due = now + self._phase * self._tick_seconds
            return 0.0
        late = max(0.0, now - self._due)
        due = self._due + late // self._tick_seconds * self._tick_seconds
        self._due = due + self._tick_seconds
        return max(0.0, due - now)
