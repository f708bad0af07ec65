"""Profiles as values, text and fields."""

from streams import audience
from streams.events import NOBODY, Person
from streams.keys import SEP

PERSON = Person("f", "31-40", "浙江", "精致妈妈", True, "new")


def test_a_person_has_a_value_in_each_dimension() -> None:
    assert dict(zip(audience.DIMENSIONS, audience.values(PERSON), strict=True)) == {
        "gender": "f", "age": "31-40", "province": "浙江", "crowd": "精致妈妈", "fan": "true", "customer": "new"
    }  # fmt: skip
    assert set(audience.values(NOBODY)) == {"unknown", "false"}


def test_a_province_is_counted_by_its_one_name_and_the_person_keeps_what_was_written() -> None:
    person = Person(province="浙江省")
    assert (audience.values(person)[2], person.province) == ("浙江", "浙江省")
    assert audience.values(Person(province="Bavaria"))[2] == "other"


def test_a_profile_unpacks_as_it_was_packed() -> None:
    assert audience.unpack(audience.pack(PERSON)) == audience.values(PERSON)
    assert audience.fields(audience.pack(PERSON))[2] == f"province{SEP}浙江"


def test_a_hostile_value_shifts_no_other() -> None:
    packed = audience.pack(Person(province=f"{SEP}浙{SEP}江", crowd=""))
    assert audience.unpack(packed) == ("unknown", "unknown", "浙江", "", "false", "unknown")
