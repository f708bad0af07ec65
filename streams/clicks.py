"""live.clicks: what a chunk does to the figures of a room and its products."""

from collections.abc import Sequence

from streams import windows
from streams.change import Change
from streams.events import ClickEvent, Event
from streams.metrics import COUNTED, PEOPLE
from streams.tally import Tally


def fold(change: Change, events: Sequence[Event], now_ms: int) -> None:
    """Adds the events of one room to its change."""
    tally = Tally(change, now_ms)
    cells: dict[tuple[type[Event], int, str], list[str]] = {}
    for event in events:
        assert isinstance(event, ClickEvent)  # noqa: S101 - by the topic's decoder
        cell = (type(event), event.at // windows.BUCKET_MS, event.product)
        if cell in cells:
            cells[cell].append(event.user)
        else:
            cells[cell] = [event.user]
    for (sort, bucket, product), users in cells.items():
        kind = (sort.topic, str(sort.__struct_config__.tag))
        tally.room(bucket, COUNTED[kind], len(users))
        tally.product(bucket, product, COUNTED[kind], len(users))
        if kind in PEOPLE:
            tally.room_people(bucket, PEOPLE[kind], users)
            tally.product_people(bucket, product, PEOPLE[kind], users)
