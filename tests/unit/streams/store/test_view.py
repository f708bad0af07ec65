"""A view reads what changed, and nothing else."""

import copy
from collections.abc import Sequence
from typing import Any

import pytest

from streams import events as ev
from streams import keys
from streams.store.memory import MemoryStore
from streams.store.port import StoreAway
from streams.store.view import RoomView
from tests.rooms.build import MINUTE, NOW, SECOND, event
from tests.rooms.drive import Room

FIVE = 5 * MINUTE


class Watched(MemoryStore):
    """A store that notes what is read, and can be away."""

    def __init__(self) -> None:
        super().__init__(lambda: NOW)
        self.read_keys: set[str] = set()
        self.unions: list[Sequence[str]] = []
        self.asked: list[str] = []
        self.away: str | None = None

    def _note(self, call: str, keys: Any) -> None:
        if self.away == call:
            raise StoreAway(call)
        self.read_keys |= set(keys)

    async def hashes(self, room: str, keys: Sequence[str]) -> list[dict[str, str]]:
        self._note("hashes", keys)
        return await super().hashes(room, keys)

    async def heads(self, room: str, lists: Any) -> Any:
        self._note("heads", lists)
        return await super().heads(room, lists)

    async def tops(self, room: str, sets: Any) -> Any:
        self._note("tops", sets)
        return await super().tops(room, sets)

    async def read(self, wants: Any, guards: Any) -> Any:
        self.asked += [user for wanted in wants.values() for users in wanted.values() for user in users or ()]
        return await super().read(wants, guards)

    async def counts(self, room: str, unions: Sequence[Sequence[str]]) -> list[int]:
        self._note("counts", ())
        self.unions = [*unions]
        return await super().counts(room, unions)


@pytest.fixture
def room() -> Room:
    room = Room()
    room.store = room.worker.store = Watched()
    room.view = RoomView(room.store, room.name)
    return room


async def refreshed(room: Room, now_ms: int = NOW) -> tuple[bool, set[str]]:
    """Whether anything was new, and the keys that were read for it."""
    assert isinstance(room.store, Watched)
    room.store.read_keys, room.store.unions = set(), []
    return await room.view.refresh(now_ms), room.store.read_keys | {key for union in room.store.unions for key in union}


async def test_nothing_is_read_while_nothing_happens(room: Room) -> None:
    await room.send(event(ev.Liked))
    assert (await refreshed(room))[0]
    assert await refreshed(room) == (False, set())
    assert await refreshed(room, NOW + 5 * SECOND - 1) == (False, set())


async def test_rows_of_lists_that_were_there_before_are_the_same_objects(room: Room) -> None:
    await room.send(event(ev.Commented), event(ev.Commented))
    await refreshed(room)
    before = {row["id"]: row for row in room.view.material.comments}
    await room.send(event(ev.Commented))
    await refreshed(room)
    after = {row["id"]: row for row in room.view.material.comments}
    assert len(after) == 3 and all(after[name] is row for name, row in before.items())
    assert room.view._decoded[keys.COMMENTS].keys() == set(await comments(room))


async def comments(room: Room) -> list[str]:
    """The list as it is stored."""
    return (await room.store.heads(room.name, {keys.COMMENTS: 100}))[keys.COMMENTS]


