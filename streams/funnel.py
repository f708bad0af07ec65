"""The funnel 五维四率: how many people come from each stage to the next, in the whole broadcast and lately.

Lately means the newest five minutes that are over; they are held against the hour before them. People of several minutes are added up
(who comes in two minutes is two), in both spans alike, so the two rates compare; they do not compare with that of the whole broadcast.
"""

from collections.abc import Callable, Iterable
from itertools import pairwise
from typing import Any

from streams import online, windows
from streams.material import Material
from streams.metrics import Value, share

_STAGES = (
    ("exposed", "exposed_users"),
    ("entered", "viewers"),
    ("product_exposed", "product_exposed_users"),
    ("product_clicked", "product_click_users"),
    ("paid", "buyers"),
)
#: Who is shown a product in a minute may have entered long before: there the rate is of those online.
_ONLINE = "online"
_LATELY, _HOUR = 5, 60
#: An hour in which so few minutes had anyone tells nothing yet.
_ENOUGH = 10


def build(material: Material, total: dict[str, Value], now_ms: int) -> list[dict[str, Any]]:
    """Each stage's people, its rate of the stage before, and that rate lately (`rate_5m`) and in the hour before (`rate_hour`)."""
    current = windows.bucket_of(now_ms)
    running = windows.minute_of(current)
    begin = running - _LATELY
    lately = _sums(material, range(begin, running), current, 1)
    hour = _sums(material, range(begin - _HOUR, begin), current, _ENOUGH)
    rows: list[dict[str, Any]] = []
    for stage, metric in _STAGES:
        rate = share(total[metric], rows[-1]["users"]) if rows else None
        rows.append({"stage": stage, "users": total[metric], "rate": rate, "rate_5m": lately(stage), "rate_hour": hour(stage)})
    return rows


def _sums(material: Material, minutes: Iterable[int], current: int, enough: int) -> Callable[[str], Value]:
    """Stage → its rate in these minutes; None where fewer than `enough` of them had anyone."""
    known = [minute for minute in minutes if minute in material.minutes]
    people = {metric: sum(material.minutes[minute].get(metric, 0) for minute in known) for _, metric in _STAGES}
    whole: dict[str, float] = {**people, _ONLINE: sum(online.mean(material, minute, current) for minute in known)}
    above = {stage: metric for (_, metric), (stage, _) in pairwise(_STAGES)} | {"product_exposed": _ONLINE}
    part = dict(_STAGES)
    return lambda stage: share(whole[part[stage]], whole[above[stage]]) if stage in above and len(known) >= enough else None
