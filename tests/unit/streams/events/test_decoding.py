"""What is an event, and why the rest is not (contract, section 2)."""

import json

import pytest

from streams import events as ev
from streams import topics
from streams.events import decoding
from streams.events.decoding import decode
from tests.rooms.build import NOW, record

LIMIT = NOW + ev.FUTURE_MS

#: The contract's kinds.
KINDS = {
    topics.VIEWS: "exposed entered stayed left liked shared followed joined_club disliked",
    topics.CLICKS: "exposed clicked carted",
    topics.ORDERS: "created paid cancelled refunded",
    topics.COMMENTS: "commented",
    topics.SCENES: "opened closed listed delisted stocked explain_started explain_ended host_on host_off bag_started bag_drawn"
    " noted note_edited note_deleted violated prompted spent",
    topics.SAMPLES: "gauge total count",
}
EACH_KIND = [(topic, kind) for topic, kinds in KINDS.items() for kind in kinds.split()]
SORTS = {
    (sort.topic, str(sort.__struct_config__.tag)): sort
    for sort in vars(ev).values()
    if hasattr(sort, "topic") and sort.__struct_config__.tag
}


def changed(sort: type[ev.Event] = ev.Liked, **fields: object) -> bytes:
    """A good record with some fields replaced, or left out where None."""
    return record(sort, **fields)


def rejected(raw: bytes, topic: str = topics.VIEWS) -> str:
    found = decode(topic, raw, LIMIT)
    assert isinstance(found, ev.Rejected), found
    assert found.detail.isprintable()
    assert len(found.detail) <= 200
    return found.reason


def test_there_is_a_type_for_each_kind_and_no_other() -> None:
    assert set(EACH_KIND) == {
        (sort.topic, str(sort.__struct_config__.tag)) for sort in SORTS.values() if sort.__struct_config__.tag in KINDS[sort.topic].split()
    }
    assert len({*EACH_KIND}) == 37


@pytest.mark.parametrize(("topic", "kind"), EACH_KIND)
def test_each_kind_decodes_from_what_the_contract_requires(topic: str, kind: str) -> None:
    found = decode(topic, record(SORTS[topic, kind]), LIMIT)
    assert isinstance(found, ev.Event)
    assert (found.topic, found.kind, found.at, found.room) == (topic, kind, NOW, "room")


@pytest.mark.parametrize(("topic", "kind"), EACH_KIND)
def test_each_field_without_a_default_is_required(topic: str, kind: str) -> None:
    good = json.loads(record(SORTS[topic, kind]))
    optional = {"nickname", "sku", "campaign_stock", "skus", "image", "goal_gmv", "currency", "starts", "prize", "tags", "advice", "clip"}
    optional |= {"host"} if kind == "opened" else set()
    optional |= {"person"} if topic in (topics.VIEWS, topics.ORDERS, topics.COMMENTS) else set()
    optional |= {"source"} if topic in (topics.VIEWS, topics.ORDERS, topics.CLICKS) else set()
    optional |= {"product"} if kind in ("noted", "note_edited") else set()
    optional |= {"author", "text"} if kind == "note_edited" else set()
    for field in good:
        found = decode(topic, json.dumps({name: value for name, value in good.items() if name != field}).encode(), LIMIT)
        if field in optional:
            assert isinstance(found, ev.Event), field
        else:
            assert isinstance(found, ev.Rejected), field
            assert found.reason == ("unknown-kind" if field == "kind" else "missing-field")


@pytest.mark.parametrize(
    ("reason", "raw"),
    [
        ("not-json", b""),
        ("not-json", b"{"),
        ("not-json", b'{"id":1,}'),
        ("not-json", changed()[:-1]),
        ("not-json", changed(user="U").replace(b"U", b"\xff")),
        ("not-json", b"\xef\xbb\xbf" + changed()),
        ("not-json", changed(x=1).replace(b'"x":1', b'"x":' + b"[" * 30_000 + b"]" * 30_000)),
        ("wrong-type", b"[]"),
        ("wrong-type", b"null"),
        ("wrong-type", changed(at=str(NOW))),
        ("wrong-type", changed(at=NOW + 0.5)),
        ("wrong-type", changed(at=True)),
        ("wrong-type", changed(user=7)),
        ("wrong-type", changed(kind=7)),
        ("wrong-type", changed(ev.Entered, person=["f"])),
        ("wrong-type", changed(ev.Left, seconds="9")),
        ("wrong-value", changed(user="")),
        ("wrong-value", changed(user="u" * 257)),
        ("wrong-value", changed(id="")),
        ("wrong-value", changed(id="i" * 65)),
        ("wrong-value", changed(room="")),
        ("wrong-value", changed(room="r" * 65)),
        ("wrong-value", changed(room="a b")),
        ("wrong-value", changed(room="{a}")),
        ("wrong-value", changed(room="room\n")),
        ("wrong-value", changed(room="房间")),
        ("wrong-value", changed(ev.Left, seconds=-1)),
        ("wrong-value", changed(ev.Left, seconds=2e6)),
        ("wrong-value", changed(ev.Entered, person={"gender": "x"})),
        ("wrong-value", changed(ev.Entered, person={"gender": "missing required field"})),
        ("wrong-value", changed(ev.Entered, person={"age": "a" * 17})),
        ("wrong-type", changed(ev.Entered, person={"age": 25})),
        ("unknown-kind", changed(kind="waved")),
        ("unknown-kind", changed(kind="")),
        ("unknown-kind", changed(kind=None)),
        ("unknown-kind", changed(kind="clicked")),
        ("future", changed(at=LIMIT + 1)),
        ("future", changed(at=2**63)),
        ("too-old", changed(at=ev.EARLIEST_MS - 1)),
        ("too-old", changed(at=-(2**63))),
        ("too-large", changed(user="u" * topics.MAX_RECORD_BYTES)),
    ],
)
def test_reasons(reason: str, raw: bytes) -> None:
    assert rejected(raw) == reason


