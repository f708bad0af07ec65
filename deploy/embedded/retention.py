"""What of the embedded Kafka's log may go, and when it takes no more. Pure.

Only what is saved goes: a record is deleted when the agents' progress has passed it, and never before, however old or many they are.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from deploy.embedded.segments import Segment
from streams.topics import Partition

_MB = 1_000_000
_HOUR_MS = 3_600_000
#: What is refused is taken again when the log is this much smaller, or the disk this much freer, than would do: not every few seconds.
#: What is saved goes as soon as the log is that small, so that there is room to go on.
_SLACK = 0.1


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much is kept.

    hours       records older than that go; negative: none do for their age
    log_mb      the most the log may hold, in millions of bytes; at nine tenths of it the oldest begin to go
    free_mb     so much of the disk must stay free, in millions of bytes
    """

    hours: int
    log_mb: int
    free_mb: int


def cuts(segments: Iterable[Segment], saved: Mapping[Partition, int], bounds: Bounds, now_ms: int) -> dict[Partition, int]:
    """The offsets before which partitions may be deleted now; without those of which nothing may.

    `saved`: partition → the offset up to which its records are saved; whoever is not in it has saved none.
    """
    oldest_first = sorted(segments, key=lambda each: (each.written_ms, each.first))
    total = sum(each.bytes for each in oldest_first)
    oldest_ms = now_ms - bounds.hours * _HOUR_MS if bounds.hours >= 0 else 0
    cut: dict[Partition, int] = {}
    held: set[Partition] = set()  # partitions of which nothing more may go
    for each in oldest_first:
        free_to_go = each.until is not None and each.until <= saved.get(each.partition, 0)
        if each.partition in held or not free_to_go:
            held.add(each.partition)
        elif each.written_ms < oldest_ms or total > bounds.log_mb * _MB * (1 - _SLACK):
            cut[each.partition] = each.until or 0
            total -= each.bytes
    return cut


def refusal(kept_bytes: int, free_bytes: int, bounds: Bounds, refusing: bool) -> str | None:
    """Why no more records may be taken, in a line that says what to do; None: they may. `refusing`: whether none were taken so far."""
    slack = _SLACK if refusing else 0.0
    if free_bytes < bounds.free_mb * _MB * (1 + slack):
        return (
            f"only {free_bytes // _MB} MB of its disk are free, and LIVESCREEN_DISK_FREE_MB={bounds.free_mb} must stay so: "
            "make room there, or lower LIVESCREEN_LOG_MB"
        )
    if kept_bytes > bounds.log_mb * _MB * (1 - slack):
        return (
            f"the log holds {kept_bytes // _MB} MB, LIVESCREEN_LOG_MB={bounds.log_mb} is the most, and what could go is not saved yet: "
            "see whether the agents run, or raise it"
        )
    return None
