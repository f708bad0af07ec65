"""Profiles: the six dimensions, and how a person becomes their values (contract, section 3, Audience)."""

from functools import lru_cache

from streams import keys, province_names
from streams.events import Person

DIMENSIONS = ("gender", "age", "province", "crowd", "fan", "customer")
Values = tuple[str, ...]


@lru_cache(maxsize=65_536)  # asked for every arrival, and there are far fewer profiles than people
def values(person: Person) -> Values:
    """The person's value in each dimension, in the order of DIMENSIONS; without SEP, wherever it may be shown or stored.

    Of the province the short name: the person keeps what the platform wrote.
    """
    fan = "true" if person.fan else "false"
    said = (person.gender, person.age, province_names.short(person.province), person.crowd, fan, person.customer)
    return tuple(value.replace(keys.SEP, "") for value in said)


@lru_cache(maxsize=65_536)
def pack(person: Person) -> str:
    """The values as one text, for a field of a hash."""
    return keys.SEP.join(values(person))


def unpack(text: str) -> Values:
    """The values from what `pack` made."""
    return tuple(text.split(keys.SEP))


@lru_cache(maxsize=65_536)
def fields(packed: str) -> Values:
    """The values of what `pack` made as field names: dimension + value."""
    return tuple(f"{dimension}{keys.SEP}{value}" for dimension, value in zip(DIMENSIONS, unpack(packed), strict=True))


@lru_cache(maxsize=65_536)
def counted(field: str) -> tuple[str, tuple[str]]:
    """Where the viewers with a value are counted, by its field: the field of `keys.AUDIENCE`, and the HyperLogLog."""
    dimension, value = field.split(keys.SEP, 1)
    return f"viewers{keys.SEP}{field}", (keys.viewers(dimension, value),)
