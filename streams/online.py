"""The online figures of a board, from the 5-s steps that `streams.presence` has counted."""

from typing import NamedTuple

from streams import windows
from streams.material import Material
from streams.metrics import Value


def mean(material: Material, minute: int, current: int) -> float:
    """How many were online in a minute: the mean of its steps that have begun by the bucket `current`."""
    return _minute(material, minute, current)[1]


def seconds(material: Material, span: range) -> int:
    """How long people were online in these buckets, all together, s."""
    return sum(map(material.online, span)) * windows.BUCKET_MS // 1000


def figures(material: Material, current: int) -> dict[str, Value]:
    """`online`, `online_peak` and `online_average` as of the bucket `current`.

    The average is over the minutes from the first to the last with anyone online; a minute with nobody counts as 0. It is the same in
    whatever order the minutes were read.
    """
    running = windows.minute_of(current)
    found = _before(material, running, current)
    if running in material.minutes:
        found = _with(found, running, *_minute(material, running, current))
    return {
        "online": material.online(current),
        "online_peak": found.peak,
        "online_average": found.means / (found.last - found.first + 1) if found.peak else None,
    }


class _Sums(NamedTuple):
    """What some minutes come to: the highest peak, all means together, and the first and the last with anyone online."""

    peak: int = 0
    means: float = 0
    first: int = 0
    last: int = 0


def _with(sums: _Sums, minute: int, peak: int, mean: float) -> _Sums:
    if not peak:
        return sums
    first, last = (min(sums.first, minute), max(sums.last, minute)) if sums.peak else (minute, minute)
    return _Sums(max(sums.peak, peak), sums.means + mean, first, last)


def _before(material: Material, running: int, current: int) -> _Sums:
    """The sums of all minutes before the running one; kept until one of them changes: a long broadcast has hundreds."""
    if material.online_before is None or material.online_before[0] != running:
        sums = _Sums()
        for minute in sorted(material.minutes):
            if minute < running:
                sums = _with(sums, minute, *_minute(material, minute, current))
        material.online_before = running, sums
    kept: _Sums = material.online_before[1]
    return kept


def _minute(material: Material, minute: int, current: int) -> tuple[int, float]:
    """(peak, mean) of a minute's steps; kept once the minute is over, until its counters change."""
    if minute < windows.minute_of(current) and (kept := material.minute_online.get(minute)) is not None:
        return kept
    first = minute * windows.BUCKETS_PER_MINUTE
    begun = max(1, min(windows.BUCKETS_PER_MINUTE, current - first + 1))
    steps = [material.online(first + slot) for slot in range(begun)]
    found = max(steps), sum(steps) / begun
    if minute < windows.minute_of(current):
        material.minute_online[minute] = found
    return found
