"""live.comments: counts, the newest comments, words."""

import pytest

from streams import events as ev
from streams import keys
from tests.rooms.build import MINUTE, NOW, event
from tests.rooms.drive import Room


async def test_comments_are_counted_and_commenters_met(room: Room) -> None:
    await room.send(*(event(ev.Commented, user=user) for user in "aab"))
    board = await room.board()
    assert (board["total"]["comments"], board["total"]["interacting_users"]) == (3, 2)


@pytest.mark.parametrize("chunk", [1, 37, 230])
async def test_the_newest_hundred_are_kept_newest_first(room: Room, chunk: int) -> None:
    said = [event(ev.Commented, text=f"t{n}") for n in range(230)]
    for first in range(0, len(said), chunk):
        await room.send(*said[first : first + chunk])
    assert [row["text"] for row in (await room.board())["comments"]] == [f"t{n}" for n in reversed(range(130, 230))]


async def test_a_row_says_who_commented(room: Room) -> None:
    said = event(ev.Commented, nickname="小明", person=ev.Person(fan=True, customer="old"), text="<b>")
    await room.send(said)
    assert (await room.board())["comments"] == [
        {"id": said.id, "at": NOW, "user": "u", "nickname": "小明", "text": "<b>", "fan": True, "customer": "old"}
    ]


async def test_a_comment_counts_each_word_once(room: Room) -> None:
    await room.send(event(ev.Commented, text="口红口红口红"), event(ev.Commented, text="口红 面膜"))
    assert (await room.board())["words"] == [{"word": "口红", "count": 2}, {"word": "面膜", "count": 1}]


async def test_words_of_a_minute_are_kept_while_it_is_recent(room: Room) -> None:
    now, old = NOW // MINUTE, (NOW - 20 * MINUTE) // MINUTE
    await room.send(event(ev.Commented, text="口红"), event(ev.Commented, text="面膜", at=NOW - 20 * MINUTE))
    found = await room.store.tops("room", {keys.words(now): 9, keys.words(old): 9, keys.WORDS: 9})
    assert found == {keys.words(now): [("口红", 1)], keys.words(old): [], keys.WORDS: [("口红", 1), ("面膜", 1)]}
