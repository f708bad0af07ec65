"""live.scenes: what happens in the room, by the shop and its people."""

from typing import Annotated, Any, ClassVar

from msgspec import Meta

from streams import topics
from streams.events.base import Event, Moment, Money, Name, Stock, Text


class SceneEvent(Event, frozen=True, gc=False):
    """Something that happens in the room, by the shop or its people."""

    topic: ClassVar[str] = topics.SCENES


class Opened(SceneEvent, frozen=True, gc=False, tag="opened"):
    """The room's facts; a repeat updates them and resets nothing."""

    title: Text
    host: Name | None = None
    goal_gmv: Money | None = None
    currency: Annotated[str, Meta(pattern="^[A-Z]{3}$")] | None = None
    starts: Moment | None = None
    platform: Name | None = None


class Closed(SceneEvent, frozen=True, gc=False, tag="closed"): ...  # noqa: D101


class Listed(SceneEvent, frozen=True, gc=False, tag="listed"):
    """A product comes on the shelf, with its stock. `number`: the link's as viewers see it."""

    product: Name
    title: Text
    price: Money
    stock: Stock
    image: Text | None = None
    campaign_stock: Stock = 0
    skus: list[Any] | None = None
    number: Annotated[int, Meta(ge=1, le=10**6)] | None = None


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
    author: Name | None = None


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
    """Advertising cost of a source, of one of its plans where it is told."""

    source: Name
    amount: Money
    plan: Name | None = None
