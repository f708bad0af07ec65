"""live.views: what a chunk does to a room's figures, sources, audience and presence."""

from collections.abc import Iterable, Sequence

from streams import audience, feed, keys, windows
from streams.change import Change
from streams.events import Arrival, Entered, Event, ViewEvent, Watched
from streams.metrics import COUNTED, PEOPLE, WATCHED_MS
from streams.places import Places
from streams.presence import Presence
from streams.tally import Tally


def fold(change: Change, events: Sequence[Event], places: Places, now_ms: int) -> None:
    """Adds the events of one room to its change. `places`: where its users are."""
    tally, presence = Tally(change, now_ms), Presence(places)
    cells: dict[tuple[type[Event], int], list[ViewEvent]] = {}
    for event in events:
        assert isinstance(event, ViewEvent)  # noqa: S101 - by the topic's decoder
        sort, bucket = type(event), event.at // windows.BUCKET_MS
        cell = (sort, bucket)
        if cell in cells:
            cells[cell].append(event)
        else:
            cells[cell] = [event]
    for (_, bucket), same in cells.items():
        _count(tally, bucket, same)
    if not feed.SHOWN.isdisjoint(sort for sort, _ in cells):
        feed.write(change, keys.FEED_OF_VIEWS, [event for event in events if type(event) in feed.SHOWN])
    presence.take(event for event in events if isinstance(event, ViewEvent))
    presence.write(change, tally.oldest)


def _count(tally: Tally, bucket: int, same: list[ViewEvent]) -> None:
    """Counts events of one kind in one bucket."""
    first = same[0]
    kind = (first.topic, first.kind)
    tally.room(bucket, COUNTED[kind], len(same))
    if kind in PEOPLE:
        tally.room_people(bucket, PEOPLE[kind], {event.user for event in same})
    if isinstance(first, Watched):
        tally.room(bucket, WATCHED_MS, sum(round(event.seconds * 1000) for event in same if isinstance(event, Watched)))
    if isinstance(first, Arrival):
        for source, number in _numbers(event.source for event in same if isinstance(event, Arrival)).items():
            tally.source(bucket, source, COUNTED[kind], number)
    if isinstance(first, Entered):
        _meet(tally.change, [event for event in same if isinstance(event, Entered)])


def _meet(change: Change, entered: list[Entered]) -> None:
    """Counts the viewers in each value of their profile."""
    by_value: dict[tuple[str, str], list[str]] = {}
    for event in entered:
        for pair in zip(audience.DIMENSIONS, audience.values(event.person), strict=True):
            by_value.setdefault(pair, []).append(event.user)
    for (dimension, value), users in by_value.items():
        change.count(keys.AUDIENCE, keys.SEP.join(("viewers", dimension, value)), len(users))
        change.meet((keys.viewers(dimension, value),), users)


def _numbers(names: Iterable[str]) -> dict[str, int]:
    numbers: dict[str, int] = {}
    for name in names:
        numbers[name] = numbers.get(name, 0) + 1
    return numbers
