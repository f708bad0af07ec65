"""Looks at one room, over the store in memory."""

import json
from dataclasses import replace

import pytest

from agents.alerting.look import APART_MS, LeaseLost, Room
from streams import keys
from streams.alerts import Act, decode, encode, parse, respond
from streams.board_rules import BoardRules
from streams.change import Change, Position
from streams.store.desk import AlertStep, Lost, Overtaken, Saved
from streams.store.memory import MemoryStore
from streams.store.port import StoreAway
from streams.topics import VIEWS, Partition

NOW = 1_700_000_000_000
RULES, _ = parse("""
- id: liked
  kind: traffic
  when: total.likes >= 5
  title: {zh: 赞, en: Likes}
  message: {zh: "{total.likes}", en: "{total.likes}"}
""")


class World:
    def __init__(self) -> None:
        self.now_ms = NOW
        self.store = MemoryStore(lambda: self.now_ms)
        self._offset = 0

    async def like(self, count: int) -> None:
        change = Change("room", Position("log", Partition(VIEWS, 0), self._offset, self._offset))
        self._offset += 1
        change.count(keys.TOTAL, "likes", count)
        await self.store.apply([change])

    async def lead(self, owner: str) -> Room:
        return Room(self.store, "room", (await self.store.leases.take(["room"], owner, 3_000))["room"])

    async def look(self, room: Room) -> int:
        return await room.look(RULES, BoardRules(), {}, self.now_ms)

    async def untold(self) -> list[dict]:
        return [json.loads(one.text) for one in (await self.store.alerts.untold(["room"], 100)).get("room", [])]


async def test_a_look_saves_what_it_finds_and_the_next_finds_nothing_new() -> None:
    world = World()
    room = await world.lead("one")
    await world.like(4)
    assert await world.look(room) == 0
    await world.like(1)
    assert await world.look(room) == 1
    assert await world.look(room) == 0
    (told,) = await world.untold()
    assert (told["to"], told["at"], told["message_en"]) == ("firing", NOW, "5")


async def test_who_takes_over_goes_on_and_who_lost_the_lease_saves_nothing() -> None:
    world = World()
    one = await world.lead("one")
    await world.like(5)
    await world.look(one)
    world.now_ms += 3_000
    two = await world.lead("two")
    assert await world.look(two) == 0, "it fired already"
    await world.like(-5)
    with pytest.raises(LeaseLost):
        await world.look(one)
    assert await world.look(two) == 1
    assert [told["to"] for told in await world.untold()] == ["firing", "resolved"]


async def test_what_a_person_did_meanwhile_is_seen() -> None:
    world = World()
    room = await world.lead("one")
    await world.like(5)
    await world.look(room)
    kept = await world.store.alerts.read("room")
    ((key, text),) = kept.states.items()
    after, _ = respond("room", decode(text), Act("acknowledge", f"{key}:1", "Mo"), NOW)  # type: ignore[misc]
    assert await world.store.alerts.save(AlertStep("room", kept.version, None, {key: encode(after)}, [])) == Saved(2)
    await world.like(-5)
    assert await world.look(room) == 0, "refused: its states are old"
    assert await world.look(room) == 1
    (*_, last) = await world.untold()
    assert (last["from"], last["to"]) == ("acknowledged", "resolved")


@pytest.mark.parametrize("answer_is_lost", [False, True])
async def test_a_store_that_goes_away_while_saving_loses_and_doubles_nothing(monkeypatch, answer_is_lost: bool) -> None:
    world = World()
    room = await world.lead("one")
    await world.like(5)
    save = world.store.alerts.save

    async def away(step: AlertStep) -> Saved | Overtaken | Lost:
        if answer_is_lost:
            await save(step)
        raise StoreAway("away")

    monkeypatch.setattr(world.store.alerts, "save", away)
    with pytest.raises(StoreAway):
        await world.look(room)
    monkeypatch.undo()
    world.now_ms += 700
    assert await world.look(room) == (0 if answer_is_lost else 1)
    (told,) = await world.untold()
    assert told["id"].endswith(":1/1")


async def test_a_room_is_due_when_something_may_be_found_and_not_sooner() -> None:
    world = World()
    room = await world.lead("one")

    async def due(after_ms: int, **new: int) -> bool:
        news = (await world.store.alerts.news(["room"]))["room"]
        return room.is_due(replace(news, **new), world.now_ms + after_ms)

    assert await due(0), "it was never looked at"
    await world.like(1)
    await world.look(room)
    assert not await due(APART_MS) and not await due(4_999)
    assert await due(5_000), "the windows have moved on"
    assert await due(0, scenes=1), "something was said of it"
    await world.like(4)
    assert not await due(APART_MS - 1) and await due(APART_MS)
    world.now_ms += APART_MS
    assert await world.look(room) == 1
    assert await due(APART_MS), "its own step raised the revision"
    world.now_ms += APART_MS
    await world.look(room)
    assert not await due(APART_MS)


async def test_other_rules_are_heeded_at_once_and_see_all_they_name() -> None:
    world = World()
    room = await world.lead("one")
    await world.like(7)
    await room.look([], BoardRules(), {}, world.now_ms)
    assert await world.look(room) == 1
