"""The online figures of a board, from the 5-s steps that `streams.presence` has counted."""

from math import fsum

from streams import windows
from streams.material import Material
from streams.metrics import Value


def mean(material: Material, minute: int, current: int) -> float:
    """How many were online in a minute: the mean of its steps that have begun by the bucket `current`."""
    return _minute(material, minute, current)[1]


def figures(material: Material, current: int) -> dict[str, Value]:
    """`online`, `online_peak` and `online_average` as of the bucket `current`.

    The average is over the minutes from the first to the last with anyone online; a minute with nobody counts as 0. It is the same in
    whatever order the minutes were read.
    """
    running = windows.minute_of(current)
    known = {minute: found for minute in material.minutes if minute <= running and (found := _minute(material, minute, current))[0]}
    return {
        "online": material.online(current),
        "online_peak": max((peak for peak, _ in known.values()), default=0),
        "online_average": fsum(mean for _, mean in known.values()) / (max(known) - min(known) + 1) if known else None,
    }


def _minute(material: Material, minute: int, current: int) -> tuple[int, float]:
    """(peak, mean) of a minute's steps; kept once the minute is over, until its counters change: a long broadcast has hundreds."""
    if (kept := material.minute_online.get(minute)) is not None:
        return kept
    first = minute * windows.BUCKETS_PER_MINUTE
    begun = max(1, min(windows.BUCKETS_PER_MINUTE, current - first + 1))
    steps = [material.online(first + slot) for slot in range(begun)]
    found = max(steps), sum(steps) / begun
    if minute < windows.minute_of(current):
        material.minute_online[minute] = found
    return found