@pytest.mark.parametrize("age", ["50+", "25-34", "12", "五十岁以上" * 3, "a" * 16])
def test_an_age_is_any_text_of_16_characters(age: str) -> None:
    event = ev.decode(topics.VIEWS, changed(ev.Entered, person={"age": age}), LIMIT)
    assert isinstance(event, ev.Entered) and event.person.age == age


@pytest.mark.parametrize(
    ("reason", "sort", "fields"),
    [
        ("wrong-value", ev.Paid, {"quantity": 0}),
        ("wrong-type", ev.Paid, {"quantity": 1.5}),
        ("wrong-value", ev.Paid, {"amount": -1}),
        ("wrong-value", ev.Paid, {"amount": 10**12 + 1}),
        ("wrong-value", ev.Commented, {"text": "x" * 2001}),
        ("unknown-kind", ev.Commented, {"kind": None}),
        ("unknown-kind", ev.Commented, {"kind": ""}),
        ("unknown-kind", ev.Commented, {"kind": "liked"}),
        ("wrong-value", ev.Opened, {"currency": "yuan"}),
        ("wrong-value", ev.Opened, {"starts": 253_370_764_800_000}),
        ("wrong-value", ev.Opened, {"starts": -1}),
        ("wrong-value", ev.Listed, {"stock": -1}),
        ("wrong-type", ev.Listed, {"skus": 3}),
        ("wrong-type", ev.Noted, {"tags": "a"}),
    ],
)
def test_reasons_by_field(reason: str, sort: type[ev.Event], fields: dict[str, object]) -> None:
    assert rejected(record(sort, **fields), sort.topic) == reason


@pytest.mark.parametrize("at", [LIMIT, ev.EARLIEST_MS])
def test_the_bounds_of_time_are_inside(at: int) -> None:
    assert isinstance(decode(topics.VIEWS, changed(at=at), LIMIT), ev.Liked)


def test_a_record_of_the_largest_size_is_one() -> None:
    raw = changed()
    raw += b" " * (topics.MAX_RECORD_BYTES - len(raw))
    assert isinstance(decode(topics.VIEWS, raw, LIMIT), ev.Liked)
    assert rejected(raw + b" ") == "too-large"


def test_unknown_fields_are_ignored_and_null_is_as_good_as_missing_where_a_field_is_optional() -> None:
    raw = record(ev.Clicked, other={"deep": [1]}, sku="S").replace(b'"S"', b"null")
    found = decode(topics.CLICKS, raw, LIMIT)
    assert isinstance(found, ev.Clicked)
    assert found.sku is None


def test_what_is_not_said_of_a_person_is_unknown() -> None:
    found = decode(topics.VIEWS, record(ev.Entered, person={"province": "浙江", "shoe": 42}), LIMIT)
    assert isinstance(found, ev.Entered)
    assert found.person == ev.Person(province="浙江")
    assert ev.Person("unknown", "unknown", "unknown", "unknown", False, "unknown") == ev.NOBODY


def test_text_is_measured_in_characters_not_bytes() -> None:
    assert isinstance(decode(topics.COMMENTS, record(ev.Commented, text="好" * 2_000), LIMIT), ev.Commented)


def test_the_same_name_means_another_thing_on_another_topic() -> None:
    views, clicks = record(ev.RoomExposed), record(ev.ProductExposed)
    assert isinstance(decode(topics.VIEWS, views, LIMIT), ev.RoomExposed)
    assert isinstance(decode(topics.CLICKS, clicks, LIMIT), ev.ProductExposed)
    assert rejected(views, topics.CLICKS) == "missing-field"


def test_a_detail_quotes_nothing_that_could_steer_a_terminal() -> None:
    found = decode(topics.VIEWS, changed(kind="\x1b[31m\n\u202e"), LIMIT)
    assert isinstance(found, ev.Rejected)
    assert found.detail.isprintable()


def test_what_is_too_long_for_a_room_is_not_kept() -> None:
    kept = decoding._is_room.cache_info().currsize
    assert {rejected(changed(room=f"{number}" + "r" * 60_000)) for number in range(3)} == {"wrong-value"}
    assert decoding._is_room.cache_info().currsize == kept
