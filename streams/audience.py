"""Profiles: the six dimensions, and how a person becomes their values (contract, section 3, Audience)."""

from functools import lru_cache

from streams import keys
from streams.events import Person

DIMENSIONS = ("gender", "age", "province", "crowd", "fan", "customer")
Values = tuple[str, ...]


@lru_cache(maxsize=65_536)
def values(person: Person) -> Values:
    """The person's value in each dimension, in the order of DIMENSIONS."""
    fan = "true" if person.fan else "false"
    return (person.gender, person.age, person.province, person.crowd, fan, person.customer)


def pack(profile: Values) -> str:
    """The values as one text, for a field of a hash."""
    return keys.SEP.join(value.replace(keys.SEP, "") for value in profile)


def unpack(text: str) -> Values:
    """The values from what `pack` made."""
    return tuple(text.split(keys.SEP))


def fields(profile: Values) -> list[str]:
    """The profile's values as field names: dimension + value."""
    return [f"{dimension}{keys.SEP}{value}" for dimension, value in zip(DIMENSIONS, profile, strict=True)]
