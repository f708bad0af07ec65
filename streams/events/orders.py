"""live.orders: the steps in an order's life."""

from typing import ClassVar

from streams import topics
from streams.events.base import NOBODY, Event, Money, Name, Person, Quantity


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


class Refunded(OrderEvent, frozen=True, gc=False, tag="refunded"):
    """`refund`: which refund of the order this is; without it every event is one of its own."""

    refund: Name | None = None
