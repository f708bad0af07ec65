"""Who leads which room, over the store in memory."""

import pytest

from agents.alerting.rooms import AFTER_END_MS, LEASE_MS, THERE_MS, UNHEARD_MS, Rooms
from streams import keys
from streams.change import Change, Position
from streams.store.desk import AlertStep
from streams.store.memory import MemoryStore
from streams.topics import VIEWS, Partition

START = 1_700_000_000_000


class World:
    """Some rooms and a clock."""

    def __init__(self) -> None:
        self.now_ms = START
        self.store = MemoryStore(lambda: self.now_ms)
        self._offset = 0

    def watcher(self, owner: str) -> Rooms:
        return Rooms(self.store, owner, lambda: self.now_ms)

    async def tell(self, room: str, **facts: int) -> None:
        change = Change(room, Position("log", Partition(VIEWS, 0), self._offset, self._offset))
        self._offset += 1
        for name, value in facts.items():
            change.set(keys.FACTS, keys.as_of(VIEWS) if name == "heard" else name, str(value))
        await self.store.apply([change])


async def test_leads_live_rooms_and_no_others() -> None:
    world = World()
    await world.tell("live", heard=START - UNHEARD_MS)
    await world.tell("just-over", heard=START - 5_000, closed_at=START - AFTER_END_MS)
    await world.tell("over", heard=START - 5_000, closed_at=START - AFTER_END_MS - 1)
    await world.tell("unheard", heard=START - UNHEARD_MS - 1)
    await world.tell("empty")
    rooms = world.watcher("one")
    assert sorted(await rooms.survey()) == ["just-over", "live"]
    assert await rooms.survey() == []


async def test_a_room_that_is_heard_of_again_is_led_again() -> None:
    world = World()
    await world.tell("room", heard=START - UNHEARD_MS - 1)
    rooms = world.watcher("one")
    assert await rooms.survey() == []
    await world.tell("room", heard=START)
    world.now_ms += 5_000
    assert await rooms.survey() == ["room"]


async def test_a_room_with_something_to_tell_is_led_whatever_its_age() -> None:
    world = World()
    await world.tell("over", heard=START - 10 * UNHEARD_MS, closed_at=START - 9 * UNHEARD_MS)
    await world.store.alerts.save(AlertStep("over", 0, None, {}, ["a false alarm"]))
    rooms = world.watcher("one")
    assert await rooms.survey() == ["over"]
    await world.store.alerts.told("over", 1)
    assert await rooms.survey() == [] and rooms.led == {}


async def test_one_leads_and_another_takes_over_when_it_is_gone() -> None:
    world = World()
    await world.tell("room", heard=START)
    one, two = world.watcher("one"), world.watcher("two")
    assert await one.survey() == ["room"]
    first = one.led["room"]
    for _ in range(5):
        world.now_ms += LEASE_MS - 1
        assert await one.survey() == [] and await two.survey() == []
    assert one.led["room"] is first
    world.now_ms += LEASE_MS
    assert await two.survey() == ["room"]
    assert two.led["room"].token > first.token
    assert await one.survey() == [] and one.led == {}


async def test_what_is_given_back_is_free_at_once() -> None:
    world = World()
    await world.tell("room", heard=START)
    one, two = world.watcher("one"), world.watcher("two")
    await one.survey()
    await one.release()
    assert await two.survey() == ["room"]


async def test_who_was_away_too_long_starts_afresh() -> None:
    world = World()
    await world.tell("room", heard=START)
    one = world.watcher("one")
    await one.survey()
    first = one.led["room"]
    world.now_ms += LEASE_MS
    assert await one.survey() == ["room"], "another may have led it meanwhile"
    assert one.led["room"] is not first


async def crew(world: World, count: int, rooms: int = 50) -> list[Rooms]:
    """So many watchers that came one after the other, each with the survey it makes twice a second."""
    for number in range(rooms):
        await world.tell(f"room-{number}", heard=START)
    found: list[Rooms] = []
    for number in range(count):
        found.append(world.watcher(f"watcher-{number}"))
        await survey(world, found)
    return found


async def survey(world: World, watchers: list[Rooms], rounds: int = 2) -> None:
    for _ in range(rounds):
        world.now_ms += 500
        for watcher in watchers:
            await watcher.survey()


def led(watchers: list[Rooms]) -> list[int]:
    """How many rooms each leads; each room is led by one."""
    names = [name for watcher in watchers for name in watcher.led]
    assert len(names) == len(set(names))
    return [len(watcher.led) for watcher in watchers]


@pytest.mark.parametrize(("count", "shares"), [(1, [50]), (2, [25, 25]), (3, [17, 17, 16]), (7, [8, 8, 8, 8, 8, 8, 2])])
async def test_each_leads_a_fair_share_as_soon_as_it_has_come(count: int, shares: list[int]) -> None:
    world = World()
    watchers = await crew(world, count)
    assert sorted(led(watchers), reverse=True) == shares


async def test_the_rooms_of_one_that_leaves_are_led_at_the_next_survey() -> None:
    world = World()
    one, two, three = await crew(world, 3)
    kept = dict(one.led)
    await two.release()
    await survey(world, [one, three], 1)
    assert sorted(led([one, three])) == [25, 25]
    assert all(one.led[name] is room for name, room in kept.items()), "nobody gives up a room for nothing"


async def test_the_rooms_of_one_that_dies_are_led_within_4_seconds() -> None:
    world = World()
    one, two, _ = await crew(world, 3)
    await survey(world, [one, two], THERE_MS // 500)
    assert sum(led([one, two])) < 50, "its leases still run"
    await survey(world, [one, two], 8 - THERE_MS // 500)
    assert sorted(led([one, two])) == [25, 25]


async def test_a_watcher_without_its_share_takes_only_what_it_lacks() -> None:
    world = World()
    one, two = await crew(world, 2, rooms=4)
    await world.tell("new-1", heard=START)
    await world.tell("new-2", heard=START)
    await one.survey()
    assert led([one, two]) == [3, 2]
    await two.survey()
    assert led([one, two]) == [3, 3]


async def test_a_room_that_was_opened_again_is_watched_however_long_ago_it_was_closed() -> None:
    world = World()
    await world.tell("again", heard=START, stated_at=START - AFTER_END_MS, closed_at=START - AFTER_END_MS - 1)
    assert await world.watcher("one").survey() == ["again"]
