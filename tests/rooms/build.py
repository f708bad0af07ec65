"""Events with as little said as a test cares about."""

from itertools import count
from typing import Any, TypeVar

import msgspec

from streams import events as ev

#: A full minute, so that buckets and minutes are easy to reckon with: 5-s steps begin at NOW, NOW + 5 s …
NOW = 1_700_000_100_000
SECOND = 1_000
MINUTE = 60_000
ROOM = "room"

_GIVEN: dict[str, Any] = {
    "user": "u",
    "source": "recommend",
    "person": ev.NOBODY,
    "seconds": 60,
    "product": "p",
    "order": "o",
    "quantity": 1,
    "amount": 100,
    "text": "好看",
    "title": "T",
    "price": 990,
    "stock": 10,
    "host": "h",
    "bag": "b",
    "note": "n",
    "author": "a",
    "violation": "v",
    "reason": "r",
    "prompt": "m",
    "value": 5,
    "by": "somebody",
    "metric": "gmv",
}
_ids = count()

E = TypeVar("E", bound=ev.Event)


def event(sort: type[E], at: int = NOW, **fields: Any) -> E:
    """An event of the sort; what is not said is something plain, and every event has an id of its own."""
    required = [field.name for field in msgspec.structs.fields(sort) if field.required]
    plain = {name: _GIVEN[name] for name in required if name in _GIVEN}
    return sort(**{"id": f"e{next(_ids)}", "room": ROOM, "at": at, **plain, **fields})


def record(sort: type[ev.Event], **fields: Any) -> bytes:
    """A record as it stands in the log; a field given as None is left out."""
    said = msgspec.to_builtins(event(sort)) | fields
    return msgspec.json.encode({name: value for name, value in said.items() if value is not None})
