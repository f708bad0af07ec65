"""live.views: what a chunk does to a room's figures, sources, audience and presence."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from streams import audience, feed, keys, windows
from streams.change import Change
from streams.events import Arrival, Entered, Event, RoomExposed, Watched
from streams.metrics import COUNTED, PEOPLE, WATCHED_MS, WATCHING
from streams.places import Places
from streams.presence import Presence
from streams.tally import Tally

#: bucket → kind → its events; events of one type, so what the type has need not be asked of each.
_Cells = dict[int, dict[type[Event], list[Any]]]


def fold(change: Change, events: Sequence[Event], places: Places, now_ms: int) -> None:
    """Adds the events of one room to its change. `places`: where its users are."""
    tally, presence, sorts = Tally(change, now_ms), Presence(places, change.naming.profile), set[type[Event]]()
    for bucket, kinds in _cells(events).items():
        sorts.update(kinds)
        for sort, same in kinds.items():
            _count(tally, bucket, sort, same)
        if heard := {event.user for sort, same in kinds.items() if sort is not RoomExposed for event in same}:
            tally.room_people(bucket, WATCHING, heard)
    if not feed.SHOWN.isdisjoint(sorts):
        feed.write(change, keys.FEED_OF_VIEWS, [event for event in events if type(event) in feed.SHOWN])
    presence.take(events)
    presence.write(change, tally.oldest)


def _cells(events: Iterable[Event]) -> _Cells:
    cells: _Cells = {}
    last, kinds = -1, defaultdict[type[Event], list[Any]](list)
    for event in events:
        bucket = event.at // windows.BUCKET_MS
        if bucket != last:  # events come nearly in the order of their time
            kinds = cells[bucket] = cells.get(bucket) or defaultdict(list)  # type: ignore[assignment]
            last = bucket
        kinds[type(event)].append(event)
    return cells


def _count(tally: Tally, bucket: int, sort: type[Event], same: list[Any]) -> None:
    """Counts events of one kind in one bucket."""
    kind = (sort.topic, str(sort.__struct_config__.tag))
    tally.room(bucket, COUNTED[kind], len(same))
    if kind in PEOPLE:
        tally.room_people(bucket, PEOPLE[kind], [event.user for event in same])
    if issubclass(sort, Watched):
        tally.room(bucket, WATCHED_MS, sum([round(event.seconds * 1000) for event in same]))
    if issubclass(sort, Arrival):
        for source, number in Counter([event.source for event in same]).items():
            tally.source(bucket, source, COUNTED[kind], number)
    if sort is Entered:
        _meet(tally.change, same)


def _meet(change: Change, entered: list[Entered]) -> None:
    """Counts the viewers in each value of their profile."""
    by_profile: dict[str, list[str]] = {}
    for event in entered:
        profile = change.naming.profile(audience.pack(event.person))
        if profile in by_profile:
            by_profile[profile].append(event.user)
        else:
            by_profile[profile] = [event.user]
    by_value: dict[str, list[str]] = {}
    for profile, users in by_profile.items():
        for field in audience.fields(profile):
            if field in by_value:
                by_value[field] += users
            else:
                by_value[field] = users.copy()
    change.touched.add(keys.AUDIENCE)
    for field, users in by_value.items():
        name, key = audience.counted(field)
        change.count_quietly(keys.AUDIENCE, name, len(users))
        change.meet(key, users)
