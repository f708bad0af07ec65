"""Noticing that nothing moves although there is something to do.

It happens: a broker at fault may let the survivors of a killed worker rejoin the same generation for ever, and they look healthy all
the while.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from streams.topics import Partition

#: Other workers' partitions are theirs to worry about; only when that has not helped for long it may be us who should have them.
_OTHERS = 3
#: Standing still for so long is told to others.
_TOLD_SECONDS = 15.0


@dataclass(frozen=True, slots=True)
class Lag:
    """A partition's progress, and where its log ends."""

    progress: int
    end: int


class Stall:
    """Watches progress. `patience_seconds`: how long a partition with records waiting may stand still."""

    def __init__(self, patience_seconds: float) -> None:
        self._patience = patience_seconds
        self._standing: dict[Partition, tuple[int, float]] = {}

    def forget(self) -> None:
        """Starts the watch anew: Kafka or the store is away, and standing still is right."""
        self._standing.clear()

    def standing(self, mine: Collection[Partition], now_seconds: float, seconds: float = _TOLD_SECONDS) -> str | None:
        """Which of its own partitions has stood still for so long, by the last look, in words; it may still move on by itself."""
        for partition, (progress, since) in self._standing.items():
            if partition in mine and now_seconds - since > seconds:
                return f"{partition} has records waiting, and stands at {progress} for {now_seconds - since:.0f} s"
        return None

    def look(self, lags: Mapping[Partition, Lag], mine: Collection[Partition], now_seconds: float) -> str | None:
        """Takes what is known of all partitions now; returns which of them stands still for too long, in words, or None."""
        for partition, lag in lags.items():
            stood = self._standing.get(partition)
            if lag.progress >= lag.end:
                self._standing.pop(partition, None)
            elif stood is None or stood[0] != lag.progress:
                self._standing[partition] = (lag.progress, now_seconds)
            elif now_seconds - stood[1] > self._patience * (1 if partition in mine else _OTHERS):
                seconds = now_seconds - stood[1]
                return f"{partition} has {lag.end - lag.progress} records waiting, and stands at {lag.progress} for {seconds:.0f} s"
        return None
