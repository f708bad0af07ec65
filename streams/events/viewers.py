"""live.views, live.clicks, live.comments: what viewers do."""

from typing import Annotated, ClassVar

from msgspec import Meta

from streams import topics
from streams.events.base import NOBODY, UNKNOWN_SOURCE, Event, Name, Person, Seconds, Text

# --- live.views


class ViewEvent(Event, frozen=True, gc=False):
    """Something a viewer did in the room."""

    topic: ClassVar[str] = topics.VIEWS
    user: Name


class Arrival(ViewEvent, frozen=True, gc=False):
    """The two kinds that say where a person came from, and who it is."""

    source: Name = UNKNOWN_SOURCE
    person: Person = NOBODY


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


# --- live.comments


class Commented(Event, frozen=True, gc=False, tag="commented"):
    """A viewer's comment."""

    topic: ClassVar[str] = topics.COMMENTS
    user: Name
    text: Text
    nickname: Annotated[str, Meta(max_length=256)] | None = None
    person: Person = NOBODY
