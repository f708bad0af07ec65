"""What an explanation did: the minutes it took against as many minutes before. And what came after a note, against before.

    … │ before: n minutes │ during: the n minutes that the explanation touches │ …
    … │ before: 5 minutes │ the note's own minute │ after: 5 minutes │ …

Whole minutes are compared, since that is what a broadcast keeps for good. Under `ENOUGH_CLICKS` clicks in both parts the difference says
nothing, nor where the broadcast had not begun or was over in some of those minutes; then `enough` is false.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from streams import windows
from streams.metrics import Value, share

ENOUGH_CLICKS = 20
AROUND_MINUTES = 5
Minutes = Mapping[int, Mapping[str, Value]]

_OF_PRODUCT = ("product_clicks", "orders_paid", "gmv")
_OF_ROOM = ("entries",)


def explanations(scenes: Sequence[Mapping[str, Any]], product: str) -> list[tuple[int, int | None]]:
    """(start, end) of each explanation of the product, oldest first; end None while it goes on. A start ends the one before."""
    found: list[tuple[int, int | None]] = []
    for scene in sorted(scenes, key=lambda scene: scene["at"]):
        if scene.get("product") != product or scene["kind"] not in {"explain_started", "explain_ended"}:
            continue
        if found and found[-1][1] is None:
            found[-1] = (found[-1][0], scene["at"])
        if scene["kind"] == "explain_started":
            found.append((scene["at"], None))
    return found


def touched(start: int, end: int) -> range:
    """The minutes that [start, end) touches, and as many before."""
    first, last = start // windows.MINUTE_MS, max(start, end - 1) // windows.MINUTE_MS
    return range(first - (last - first + 1), last + 1)


def around(at: int) -> range:
    """The minutes that `after` compares, the one in which `at` lies included."""
    minute = at // windows.MINUTE_MS
    return range(minute - AROUND_MINUTES, minute + AROUND_MINUTES + 1)


def within(span: range, minutes: Collection[int]) -> list[int]:
    """The minutes of the span that there are. It costs no more than a broadcast has: an explanation that nobody ended may span years."""
    return [minute for minute in span if minute in minutes] if len(span) <= len(minutes) else [each for each in minutes if each in span]


def effect(start: int, end: int, room: Minutes, product: Minutes, air: range) -> dict[str, Any]:
    """The figures during [start, end) and before it; `room` and `product`: minute → metrics; `air`: the broadcast, in ms.

    on_air: the broadcast had begun in all minutes before.
    """
    span = touched(start, end)
    length = len(span) // 2
    before, during = _figures(span[:length], room, product), _figures(span[length:], room, product)
    on_air = air.start <= span.start * windows.MINUTE_MS
    return {
        "duration_ms": end - start,
        "minutes": length,
        "during": during,
        "before": before,
        "on_air": on_air,
        "enough": on_air and max(during["product_clicks"], before["product_clicks"]) >= ENOUGH_CLICKS,
    }


def after(at: int, now_ms: int, room: Minutes, product: Minutes, air: range) -> dict[str, Any]:
    """The figures of the 5 whole minutes before and after a moment; `product`: the minutes that clicks, orders and GMV are taken of.

    complete: all 5 minutes after it are over. on_air: the broadcast, `air` in ms, had begun before all of these minutes, and ended after.
    enough: both, and clicks enough to say something.
    """
    span = around(at)
    before, later = _figures(span[:AROUND_MINUTES], room, product), _figures(span[AROUND_MINUTES + 1 :], room, product)
    complete = now_ms >= span.stop * windows.MINUTE_MS
    on_air = air.start <= span.start * windows.MINUTE_MS and span.stop * windows.MINUTE_MS <= air.stop
    clicks = max(before["product_clicks"], later["product_clicks"])
    return {
        "before": before | {"conversion": share(before["orders_paid"], before["entries"])},
        "after": later | {"conversion": share(later["orders_paid"], later["entries"])},
        "complete": complete,
        "on_air": on_air,
        "enough": complete and on_air and clicks >= ENOUGH_CLICKS,
    }


def _figures(span: range, room: Minutes, product: Minutes) -> dict[str, Any]:
    of_product, of_room = ([minutes[minute] for minute in within(span, minutes.keys())] for minutes in (product, room))
    figures: dict[str, Any] = {metric: sum(row.get(metric) or 0 for row in of_product) for metric in _OF_PRODUCT}
    figures |= {metric: sum(row.get(metric) or 0 for row in of_room) for metric in _OF_ROOM}
    return figures | {"online": round(sum(row.get("online") or 0 for row in of_room) / len(span), 1)}
