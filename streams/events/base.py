"""What all events have in common: the bounds of their fields, a person, and the fields of every event.

The bounds also keep every sum of a broadcast inside 64 bits: Redis would fail half-way in a script on an overflow.
"""

from typing import Annotated, ClassVar, Literal

from msgspec import Meta, Struct

Name = Annotated[str, Meta(min_length=1, max_length=256)]
Text = Annotated[str, Meta(max_length=2_000)]
Money = Annotated[int, Meta(ge=0, le=10**12)]
Quantity = Annotated[int, Meta(ge=1, le=10**6)]
Stock = Annotated[int, Meta(ge=0, le=10**9)]
Seconds = Annotated[float, Meta(ge=0, le=10**6)]
#: A time that is told beside the event's own, before the year 9999: in every reader's numbers and, in any time zone, on its calendar.
Moment = Annotated[int, Meta(ge=0, lt=253_370_764_800_000)]
Id = Annotated[str, Meta(min_length=1, max_length=64)]


class Person(Struct, frozen=True, gc=False):
    """Who a viewer or buyer is, as far as the platform tells."""

    gender: Literal["f", "m", "unknown"] = "unknown"
    age: Annotated[str, Meta(max_length=16)] = "unknown"  # usually <18, 18-23, 24-30, 31-40, 41-50, 50+; platforms have bands of their own
    province: Annotated[str, Meta(max_length=64)] = "unknown"
    crowd: Annotated[str, Meta(max_length=64)] = "unknown"
    fan: bool = False
    customer: Literal["new", "old", "unknown"] = "unknown"


NOBODY = Person()
#: The source of whatever names none.
UNKNOWN_SOURCE = "unknown"


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
