"""Violations become rows and counts of the room."""

import msgspec
import pytest

from streams import events as ev
from streams import keys
from streams.violations import Inspector, found
from tests.rooms.build import NOW, event
from tests.rooms.drive import Room


@pytest.fixture
def room(inspector: Inspector) -> Room:
    room = Room()
    room.worker.inspector = inspector
    return room


async def test_a_comment_that_violates_is_a_row_with_who_said_it(room: Room) -> None:
    said = event(ev.Commented, user="u7", nickname="<b>", text="加我微信 abc123456")
    await room.send(event(ev.Commented, text="好看"), said)
    board = await room.board()
    assert board["violations"] == [
        {
            "id": said.id, "kind": "violation_found", "at": NOW, "user": "u7", "nickname": "<b>", "text": "加我微信 abc123456",
            "rule": "contact", "term": "加我微", "count": 1,
        }
    ]  # fmt: skip
    assert board["violation_counts"] == {"contact": 1}
    assert len(board["comments"]) == 2


async def test_every_rule_is_counted_and_the_gravest_named(room: Room) -> None:
    await room.send(event(ev.Commented, text="傻逼，去淘宝搜"), event(ev.Commented, text="傻逼", user="v"))
    board = await room.board()
    assert board["violation_counts"] == {"abuse": 2, "trade": 1}
    assert sorted(row["rule"] for row in board["violations"]) == ["abuse", "trade"]


@pytest.mark.parametrize("chunk", [1, 37, 230])
async def test_the_newest_are_kept_newest_first(room: Room, chunk: int) -> None:
    said = [event(ev.Commented, user=f"u{n}", text=f"傻逼{n}号", at=NOW - 300_000 + n) for n in range(230)]
    for first in range(0, len(said), chunk):
        await room.send(*said[first : first + chunk])
    board = await room.board()
    assert [row["id"] for row in board["violations"]] == [event.id for event in reversed(said[-50:])]
    kept = (await room.store.heads("room", {keys.VIOLATIONS: 999}))[keys.VIOLATIONS]
    assert [msgspec.json.decode(row)["id"] for row in kept] == [event.id for event in reversed(said[-found.KEPT :])]
    assert board["violation_counts"] == {"abuse": 230}


async def test_the_sellers_own_words(room: Room) -> None:
    await room.send(
        event(ev.Opened, title="全网最低价专场"),
        event(ev.Listed, title="普通面霜"),
        event(ev.Listed, title="国家级面霜", at=NOW + 1),
        event(ev.Prompted, author="小北", text="说这是史上最低", at=NOW + 2),
        event(ev.Noted, text="全网最低价说得太多了"),
    )
    rows = (await room.board())["violations"]
    assert [(row["rule"], row["user"], row["text"]) for row in rows] == [
        ("superlative", "小北", "说这是史上最低"),
        ("superlative", None, "国家级面霜"),
        ("superlative", None, "全网最低价专场"),
    ]


async def test_without_an_inspector_nothing_is_kept(room: Room) -> None:
    room.worker.inspector = None
    await room.send(*(event(ev.Commented, text="傻逼") for _ in range(30)))
    board = await room.board()
    assert (board["violations"], board["violation_counts"]) == ([], {})
