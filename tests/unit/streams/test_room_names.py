import pytest

from streams.room_names import is_room


@pytest.mark.parametrize("name", ["a", "A-1_b.c", "x" * 64, "..", "-"])
def test_names(name: str) -> None:
    assert is_room(name)


@pytest.mark.parametrize("name", ["", "x" * 65, "a b", "a/b", "~a", "a\n", "直播", "a:b", "{a}"])
def test_no_names(name: str) -> None:
    assert not is_room(name)
