"""Short answers, by people, of the last 2 minutes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams import events as ev
from streams import polls
from tests.rooms.build import NOW, SECOND, event
from tests.rooms.drive import Room


@pytest.mark.parametrize(
    ("text", "given_"),
    [
        ("1", "1"),
        ("扣1", "1"),
        ("扣 1", "1"),
        ("我扣1了", "1"),
        ("打２！！", "2"),
        ("1111", "1"),
        ("①", "1"),
        ("1️⃣", "1"),
        ("666", "666"),
        ("6666666", "666"),
        ("66", "666"),
        ("6", "6"),
        ("88", "88"),
        ("888888", "888"),
        ("007", "7"),
        ("12", "12"),
        ("520", "520"),
        ("1314", None),
        ("选b", "B"),
        ("A", "A"),
        ("要", "要"),
        ("我要！", "要"),
        ("YES!!", "yes"),
        ("không", "không"),
        ("ไม่", "ไม่"),
        ("はい", "はい"),
        ("好看", None),
        ("1号链接多少钱", None),
        ("哈哈哈", None),
        ("扣", None),
        ("", None),
        ("😂😂😂", None),
        ("1" * 25, None),
    ],
)
def test_answers(text: str, given_: str | None) -> None:
    assert polls.answer(text) == given_


@given(st.text(max_size=30))
def test_an_answer_is_an_answer(text: str) -> None:
    given_ = polls.answer(text)
    assert given_ is None or polls.answer(given_) == given_


def test_there_are_so_many_answers_at_most() -> None:
    known = {polls.answer(text) for text in [*map(str, range(100_000)), *map(chr, range(0x3000)), *polls._ANSWERS]} - {None}
    assert len(known) < 1_150


async def test_each_person_counts_once_for_an_answer(room: Room) -> None:
    said = [("a", "1"), ("a", "1"), ("a", "扣1"), ("b", "1"), ("b", "2"), ("c", "666"), ("d", "好看")]
    await room.send(*(event(ev.Commented, user=user, text=text) for user, text in said))
    assert (await room.board())["polls"] == [
        {"answer": "1", "users": 2, "times": 4},
        {"answer": "2", "users": 1, "times": 1},
        {"answer": "666", "users": 1, "times": 1},
    ]


async def test_answers_leave_after_two_minutes_though_nobody_says_anything(room: Room) -> None:
    await room.send(event(ev.Commented, text="1", at=NOW - 130 * SECOND), event(ev.Commented, text="2", at=NOW - 80 * SECOND))
    await room.view.refresh(NOW)
    assert [row["answer"] for row in room.view.material.polls] == ["2"]
    await room.view.refresh(NOW + 80 * SECOND)
    assert room.view.material.polls == []


async def test_an_answer_a_little_early_is_shown_when_its_time_comes(room: Room) -> None:
    await room.send(event(ev.Commented, text="1", at=NOW + 40 * SECOND))
    await room.view.refresh(NOW)
    assert room.view.material.polls == []
    await room.view.refresh(NOW + 60 * SECOND)
    assert [row["answer"] for row in room.view.material.polls] == ["1"]


async def test_the_most_people_come_first_and_the_rest_is_left_out(room: Room) -> None:
    await room.send(*(event(ev.Commented, user=f"u{n}", text=str(answer)) for answer in range(20) for n in range(answer + 1)))
    shown = (await room.board())["polls"]
    assert len(shown) == polls.MOST
    assert [row["users"] for row in shown] == sorted((row["users"] for row in shown), reverse=True)