async def test_only_what_was_touched_is_read(room: Room) -> None:
    await room.send(event(ev.Liked, at=NOW - 20 * MINUTE), event(ev.Commented), event(ev.Listed), event(ev.Clicked))
    await refreshed(room)
    await room.send(event(ev.Commented))
    new, read = await refreshed(room)
    bucket, minute = keys.bucket(NOW // 5_000), keys.minute(NOW // MINUTE)
    assert new
    words = {keys.WORDS, *(keys.words(NOW // MINUTE - back) for back in range(5))}
    assert {key for key in read if "~" not in key} == {keys.TOTAL, keys.FACTS, keys.COMMENTS, bucket, minute} | words
    await room.send(event(ev.Noted))
    assert (await refreshed(room))[1] == {keys.SCENES, keys.FACTS}


async def test_when_windows_move_only_people_are_read(room: Room) -> None:
    assert isinstance(room.store, Watched)
    await room.send(event(ev.Liked), event(ev.Clicked))
    await refreshed(room)
    new, read = await refreshed(room, NOW + 5 * SECOND)
    assert new
    assert read
    assert all("~" in key for key in read)
    assert max(len(union) for union in room.store.unions) <= 16  # whole minutes, and buckets only at the ends


async def test_a_touch_outside_the_windows_does_not_count_their_people(room: Room) -> None:
    await room.send(event(ev.Liked))
    await refreshed(room)
    await room.send(event(ev.Liked, at=NOW - 11 * MINUTE))
    _, read = await refreshed(room)
    late = keys.minute((NOW - 11 * MINUTE) // MINUTE)
    assert {key for key in read if "~" in key} == {
        f"{key}~{metric}" for key in (keys.TOTAL, late) for metric in ("interacting_users", "watching_users")
    }


async def test_only_people_whose_events_rose_are_counted_again(room: Room) -> None:
    await room.send(event(ev.Liked, user="a"), event(ev.Entered, user="a"), event(ev.Clicked, user="a"), event(ev.Clicked, product="q"))
    await refreshed(room)
    await room.send(event(ev.Clicked, user="b"))
    _, read = await refreshed(room)
    people = [key for key in read if "~" in key]
    assert {key.rpartition("~")[2] for key in people} == {"product_click_users"}
    assert not [key for key in people if keys.product("q") in key]
    board = await room.board()
    clicked = {row["product"]: row["last_5m"]["product_click_users"] for row in board["products"]}
    assert (clicked, board["total"]["product_click_users"], board["last_5m"]["viewers"]) == ({"p": 2, "q": 1}, 3, 1)


async def test_where_somebody_is_who_paid_is_asked_when_they_pay_and_when_the_windows_move(room: Room) -> None:
    assert isinstance(room.store, Watched)

    async def asked(now_ms: int) -> set[str]:
        room.store.asked = []  # type: ignore[attr-defined]
        await room.view.refresh(now_ms)
        return {*room.store.asked}  # type: ignore[attr-defined]

    await room.send(event(ev.Entered, user="a"), event(ev.Entered, user="b"), event(ev.Paid, user="a", order="1"))
    assert await asked(NOW) == {"a"}
    await room.send(event(ev.Liked, user="a"), event(ev.Paid, user="b", order="2"))
    assert await asked(NOW) == {"b"}
    assert await asked(NOW + 5 * SECOND) == {"a", "b"}
    assert await asked(NOW + FIVE) == set()


async def test_buckets_that_left_both_windows_are_forgotten(room: Room) -> None:
    await room.send(event(ev.Liked), event(ev.Liked, at=NOW + FIVE))
    for now_ms, buckets in ((NOW + FIVE, 2), (NOW + 2 * FIVE - 1, 2), (NOW + 2 * FIVE, 1), (NOW + 3 * FIVE, 0)):
        await room.view.refresh(now_ms)
        assert len(room.view.material.buckets) == buckets


async def test_an_expired_bucket_is_an_empty_one(room: Room) -> None:
    await room.send(event(ev.Liked))
    bucket = keys.bucket(NOW // 5_000)
    room.store._rooms["room"].drop(bucket)  # type: ignore[attr-defined]
    board = await room.board()
    assert (board["total"]["likes"], board["last_5m"]["likes"]) == (1, 0)


@pytest.mark.parametrize("call", ["hashes", "heads", "tops", "counts"])
async def test_a_store_that_goes_away_costs_nothing_that_was_read(room: Room, call: str) -> None:
    assert isinstance(room.store, Watched)
    await room.send(event(ev.Liked, user="a"), event(ev.Clicked, user="a"), event(ev.Commented))
    before = await room.board()
    await room.send(event(ev.Liked, user="b"), event(ev.Clicked, user="b"), event(ev.Commented))
    room.store.away = call
    with pytest.raises(StoreAway):
        await room.view.refresh(NOW + 5 * SECOND)
    people = ("interacting_users", "product_click_users")
    kept, room.store.away = room.view.material, None
    assert [kept.part["last_5m"][name] for name in people] == [before["last_5m"][name] for name in people]
    assert kept.products_part["p"]["product_click_users"] == 1
    after, fresh = await room.board(), RoomView(room.store, "room")
    await fresh.refresh(NOW)
    assert (after["total"]["likes"], after["last_5m"]["interacting_users"], len(after["comments"])) == (2, 3, 2)


async def test_a_view_kept_current_equals_a_fresh_one(room: Room) -> None:
    sorts = [ev.Entered, ev.Liked, ev.Clicked, ev.Paid, ev.Commented, ev.Listed, ev.Noted, ev.Left, ev.ProductExposed]
    for step in range(60):
        at = NOW + step * 17 * SECOND
        room.worker.now_ms = at
        await room.send(event(sorts[step % 9], at=at, **({"order": f"o{step}"} if sorts[step % 9] is ev.Paid else {})))
        await room.view.refresh(at)
        fresh = RoomView(room.store, "room")
        await fresh.refresh(at)
        fresh.material.minute_rows = room.view.material.minute_rows
        fresh.material.buckets = {
            number: bucket for number, bucket in fresh.material.buckets.items() if number in room.view.material.buckets
        }
        assert fresh.material == room.view.material


async def test_after_a_store_lost_its_last_writes_nothing_is_passed_over(room: Room) -> None:
    await room.send(event(ev.Liked))
    kept = copy.deepcopy(room.store._rooms)
    await room.send_each(event(ev.Liked), event(ev.Commented), event(ev.Listed))
    await room.board()
    room.store._rooms = kept
    room._next.clear()
    await room.send(event(ev.Noted), event(ev.Commented, id="other"))
    shown, fresh = await room.board(), RoomView(room.store, "room")
    await fresh.refresh(NOW)
    assert ([scene["kind"] for scene in shown["scenes"]], [row["id"] for row in shown["comments"]]) == (["noted"], ["other"])
    assert shown["products"] == []
    assert fresh.material == room.view.material


async def test_an_unknown_room_is_empty(room: Room) -> None:
    view = RoomView(room.store, "nowhere")
    assert await view.refresh(NOW)
    assert view.material.rev == 0
    assert not await view.refresh(NOW)


async def test_a_hostile_name_is_read_as_it_was_sent(room: Room) -> None:
    names = ["\x1f", "a\x1fb", "name", "😀" * 64, "{}", "p:1", " "]
    await room.send(*(event(ev.Clicked, product=name) for name in names), *(event(ev.Entered, source=name) for name in names))
    await room.send(*(event(ev.Entered, person=ev.Person(province=name, crowd=name)) for name in names))
    board = await room.board()
    assert {row["product"]: row["last_5m"]["product_click_users"] for row in board["products"]} == dict.fromkeys(names, 1)
    assert {name: row["entries"] for name, row in board["sources"].items()} == {**dict.fromkeys(names, 1), "unknown": 7}
    plain = [name.replace("\x1f", "") for name in names]
    assert board["audience"]["viewers"]["crowd"] == {**dict.fromkeys(plain, 1), "unknown": 1}


async def test_hot_words_of_the_last_5_minutes_leave_with_their_minute(room: Room) -> None:
    await room.send(event(ev.Commented, text="白色", at=NOW - 4 * MINUTE), event(ev.Commented, text="尺码"))
    await room.view.refresh(NOW)
    assert dict(room.view.material.words_part) == {"白色": 1, "尺码": 1}
    await room.view.refresh(NOW + MINUTE)
    assert dict(room.view.material.words_part) == {"尺码": 1}
    assert dict(room.view.material.words) == {"白色": 1, "尺码": 1}
