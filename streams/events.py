"""The typed events of the five input topics, and `decode` (contract, section 2).

A field's bounds live here and nowhere else. They also keep every sum of a broadcast inside 64 bits: Redis would fail half-way in a
script on an overflow. Unknown fields are ignored; a field without a default is required.
"""

import re
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal

import msgspec
from msgspec import Meta, Struct

from streams import topics

EARLIEST_MS = 946_684_800_000  # 2000-01-01T00:00:00Z
FUTURE_MS = 60_000  # how far ahead of the clock an event may be

Name = Annotated[str, Meta(min_length=1, max_length=256)]
Text = Annotated[str, Meta(max_length=2_000)]
Money = Annotated[int, Meta(ge=0, le=10**12)]
Quantity = Annotated[int, Meta(ge=1, le=10**6)]
Stock = Annotated[int, Meta(ge=0, le=10**9)]
Seconds = Annotated[float, Meta(ge=0, le=10**6)]
Id = Annotated[str, Meta(min_length=1, max_length=64)]

_ROOM = re.compile(r"[A-Za-z0-9_.-]{1,64}")


class Person(Struct, frozen=True, gc=False):
    """Who a viewer or buyer is, as far as the platform tells."""

    gender: Literal["f", "m", "unknown"] = "unknown"
    age: Literal["<18", "18-23", "24-30", "31-40", "41-50", "50+", "unknown"] = "unknown"
    province: Annotated[str, Meta(max_length=64)] = "unknown"
    crowd: Annotated[str, Meta(max_length=64)] = "unknown"
    fan: bool = False
    customer: Literal["new", "old", "unknown"] = "unknown"


NOBODY = Person()


class Event(Struct, frozen=True, gc=False, tag_field="kind"):
    """What every event has. `at` is event time in Unix milliseconds."""

    id: Id
    room: str
    at: int

    topic: ClassVar[str]

    @property
    def kind(self) -> str:
        """The kind as it stands in the record."""
        return str(self.__struct_config__.tag)


# --- live.views


class ViewEvent(Event, frozen=True, gc=False):
    """Something a viewer did in the room."""

    topic: ClassVar[str] = topics.VIEWS
    user: Name


class Arrival(ViewEvent, frozen=True, gc=False):
    """The two kinds that say where a person came from, and who it is."""

    source: Name
    person: Person


class RoomExposed(Arrival, frozen=True, gc=False, tag="exposed"): ...  # noqa: D101


class Entered(Arrival, frozen=True, gc=False, tag="entered"): ...  # noqa: D101


class Watched(ViewEvent, frozen=True, gc=False):
    """The two kinds that say how long the user watched since their last `stayed` or `entered`."""

    seconds: Seconds


class Stayed(Watched, frozen=True, gc=False, tag="stayed"): ...  # noqa: D101


class Left(Watched, frozen=True, gc=False, tag="left"): ...  # noqa: D101


class Liked(ViewEvent, frozen=True, gc=False, tag="liked"): ...  # noqa: D101


class Shared(ViewEvent, frozen=True, gc=False, tag="shared"): ...  # noqa: D101


class Followed(ViewEvent, frozen=True, gc=False, tag="followed"): ...  # noqa: D101


class JoinedClub(ViewEvent, frozen=True, gc=False, tag="joined_club"): ...  # noqa: D101


class Disliked(ViewEvent, frozen=True, gc=False, tag="disliked"): ...  # noqa: D101


# --- live.clicks


class ClickEvent(Event, frozen=True, gc=False):
    """Something a viewer did with a product."""

    topic: ClassVar[str] = topics.CLICKS
    user: Name
    product: Name
    sku: Name | None = None
    source: Name | None = None


class ProductExposed(ClickEvent, frozen=True, gc=False, tag="exposed"): ...  # noqa: D101


class Clicked(ClickEvent, frozen=True, gc=False, tag="clicked"): ...  # noqa: D101


class Carted(ClickEvent, frozen=True, gc=False, tag="carted"): ...  # noqa: D101


# --- live.orders


class OrderEvent(Event, frozen=True, gc=False):
    """A step in an order's life. `amount` is of the whole order line, in minor units; for `refunded` what was given back."""

    topic: ClassVar[str] = topics.ORDERS
    user: Name
    order: Name
    product: Name
    quantity: Quantity
    amount: Money
    sku: Name | None = None
    source: Name | None = None
    person: Person = NOBODY


class Created(OrderEvent, frozen=True, gc=False, tag="created"): ...  # noqa: D101


class Paid(OrderEvent, frozen=True, gc=False, tag="paid"): ...  # noqa: D101


class Cancelled(OrderEvent, frozen=True, gc=False, tag="cancelled"): ...  # noqa: D101


class Refunded(OrderEvent, frozen=True, gc=False, tag="refunded"): ...  # noqa: D101


# --- live.comments


class Commented(Event, frozen=True, gc=False, tag="commented"):
    """A viewer's comment."""

    topic: ClassVar[str] = topics.COMMENTS
    user: Name
    text: Text
    nickname: Annotated[str, Meta(max_length=256)] | None = None
    person: Person = NOBODY


# --- live.scenes


class SceneEvent(Event, frozen=True, gc=False):
    """Something that happens in the room, by the shop or its people."""

    topic: ClassVar[str] = topics.SCENES


class Opened(SceneEvent, frozen=True, gc=False, tag="opened"):
    """The room's facts; a repeat updates them and resets nothing."""

    title: Text
    host: Name | None = None
    goal_gmv: Money | None = None
    currency: Annotated[str, Meta(pattern="^[A-Z]{3}$")] | None = None
    starts: int | None = None


class Closed(SceneEvent, frozen=True, gc=False, tag="closed"): ...  # noqa: D101


