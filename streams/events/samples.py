"""live.samples: figures as a platform reports them, where it gives no raw events. They are checked and kept; nothing counts them yet."""

from typing import Annotated, ClassVar, Literal

from msgspec import Meta

from streams import topics
from streams.events.base import Event, Name

#: Counters of events and of money: their parts may be added.
Counter = Literal[
    "impressions", "entries", "leaves", "comments", "likes", "shares", "dislikes", "product_impressions", "product_clicks", "carts",
    "orders_created", "orders_paid", "orders_cancelled", "items_sold", "gmv", "refunds", "refunded_orders", "refund_amount", "cost",
]  # fmt: skip
#: Counts of different people, and what else has no parts that could be added.
People = Literal[
    "exposed_users", "viewers", "watching_users", "online", "online_peak", "online_average", "interacting_users", "new_fans", "club_joins",
    "product_exposed_users", "product_click_users", "buyers", "average_watch_seconds",
]  # fmt: skip
_Value = Annotated[int, Meta(ge=0, le=10**12)]
_By = Annotated[str, Meta(min_length=1, max_length=64)]


class SampleEvent(Event, frozen=True, gc=False):
    """A figure of a room, or of one of its products or sources. `by`: who says so; money in minor units."""

    topic: ClassVar[str] = topics.SAMPLES
    value: _Value
    by: _By
    product: Name | None = None
    source: Name | None = None


class Gauge(SampleEvent, frozen=True, gc=False, tag="gauge", kw_only=True):
    """What it was at `at`."""

    metric: Counter | People


class Total(SampleEvent, frozen=True, gc=False, tag="total", kw_only=True):
    """What it had come to by `at`, since the broadcast began."""

    metric: Counter | People


class Count(SampleEvent, frozen=True, gc=False, tag="count", kw_only=True):
    """How many there were in [`at`, `at` + `seconds`)."""

    metric: Counter
    seconds: Literal[60, 300, 3600]
