"""Records broken in every way that a byte, a field or a value can be."""

from collections.abc import Iterator
from random import Random

import msgspec

from streams import events as ev
from streams.topics import INPUTS
from tests.rooms.build import record

SORTS = [sort for sort in vars(ev).values() if isinstance(sort, type) and issubclass(sort, ev.Event) and sort.__struct_config__.tag]
LEAVES = sorted(
    {sort for sort in SORTS if not sort.__subclasses__() and hasattr(sort, "topic")}, key=lambda sort: (sort.topic, sort.__name__)
)

_VALUES = [
    b"null", b"true", b"0", b"-1", b"1e999", b"-0.0", b"1.5", b"9" * 30, b"9" * 5_000, b'""', b'"\\ud800"', b'"\\u0000"',
    b'"' + b"x" * 3_000 + b'"',
    b"[]", b"{}", b"[" * 1_200, b'{"a":' * 1_200, b"NaN", b"'x'", b'"\xff"', '"\u202e😀"'.encode(), b'{"gender":"z"}', b"1700000000000",
]  # fmt: skip
_GLUE = [b"{", b"}", b"[", b"]", b",", b":", b'"', b"\\", b"\x00", b"\xff", b"\xc3", b"\n", b"e", b"-"]


def record_of(sort: type[ev.Event]) -> tuple[str, bytes]:
    """The topic and a good record."""
    return sort.topic, record(sort)


def mutated(rng: Random, records: int) -> Iterator[tuple[str, bytes]]:
    """So many topics and records; one in eight is whole, but perhaps on the wrong topic."""
    good = [record_of(sort) for sort in LEAVES]
    for number in range(records):
        topic, raw = good[number % len(good)]
        yield (rng.choice(INPUTS) if rng.random() < 0.1 else topic), (_mutate(rng, raw) if number % 8 else raw)


def _mutate(rng: Random, raw: bytes) -> bytes:
    way = rng.randrange(6)
    if way == 0:
        return raw[: rng.randrange(len(raw))]
    if way == 1:
        return _replace_value(rng, raw)
    if way == 2:
        return rng.randbytes(rng.randrange(64))
    changed = bytearray(raw)
    for _ in range(rng.randint(1, 4)):
        at = rng.randrange(len(changed) + 1)
        if way == 3:
            changed[at : at + 1] = rng.randbytes(1)
        elif way == 4:
            changed[at:at] = rng.choice(_GLUE)
        else:
            del changed[at : at + rng.randint(1, 8)]
    return bytes(changed)


def _replace_value(rng: Random, raw: bytes) -> bytes:
    fields = msgspec.json.decode(raw, type=dict[str, msgspec.Raw])
    fields[rng.choice(list(fields))] = msgspec.Raw(rng.choice(_VALUES))
    parts = [msgspec.json.encode(name) + b":" + bytes(value) for name, value in fields.items()]
    return b"{" + b",".join(parts) + b"}"
