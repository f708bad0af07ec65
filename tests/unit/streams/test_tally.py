"""Which figures an event is added to, by its age."""

import pytest

from streams import keys, windows
from streams.change import Change, Position
from streams.tally import Tally
from streams.topics import Partition
from tests.rooms.build import NOW

RECENT = windows.oldest_recent(NOW)
OLD = RECENT - 1


@pytest.fixture
def change() -> Change:
    return Change("room", Position("log", Partition("live.views", 0), 0, 0))


def test_a_recent_bucket_counts_in_the_total_its_minute_and_itself(change: Change) -> None:
    Tally(change, NOW).room(RECENT, "likes", 2)
    minute, bucket = keys.minute(windows.minute_of(RECENT)), keys.bucket(RECENT)
    assert change.add == {key: {"likes": 2} for key in (keys.TOTAL, minute, bucket)}
    assert change.touched == {keys.TOTAL, minute, bucket}
    assert change.expire == {bucket: windows.KEEP_BUCKET_SECONDS}


def test_an_old_bucket_counts_in_the_total_and_its_minute_only(change: Change) -> None:
    tally = Tally(change, NOW)
    tally.room(OLD, "likes", 2)
    tally.room_people(OLD, "viewers", {"u"})
    tally.product(OLD, "p", "carts", 1)
    tally.product_people(OLD, "p", "product_click_users", {"u"})
    assert not change.expire
    minute, product = keys.minute(windows.minute_of(OLD)), keys.product("p")
    assert set(change.add) == {keys.TOTAL, minute, product, f"{product}:{minute}"}
    assert {key for union in change.people for key in union} == {"total~viewers", f"{minute}~viewers", f"{product}~product_click_users"}


def test_people_expire_with_their_bucket(change: Change) -> None:
    tally = Tally(change, NOW)
    tally.room_people(RECENT, "viewers", {"a", "b"})
    tally.room_people(RECENT, "viewers", ["b", "c"])
    tally.product_people(RECENT, "p", "product_click_users", {"u"})
    bucket = keys.bucket(RECENT)
    assert change.people[("total~viewers", f"{keys.minute(windows.minute_of(RECENT))}~viewers", f"{bucket}~viewers")] == {"a", "b", "c"}
    assert set(change.expire) == {f"{bucket}~viewers", f"{keys.bucket(RECENT, keys.product('p'))}~product_click_users"}


def test_a_products_bucket_is_a_field_of_the_rooms(change: Change) -> None:
    Tally(change, NOW).product(RECENT, "a\x1fb", "carts", 3)
    assert change.add[keys.bucket(RECENT)] == {"carts\x1fa\x1fb": 3}
    assert change.put == {keys.product("a\x1fb"): {"name": "a\x1fb"}}


def test_minutes_of_products_and_sources_are_not_followed_by_readers(change: Change) -> None:
    tally = Tally(change, NOW)
    tally.product(RECENT, "p", "carts", 1)
    tally.source(RECENT, "s", "entries", 1)
    assert change.touched == {keys.product("p"), keys.bucket(RECENT), keys.source("s")}
    assert set(change.add) - change.touched == {
        keys.minute(windows.minute_of(RECENT), scope) for scope in (keys.product("p"), keys.source("s"))
    }
