"""No record, however broken, makes decode raise; what is refused says why, and what passes can be folded and stored.

`make fuzz` decodes 1,000,000 mutated records (FUZZ_RECORDS), other ones each time (FUZZ_SEED, to repeat a run).
"""

import json
import os
from collections import Counter
from random import Random

import msgspec
import orjson
import pytest
from aiokafka.structs import ConsumerRecord
from hypothesis import given
from hypothesis import strategies as st

from agents.chunk import Chunk, decode_all
from streams import fold, keys, topics
from streams.change import Position
from streams.events import FUTURE_MS, REASONS, Event, Rejected, decode
from streams.store.checks import check
from streams.store.port import State
from streams.topics import Partition
from tests.rooms.build import NOW
from tests.rooms.mutate import LEAVES, mutated, record_of

RECORDS = int(os.environ.get("FUZZ_RECORDS", "120000"))
SEED = int(os.environ.get("FUZZ_SEED", "0"))
BATCHES = 4


def decoded(topic: str, raw: bytes) -> Event | Rejected:
    found = decode(topic, raw, NOW + FUTURE_MS)
    if isinstance(found, Rejected):
        assert found.reason in REASONS
        assert found.detail.isprintable()
        assert len(found.detail) <= 200
    else:
        assert isinstance(found, Event)
        assert found.topic == topic
    return found


def foldable(event: Event) -> None:
    """An event that passed can be folded, and its change stored and shown: it holds no number that a store or a reader cannot."""
    change = fold.fold(event.topic, event.room, [(0, event)], State(), Position("log", Partition(event.topic, 0), 0, 0), NOW)
    check([change])
    rows = [text for key in (keys.SCENES, keys.SHELF) for text in change.put.get(key, {}).values()]
    for text in rows + [text for items, _ in change.push.values() for text in items]:
        orjson.dumps(msgspec.json.decode(text))  # as a view reads it and a screen sends it


@pytest.mark.parametrize("batch", range(BATCHES))
def test_mutated_records_never_raise(batch: int) -> None:
    rng = Random(SEED * BATCHES + batch)
    seen: Counter[str] = Counter()
    for topic, raw in mutated(rng, RECORDS // BATCHES):
        found = decoded(topic, raw)
        seen[found.reason if isinstance(found, Rejected) else "passed"] += 1
        if isinstance(found, Event) and seen["passed"] % 10 == 0:
            foldable(found)
    assert {"passed", "not-json", "missing-field", "wrong-type", "wrong-value", "unknown-kind", "future", "too-old"} <= set(seen)


@pytest.mark.parametrize("topic", topics.INPUTS)
def test_a_chunk_is_decoded_as_its_records_are_one_by_one(topic: str) -> None:
    rng = Random(SEED)
    raws = [raw for of, raw in mutated(rng, 15_000) if of == topic]
    times = [None, -1, NOW - 3_600_000, NOW, NOW + 3_600_000]
    records = [ConsumerRecord(topic, 0, n, rng.choice(times), 0, None, raw, None, 0, len(raw), ()) for n, raw in enumerate(raws)]
    rooms, bad, _ = decode_all(Chunk("log", Partition(topic, 0), records), NOW)
    found = {offset: event for events in rooms.values() for offset, event in events} | {each.record.offset: each.why for each in bad}
    assert len(bad) < len(records) == len(found)
    for record in records:
        written = record.timestamp
        limit = NOW if written is None or not 0 <= written <= NOW else written
        assert found[record.offset] == decode(topic, record.value, limit + FUTURE_MS)
    assert all(event.room == room for room, events in rooms.items() for _, event in events)
    assert all(offsets == sorted(offsets) for offsets in ([offset for offset, _ in events] for events in rooms.values()))


@given(st.sampled_from(topics.INPUTS), st.binary(max_size=300))
def test_random_bytes_never_raise(topic: str, raw: bytes) -> None:
    decoded(topic, raw)


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"]), max_size=5), inner, max_size=4)
    ),
    max_leaves=8,
)


@st.composite
def plausible(draw: st.DrawFn) -> tuple[str, bytes]:
    """A good record some of whose fields have another value, of the right type more often than not."""
    topic, raw = record_of(draw(st.sampled_from(LEAVES)))
    fields = json.loads(raw)
    for name in draw(st.lists(st.sampled_from(sorted(fields)), max_size=3)):
        kind = type(fields[name])
        same = {str: st.text(st.characters(exclude_categories=["Cs"]), max_size=70), int: st.integers(-(2**62), 2**62)}.get(
            kind, json_values
        )
        fields[name] = draw(st.one_of(same, same, json_values))
    if draw(st.booleans()):
        fields["starts"] = draw(st.integers())
    return topic, json.dumps(fields, ensure_ascii=False).encode()  # orjson has no numbers above 64 bits


@given(plausible())
def test_what_passes_can_be_folded(sent: tuple[str, bytes]) -> None:
    found = decoded(*sent)
    if isinstance(found, Event):
        foldable(found)