class Listed(SceneEvent, frozen=True, gc=False, tag="listed"):
    """A product comes on the shelf, with its stock."""

    product: Name
    title: Text
    price: Money
    stock: Stock
    image: Text | None = None
    campaign_stock: Stock = 0
    skus: list[Any] | None = None


class Delisted(SceneEvent, frozen=True, gc=False, tag="delisted"):
    """A product leaves the shelf."""

    product: Name


class Stocked(SceneEvent, frozen=True, gc=False, tag="stocked"):
    """The stock of a product, counted anew. Without `campaign_stock` the campaign's share stays as it was."""

    product: Name
    stock: Stock
    campaign_stock: Stock | None = None


class Explanation(SceneEvent, frozen=True, gc=False):
    """The host begins or ends to explain a product."""

    product: Name


class ExplainStarted(Explanation, frozen=True, gc=False, tag="explain_started"): ...  # noqa: D101


class ExplainEnded(Explanation, frozen=True, gc=False, tag="explain_ended"): ...  # noqa: D101


class Shift(SceneEvent, frozen=True, gc=False):
    """A host goes on or off."""

    host: Name


class HostOn(Shift, frozen=True, gc=False, tag="host_on"): ...  # noqa: D101


class HostOff(Shift, frozen=True, gc=False, tag="host_off"): ...  # noqa: D101


class Bag(SceneEvent, frozen=True, gc=False):
    """A lucky bag starts or is drawn."""

    bag: Name
    prize: Text | None = None


class BagStarted(Bag, frozen=True, gc=False, tag="bag_started"): ...  # noqa: D101


class BagDrawn(Bag, frozen=True, gc=False, tag="bag_drawn"): ...  # noqa: D101


class Noted(SceneEvent, frozen=True, gc=False, tag="noted"):
    """A scene note."""

    note: Name
    author: Name
    text: Text
    product: Name | None = None
    tags: list[Name] | None = None


class NoteEdited(SceneEvent, frozen=True, gc=False, tag="note_edited"):
    """What is given replaces what the note had."""

    note: Name
    author: Name | None = None
    text: Text | None = None
    product: Name | None = None
    tags: list[Name] | None = None


class NoteDeleted(SceneEvent, frozen=True, gc=False, tag="note_deleted"):
    """A scene note is taken back."""

    note: Name


class Violated(SceneEvent, frozen=True, gc=False, tag="violated"):
    """A violation notice from the platform."""

    violation: Name
    reason: Text
    advice: Text | None = None
    clip: Text | None = None


class Prompted(SceneEvent, frozen=True, gc=False, tag="prompted"):
    """A message to the host's screen."""

    prompt: Name
    author: Name
    text: Text


class Spent(SceneEvent, frozen=True, gc=False, tag="spent"):
    """Advertising cost of a source."""

    source: Name
    amount: Money


_TYPES: dict[str, Any] = {
    topics.VIEWS: RoomExposed | Entered | Stayed | Left | Liked | Shared | Followed | JoinedClub | Disliked,
    topics.CLICKS: ProductExposed | Clicked | Carted,
    topics.ORDERS: Created | Paid | Cancelled | Refunded,
    topics.COMMENTS: Commented,
    topics.SCENES: Opened | Closed | Listed | Delisted | Stocked | ExplainStarted | ExplainEnded | HostOn | HostOff
    | BagStarted | BagDrawn | Noted | NoteEdited | NoteDeleted | Violated | Prompted | Spent,
}  # fmt: skip
_DECODERS = {topic: msgspec.json.Decoder(types) for topic, types in _TYPES.items()}


@dataclass(frozen=True, slots=True)
class Rejected:
    """Bad input. `detail` says what is wrong, in one line; `reason` is one of a few fixed words:

    too-large, not-json (or not UTF-8), missing-field, wrong-type, wrong-value, unknown-kind, future, too-old.
    """

    reason: str
    detail: str


def decode(topic: str, raw: bytes, limit_ms: int) -> Event | Rejected:
    """One record of an input topic as an event. `limit_ms`: the highest `at` that is not yet the future."""
    if len(raw) > topics.MAX_RECORD_BYTES:
        return Rejected("too-large", f"{len(raw)} bytes, at most {topics.MAX_RECORD_BYTES}")
    try:
        event: Event = _DECODERS[topic].decode(raw)
    except msgspec.ValidationError as error:
        return Rejected(_fault(str(error)), _one_line(error))
    except msgspec.DecodeError as error:
        return Rejected("not-json", _one_line(error))
    except (UnicodeDecodeError, RecursionError) as error:
        return Rejected("not-json", type(error).__name__)
    return _misplaced(event, limit_ms) or event


def _misplaced(event: Event, limit_ms: int) -> Rejected | None:
    """What is wrong with the event's time or room, if anything."""
    if event.at > limit_ms:
        return Rejected("future", f"at={event.at} is more than {FUTURE_MS // 1000} s ahead of the clock")
    if event.at < EARLIEST_MS:
        return Rejected("too-old", f"at={event.at} is before 2000-01-01")
    if not _ROOM.fullmatch(event.room):
        return Rejected("wrong-value", "room must be 1 to 64 of A-Z a-z 0-9 _ . -")
    return None


def _fault(message: str) -> str:
    """The reason that fits what msgspec says."""
    if "missing required field" in message:
        return "unknown-kind" if "`kind`" in message else "missing-field"
    if message.startswith("Expected `"):
        return "wrong-type" if "got" in message else "wrong-value"
    return "unknown-kind" if message.endswith("`$.kind`") else "wrong-value"


def _one_line(error: Exception) -> str:
    """The error's text without line breaks or control characters (it may quote the record), at most 200 characters."""
    return "".join(c if c.isprintable() else "?" for c in str(error))[:200]
