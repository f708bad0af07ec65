"""Floods: counted by chunks, read off the highest counts."""

import pytest

from streams import events as ev
from streams import keys
from streams.violations import Inspector, flooding
from tests.rooms.build import MINUTE, NOW, SECOND, event
from tests.rooms.drive import Room

AD = "进群领取新人大礼包速来"
THIS = NOW // MINUTE


@pytest.fixture
def room(inspector: Inspector) -> Room:
    room = Room()
    room.worker.inspector = Inspector({})
    return room


async def floods(room: Room, now_ms: int | None = None) -> list[tuple[str, str | None, str | None, int]]:
    rows = (await room.board(now_ms))["violations"]
    return sorted((row["rule"], row["user"], row["text"], row["count"]) for row in rows)


@pytest.mark.parametrize(("times", "is_flood"), [(5, False), (6, True), (7, True)])
async def test_the_same_again_and_again(room: Room, times: int, is_flood: bool) -> None:
    await room.send(*(event(ev.Commented, user="u", text="来 了" + "!" * n) for n in range(times)))
    assert await floods(room) == ([("flood_repeats", "u", "来了", times)] if is_flood else [])


@pytest.mark.parametrize(("times", "is_flood"), [(19, False), (20, True)])
async def test_too_much_of_one_user(room: Room, times: int, is_flood: bool) -> None:
    await room.send(*(event(ev.Commented, user="u", text=f"第{n}句") for n in range(times)), event(ev.Commented, user="v"))
    assert await floods(room) == ([("flood_user", "u", None, times)] if is_flood else [])


@pytest.mark.parametrize(("text", "times", "is_flood"), [(AD, 9, False), (AD, 10, True), ("哈" * 20, 50, False), ("生日快乐", 50, False)])
async def test_the_same_text_from_many(room: Room, text: str, times: int, is_flood: bool) -> None:
    await room.send(*(event(ev.Commented, user=f"u{n}", text=text) for n in range(times)))
    assert await floods(room) == ([("flood_text", None, text, times)] if is_flood else [])


async def test_however_the_log_is_cut_the_floods_are_the_same(room: Room) -> None:
    said = [event(ev.Commented, user=f"u{n % 3}", text=AD, at=NOW + n * SECOND) for n in range(30)]
    whole = Room()
    whole.worker.inspector = room.worker.inspector
    await whole.send(*said)
    for first in range(0, 30, 7):
        await room.send(*said[first : first + 7])
        await room.board()
    assert await floods(room) == await floods(whole) != []


async def test_a_minute_is_counted_by_itself(room: Room) -> None:
    await room.send(*(event(ev.Commented, user="u", text=AD, at=NOW - 4 * SECOND + n * SECOND) for n in range(10)))
    assert await floods(room) == [("flood_repeats", "u", AD, 6)]


async def test_a_flood_keeps_its_id_while_it_grows_and_goes_when_its_minute_is_over(room: Room) -> None:
    await room.send(*(event(ev.Commented, user="u", text=AD) for _ in range(6)))
    (before,) = (await room.board())["violations"]
    await room.send(event(ev.Commented, user="u", text=AD))
    (after,) = (await room.board())["violations"]
    assert (before["id"], before["count"], after["count"], before["at"]) == (after["id"], 6, 7, NOW)
    assert len((await room.board(NOW + 2 * MINUTE - 1))["violations"]) == 1
    assert (await room.board(NOW + 2 * MINUTE))["violations"] == []


async def test_an_early_comment_counts_when_its_minute_comes(room: Room) -> None:
    await room.send(*(event(ev.Commented, user="u", text=AD, at=NOW + MINUTE) for _ in range(6)))
    await room.board()
    assert [row[0] for row in await floods(room, NOW + MINUTE)] == ["flood_repeats"]


async def test_old_comments_are_not_counted_and_new_counts_go(room: Room) -> None:
    await room.send(*(event(ev.Commented, user="u", text=AD, at=NOW - 20 * MINUTE) for _ in range(30)))
    await room.send(*(event(ev.Commented, user="u", text=AD) for _ in range(6)))
    old, new = keys.said("users", THIS - 20), keys.said("users", THIS)
    assert await room.store.tops("room", {old: 9, new: 9}) == {old: [], new: [("u", 6)]}
    room.clock = NOW + flooding.EXPIRE_SECONDS * SECOND
    assert await room.store.tops("room", {new: 9}) == {new: []}


def test_user_and_text_are_told_apart_whatever_they_hold() -> None:
    tops = {"repeats": [(keys.pair("a 1", "b"), 9), (keys.pair("a", " 1b"), 9)]}
    rows = flooding.rows(THIS, tops)
    assert [(row["user"], row["text"]) for row in rows] == [("a 1", "b"), ("a", " 1b")]
    assert len({row["id"] for row in rows}) == 2
