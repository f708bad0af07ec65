"""From a record's bytes to an event, or to the reason why not."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

from streams import topics
from streams.events import orders, samples, scenes, surrogates, viewers
from streams.events.base import Event
from streams.room_names import LONGEST, RULE, is_room

EARLIEST_MS = 946_684_800_000  # 2000-01-01T00:00:00Z
FUTURE_MS = 60_000  # how far ahead of the clock an event may be

#: Asked for every event, and rooms are few. What is too long is not asked about: all that is, is kept.
_is_room = lru_cache(maxsize=16_384)(is_room)


class _Nothing(Struct, tag_field="kind", tag=""):
    """A kind that no record can be. It stands beside a topic's only kind, whose `kind` msgspec would not ask for otherwise."""

    never: Annotated[int, Meta(ge=1, le=0)] = msgspec.field(name="known kind")


_TYPES: dict[str, Any] = {
    topics.VIEWS: viewers.RoomExposed | viewers.Entered | viewers.Stayed | viewers.Left | viewers.Liked | viewers.Shared
    | viewers.Followed | viewers.JoinedClub | viewers.Disliked,
    topics.CLICKS: viewers.ProductExposed | viewers.Clicked | viewers.Carted,
    topics.ORDERS: orders.Created | orders.Paid | orders.Cancelled | orders.Refunded,
    topics.COMMENTS: viewers.Commented | _Nothing,
    topics.SCENES: scenes.Opened | scenes.Closed | scenes.Listed | scenes.Delisted | scenes.Stocked
    | scenes.ExplainStarted | scenes.ExplainEnded | scenes.HostOn | scenes.HostOff | scenes.BagStarted | scenes.BagDrawn
    | scenes.Noted | scenes.NoteEdited | scenes.NoteDeleted | scenes.Violated | scenes.Prompted | scenes.Spent,
    topics.SAMPLES: samples.Gauge | samples.Total | samples.Count,
}  # fmt: skip
_DECODERS = {topic: msgspec.json.Decoder(types) for topic, types in _TYPES.items()}

#: What a parser raises on bad input.
UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)


def parser(topic: str) -> Callable[[bytes], Event]:
    """The parser behind `decode`, for those who have thousands of records and judge size, time and room themselves."""
    parse: Callable[[bytes], Event] = _DECODERS[topic].decode
    return parse


#: Why a record is rejected; not-json is also what is not UTF-8, undecodable a whole batch of the log that can't be unpacked.
REASONS = ("undecodable", "too-large", "not-json", "missing-field", "wrong-type", "wrong-value", "unknown-kind", "future", "too-old")


@dataclass(frozen=True, slots=True)
class Rejected:
    """Bad input. `detail` says what is wrong, in one line; `reason` is one of `REASONS`."""

    reason: str
    detail: str


def decode(topic: str, raw: bytes, limit_ms: int) -> Event | Rejected:
    """One record of an input topic as an event. `limit_ms`: the highest `at` that is not yet the future."""
    if len(raw) > topics.MAX_RECORD_BYTES:
        return Rejected("too-large", f"{len(raw)} bytes, at most {topics.MAX_RECORD_BYTES}")
    try:
        event = surrogates.parse(parser(topic), raw)
    except msgspec.ValidationError as error:
        return Rejected(_fault(str(error)), _one_line(error))
    except msgspec.DecodeError as error:
        return Rejected("not-json", _one_line(error))
    except (UnicodeDecodeError, RecursionError) as error:
        return Rejected("not-json", type(error).__name__)
    if EARLIEST_MS <= event.at <= limit_ms and len(event.room) <= LONGEST and _is_room(event.room):
        return event
    return _misplaced(event, limit_ms)


def _misplaced(event: Event, limit_ms: int) -> Rejected:
    """What is wrong with the event's time or room."""
    if event.at > limit_ms:
        return Rejected("future", f"at={event.at} is more than {FUTURE_MS // 1000} s ahead of the clock")
    if event.at < EARLIEST_MS:
        return Rejected("too-old", f"at={event.at} is before 2000-01-01")
    return Rejected("wrong-value", f"room must be {RULE}")


def _fault(message: str) -> str:
    """The reason that fits what msgspec says. Only the head and the tail of a message are its own: between them it may quote the record."""
    if message.startswith("Object missing required field"):
        return "unknown-kind" if message.endswith("kind`") else "missing-field"
    if message == "Expected `str` - at `$.kind`":
        return "wrong-type"
    if message.startswith("Expected `"):
        return "wrong-type" if "`, got `" in message else "wrong-value"
    return "unknown-kind" if message.endswith("`$.kind`") else "wrong-value"


def _one_line(error: Exception) -> str:
    """The error's text without line breaks or control characters (it may quote the record), at most 200 characters."""
    return "".join(c if c.isprintable() else "?" for c in str(error))[:200]
