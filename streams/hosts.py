"""Who hosted when, and the figures of their time.

    host_on A ─────── host_off A
                 host_on B ──────────── closed (or now)
    minutes │ A │ A │ A,B │ B │ B │       a minute is theirs who are on at its middle, wholly

A broadcast without any shift is its host's from beginning to end.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from streams import windows
from streams.metrics import WATCHED_MS, share
from streams.rolling import Counters

_HOUR_MS = 3_600_000
_SUMMED = ("entries", "new_fans", "comments", "product_clicks", "orders_paid", "gmv")


@dataclass(frozen=True, slots=True)
class Shift:
    """One host from `start` to `end` (ms, half-open)."""

    host: str
    start: int
    end: int


def shifts(scenes: Sequence[Mapping[str, Any]], end_ms: int) -> list[Shift]:
    """The shifts, by their beginning, none beyond `end_ms`: that is where those end that were not ended, or only after the broadcast.

    A second host_on of who is on is a repetition. Whom the broadcast was opened with may go off without having come on.
    """
    found: list[Shift] = []
    on: dict[str, int] = {}
    opener: Mapping[str, Any] = {}
    for scene in sorted(scenes, key=lambda scene: scene["at"]):
        if scene["kind"] == "opened":
            opener = opener or scene
        elif scene["kind"] == "host_on":
            on.setdefault(scene["host"], scene["at"])
        elif scene["kind"] == "host_off":
            start = on.pop(scene["host"], None)
            if start is None and scene["host"] == opener.get("host") and all(shift.host != scene["host"] for shift in found):
                start = opener.get("starts", opener["at"])
            if start is not None:
                found.append(Shift(scene["host"], start, min(scene["at"], end_ms)))
    found += [Shift(host, start, end_ms) for host, start in on.items()]
    return sorted((shift for shift in found if shift.start < shift.end), key=lambda shift: (shift.start, shift.host))


def figures(found: Sequence[Shift], minutes: Mapping[int, Counters]) -> list[dict[str, Any]]:
    """Each host's figures, whoever hosted longest first; `minutes`: minute → stored counters and people.

    host shifts (how many) hours gmv gmv_per_hour entries average_watch_seconds (watched ÷ entries) new_fans (different people in each
    minute) comments product_clicks orders_paid conversion (orders_paid ÷ entries). Money in minor units.
    """
    rows = [_row(host, [shift for shift in found if shift.host == host], minutes) for host in {shift.host for shift in found}]
    return sorted(rows, key=lambda row: (-row["hours"], row["host"]))


def _row(host: str, own: Sequence[Shift], minutes: Mapping[int, Counters]) -> dict[str, Any]:
    theirs = [counters for minute, counters in minutes.items() if any(_covers(shift, minute) for shift in own)]
    sums = {metric: sum(counters.get(metric, 0) for counters in theirs) for metric in _SUMMED}
    hours = sum(shift.end - shift.start for shift in own) / _HOUR_MS
    watched_seconds = sum(counters.get(WATCHED_MS, 0) for counters in theirs) / 1000
    return {
        "host": host,
        "shifts": len(own),
        "hours": hours,
        **sums,
        "gmv_per_hour": share(sums["gmv"], hours),
        "average_watch_seconds": share(watched_seconds, sums["entries"]),
        "conversion": share(sums["orders_paid"], sums["entries"]),
    }


def _covers(shift: Shift, minute: int) -> bool:
    middle = minute * windows.MINUTE_MS + windows.MINUTE_MS // 2
    return shift.start <= middle < shift.end
