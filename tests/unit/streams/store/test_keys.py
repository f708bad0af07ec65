import pytest

from streams.store.keys import Keys, fence_field, guard_field
from streams.topics import Partition


def test_every_key_of_a_room_is_in_its_hash_tag_behind_the_state_version():
    keys = Keys("ls")
    assert keys.stem("room-1") + "total" == "ls:2:{room-1}:total"
    assert keys.fence("room-1") == "ls:2:{room-1}#fence"
    assert keys.touched("room-1") == "ls:2:{room-1}#touched"


def test_no_room_and_no_key_of_a_room_meets_the_stores_own_keys():
    keys = Keys("ls")
    own = {keys.rooms, keys.progress("log"), keys.fence("rooms"), keys.touched("rooms")}
    assert len(own) == 4
    assert not any(key.startswith(keys.stem(room)) for key in own for room in ("rooms", "progress", "progress:log"))


def test_fences_and_guards_are_different_fields_and_neither_is_the_revision():
    assert fence_field("log", Partition("live.views", 3)) == "log|live.views:3"
    assert guard_field("rev") == "guard:rev"


@pytest.mark.parametrize("prefix", ["", "a{b}", "a b", "a:b\n", "x" * 33])
def test_refuses_a_prefix_that_would_break_the_hash_tag(prefix):
    with pytest.raises(ValueError, match="prefix"):
        Keys(prefix)
