import msgspec

from streams.change import Change, Position
from streams.store.keys import Keys
from streams.store.redis.blob import encode
from streams.topics import Partition

NAMES = Keys("ls")


def decoded(change: Change) -> tuple[list[str], dict]:
    keys, packed = encode(NAMES, change)
    return keys, msgspec.msgpack.decode(packed)


def change() -> Change:
    return Change("r", Position("log", Partition("live.views", 0), 5, 9))


def test_an_empty_change_names_only_the_stores_own_keys():
    keys, blob = decoded(change())
    assert keys == ["ls:2:{r}#fence", "ls:2:{r}#touched"]
    assert blob == {"fence": "log|live.views:0", "first": 5, "last": 9}


def test_keys_are_declared_once_and_stand_as_their_index_from_one():
    one = change()
    one.count("total", "likes", 2)
    one.raised = {"total": {"peak": 3}}
    one.meet(("viewers", "m:1~viewers"), ["u"])
    one.expire = {"m:1~viewers": 60}
    keys, blob = decoded(one)
    assert keys[2:] == ["ls:2:{r}:total", "ls:2:{r}:viewers", "ls:2:{r}:m:1~viewers"]
    assert blob["add"] == [3, {"likes": 2}]
    assert blob["raised"] == [3, "peak", 3]
    assert blob["people"] == [[4, 5], ["u"]]
    assert blob["expire"] == [5, 60]
    assert blob["touched"] == ["total"]


def test_amounts_that_a_double_cannot_hold_travel_as_text():
    one = change()
    one.add = {"total": {"gmv": 2**53 + 1, "likes": 1}, "m:1": {"gmv": 2**53}}
    _, blob = decoded(one)
    assert blob["add"] == [3, {"gmv": str(2**53 + 1), "likes": "1"}, 4, {"gmv": 2**53}]


def test_items_go_oldest_first_and_no_more_than_are_kept():
    one = change()
    one.push = {"comments": (["c", "b", "a"], 2)}
    _, blob = decoded(one)
    assert blob["push"] == [3, ["b", "c"], 2]
