"""What a backtest needs of a room's past beside its material (`streams.alerts.backtest`)."""

from collections.abc import Mapping

from streams import keys
from streams.alerts import backtest
from streams.material import Material
from streams.metrics import ROOM_PEOPLE
from streams.rolling import Counters
from streams.store.port import Store

_AT_ONCE = 2_000


async def read_people(store: Store, material: Material) -> Mapping[int, Mapping[str, Counters]]:
    """The different people in both windows at the end of each minute."""
    asked = [
        (minute, window, metric, [keys.people(keys.minute(each), metric) for each in minutes])
        for minute in backtest.span(material)
        for window, minutes in backtest.windows_of(minute).items()
        for metric in ROOM_PEOPLE
    ]
    found: dict[int, dict[str, Counters]] = {}
    for first in range(0, len(asked), _AT_ONCE):
        part = asked[first : first + _AT_ONCE]
        numbers = await store.counts(material.room, [union for *_, union in part])
        for (minute, window, metric, _), number in zip(part, numbers, strict=True):
            found.setdefault(minute, {}).setdefault(window, {})[metric] = number
    return found
