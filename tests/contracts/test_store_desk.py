"""What every store does with leases, the alerts of a room, and notices."""

import asyncio

import pytest

from streams import events as ev
from streams import keys
from streams.store.desk import AlertStep, Kept, Lost, News, Overtaken, Page, Saved
from streams.store.port import Store
from streams.topics import SCENES, VIEWS, Partition
from tests.rooms.build import event
from tests.rooms.drive import Worker

HOSTILE = ["", " ", "浙江", "a\x00b", "line\nbreak", "1 2", "🎉" * 50, "x" * 10_000]


def step(room: str = "room-1", version: int = 0, token: int | None = None, told: tuple[str, ...] = (), **put: str) -> AlertStep:
    return AlertStep(room, version, token, put, told)


async def texts(store: Store, room: str = "room-1") -> list[str]:
    return [waiting.text for waiting in (await store.alerts.untold([room], 100)).get(room, [])]


async def test_a_lease_has_one_owner_until_its_time_is_over(subject) -> None:
    leases = subject.store.leases
    assert await leases.take(["a", "~b"], "one", 1_000) == {"a": 1, "~b": 1}
    assert await leases.take(["a", "~b", "c"], "two", 60_000) == {"c": 1}
    assert await leases.take(["a", "c"], "one", 1_000) == {"a": 1}  # prolonged: the token stays
    await subject.wait(1.1)
    assert await leases.take(["a"], "two", 60_000) == {"a": 2}
    assert await leases.take(["a", "~b"], "one", 60_000) == {"~b": 2}  # late even for its own: another may have been there
    assert await leases.take([], "one", 1_000) == {}


async def test_a_lease_given_back_is_free_at_once_and_only_its_owner_can(subject) -> None:
    leases = subject.store.leases
    assert await leases.take(["a"], "one", 60_000) == {"a": 1}
    await leases.release(["a", "b"], "two")
    assert await leases.take(["a"], "two", 60_000) == {}
    await leases.release(["a"], "one")
    assert await leases.take(["a"], "two", 60_000) == {"a": 2}


async def test_of_many_that_want_a_lease_one_gets_it(store: Store) -> None:
    taken = await asyncio.gather(*(store.leases.take(["a"], f"owner-{n}", 60_000) for n in range(20)))
    assert sorted(map(len, taken)) == [0] * 19 + [1]


async def test_who_is_there_is_known_until_they_leave_or_say_nothing_for_too_long(subject) -> None:
    leases = subject.store.leases
    assert await leases.attend("two", 1_000) == ["two"]
    assert await leases.attend("one", 60_000) == ["one", "two"]
    assert await leases.attend("three", 60_000) == ["one", "three", "two"]
    assert await leases.attend("three", 0) == ["one", "two"]
    await subject.wait(1.1)
    assert await leases.attend("one", 60_000) == ["one"]


async def test_what_watchers_hold_to_is_known_while_they_are_there(subject) -> None:
    store = subject.store
    assert await store.alerts.held() == []
    for name in ("two", "one", "three"):
        await store.alerts.hold(name, f"rules of {name}", 60_000)
    assert await store.alerts.held() == []
    await store.leases.attend("one", 60_000)
    await store.leases.attend("two", 60_000)
    await store.alerts.hold("two", "others", 60_000)
    assert await store.alerts.held() == ["rules of one", "others"]
    await store.leases.attend("one", 0)
    assert await store.alerts.held() == ["others"]


async def test_what_is_new_of_rooms_comes_in_one_go(store: Store) -> None:
    assert await store.alerts.news([]) == {}
    assert await store.alerts.news(["room-1", "room-2"]) == {"room-1": News(0, 0, False), "room-2": News(0, 0, False)}
    await store.alerts.save(step(a="A"))
    await store.alerts.save(step("room-2", told=("t",)))
    first, second = [(await store.touched(room, 0))[0] for room in ("room-1", "room-2")]
    assert await store.alerts.news(["room-2", "room-1"]) == {"room-2": News(second, 0, True), "room-1": News(first, 0, False)}
    await store.alerts.told("room-2", 1)
    assert await store.alerts.news(["room-2"]) == {"room-2": News(second, 0, False)}
    for topic, version in ((VIEWS, 0), (SCENES, 1)):
        worker = Worker(store)
        await worker.deliver(Partition(topic, 0), [(0, event(ev.Liked if topic == VIEWS else ev.Violated, room="room-1"))])
        assert (await store.alerts.news(["room-1"]))["room-1"].scenes == version


@pytest.mark.parametrize("scope", ["", "~", "a b", "{a}", "~~a", "a:b", "x" * 65])
async def test_refuses_what_can_be_no_scope(store: Store, scope: str) -> None:
    with pytest.raises(ValueError):
        await store.leases.take([scope], "one", 1)
    with pytest.raises(ValueError):
        await store.alerts.save(step(scope))


async def test_alerts_are_saved_with_history_and_what_is_to_be_told(store: Store) -> None:
    assert await store.alerts.read("room-1") == Kept(0, {})
    assert await store.alerts.save(step(told=("t1", "t2"), a="A", b="B")) == Saved(1)
    assert await store.alerts.save(step(version=1, told=("t3",), b="B2")) == Saved(2)
    assert await store.alerts.read("room-1") == Kept(2, {"a": "A", "b": "B2"})
    assert await store.heads("room-1", {keys.ALERT_LOG: 10}) == {keys.ALERT_LOG: ["t3", "t2", "t1"]}
    assert await texts(store) == ["t1", "t2", "t3"]
    assert await store.hashes("room-1", [keys.ALERTS]) == [{"a": "A", "b": "B2"}]


async def test_saving_alerts_raises_the_revision_and_touches_what_it_wrote(store: Store) -> None:
    assert await store.alerts.save(step(a="A")) == Saved(1)
    first, touched = await store.touched("room-1", 0)
    assert touched == [keys.ALERTS]
    assert await store.alerts.save(step(version=1, told=("t",))) == Saved(2)
    second, touched = await store.touched("room-1", first)
    assert (second > first, touched) == (True, [keys.ALERT_LOG])


async def test_alerts_of_states_that_moved_on_are_refused_without_a_trace(store: Store) -> None:
    await store.alerts.save(step(told=("t1",), a="A"))
    rev = (await store.touched("room-1", 0))[0]
    assert await store.alerts.save(step(told=("t2",), a="B")) == Overtaken()
    assert await store.alerts.read("room-1") == Kept(1, {"a": "A"})
    assert await texts(store) == ["t1"]
    assert (await store.touched("room-1", 0))[0] == rev


async def test_alerts_under_a_lease_that_another_took_are_refused(subject) -> None:
    store = subject.store
    assert await store.alerts.save(step(token=1, a="A")) == Lost()  # nobody ever took it
    await store.leases.take(["room-1"], "one", 500)
    assert await store.alerts.save(step(token=1, a="A")) == Saved(1)
    await subject.wait(0.6)
    assert await store.alerts.save(step(version=1, token=1, a="B")) == Saved(2)  # over, but nobody else took it
    await store.leases.take(["room-1"], "two", 60_000)
    assert await store.alerts.save(step(version=2, token=1, a="C")) == Lost()
    assert await store.alerts.save(step(version=2, token=2, a="D")) == Saved(3)
    assert await store.alerts.save(step(version=3, a="E")) == Saved(4)  # a person needs no lease
    assert (await store.alerts.read("room-1")).states == {"a": "E"}


async def test_what_is_told_goes_and_what_came_since_stays(store: Store) -> None:
    await store.alerts.save(step(told=("t1", "t2"), a="A"))
    first = (await store.alerts.untold(["room-1", "none"], 1))["room-1"]
    assert [waiting.text for waiting in first] == ["t1"]
    both = (await store.alerts.untold(["room-1"], 100))["room-1"]
    await store.alerts.save(step(version=1, told=("t2",), a="B"))
    for _ in range(2):  # a second time, by someone slow
        await store.alerts.told("room-1", both[-1].number)
        assert await texts(store) == ["t2"]
    await store.alerts.told("room-1", 3)
    assert await store.alerts.untold(["room-1"], 100) == {}


async def test_many_and_hostile_texts_are_kept_as_they_are(store: Store) -> None:
    states = {f"{n}{text}": text for n, text in enumerate(HOSTILE * 300)}
    assert await store.alerts.save(AlertStep("room-1", 0, None, states, HOSTILE)) == Saved(1)
    assert (await store.alerts.read("room-1")).states == states
    assert await texts(store) == HOSTILE


async def test_subscriptions_come_and_go_with_their_desk(store: Store) -> None:
    assert await store.notices.subscriptions() == {}
    await store.notices.subscribe("s1", "one")
    await store.notices.subscribe("s2", "two")
    await store.notices.subscribe("s1", "uno")
    await store.notices.post([("s1", "id", "text")])
    assert await store.notices.subscriptions() == {"s1": "uno", "s2": "two"}
    await store.notices.unsubscribe("s1")
    assert await store.notices.subscriptions() == {"s2": "two"}
    assert (await store.notices.desks(["s1"], 10))["s1"].waiting == []
    with pytest.raises(ValueError):
        await store.notices.subscribe("no room {x}", "")


async def test_a_notice_is_posted_once_and_in_order(store: Store) -> None:
    await store.notices.post([("s1", "a", "A"), ("s2", "a", "A"), ("s1", "b", "B"), ("s1", "a", "again")])
    await store.notices.post([("s1", "b", "again"), ("s1", "c", "B")])
    desks = await store.notices.desks(["s1", "s2", "s3"], 10)
    assert [waiting.text for waiting in desks["s1"].waiting] == ["A", "B", "B"]
    assert [waiting.text for waiting in desks["s2"].waiting] == ["A"]
    assert desks["s3"].waiting == []
    assert len((await store.notices.desks(["s1"], 2))["s1"].waiting) == 2
    await store.notices.post([])


async def test_a_page_is_written_whole_by_the_one_who_has_the_lease(subject) -> None:
    store = subject.store
    await store.notices.post([("s1", name, name) for name in ("a", "b", "c")])
    first, second, _ = (await store.notices.desks(["s1"], 10))["s1"].waiting
    assert not await store.notices.write("s1", 1, Page("x"))
    assert await store.leases.take(["~s1"], "one", 300) == {"~s1": 1}
    assert await store.notices.write("s1", 1, Page("begun"))
    assert (await store.notices.desks(["s1"], 10))["s1"].sending == "begun"
    page = Page(None, [first.number, second.number], {"alert-1": "x", "alert-2": "y"}, ["none"], ["first", "second"])
    assert await store.notices.write("s1", 1, page)
    await subject.wait(0.4)
    await store.leases.take(["~s1"], "two", 60_000)
    assert not await store.notices.write("s1", 1, Page("late", [3], {"z": "z"}, ["alert-1"], ["late"]))
    desk = (await store.notices.desks(["s1"], 10))["s1"]
    assert ([waiting.text for waiting in desk.waiting], desk.sending, desk.open) == (["c"], None, {"alert-1": "x", "alert-2": "y"})
    assert await store.notices.log("s1", 10) == ["second", "first"]
    assert await store.notices.log("s1", 1) == ["second"]
    assert await store.notices.write("s1", 2, Page(None, [], {}, ["alert-1"]))
    assert (await store.notices.desks(["s1"], 10))["s1"].open == {"alert-2": "y"}


async def test_rules_are_kept_as_they_are_until_they_are_taken_away(store: Store) -> None:
    assert await store.alerts.rules() is None
    for text in ("", "- id: 浙江\n", "x" * 500_000):
        assert await store.alerts.put_rules(text)
        assert await store.alerts.rules() == text
    assert await store.alerts.put_rules(None)
    assert await store.alerts.rules() is None


async def test_rules_take_the_place_of_those_that_were_read_or_of_none(store: Store) -> None:
    for before, text, put, kept in (
        ("浙江", "a", False, None),
        ("", "浙江", True, "浙江"),
        ("", "b", False, "浙江"),
        ("a", None, False, "浙江"),
        ("浙江", "b", True, "b"),
        ("b", None, True, None),
    ):
        assert await store.alerts.put_rules(text, before) is put
        assert await store.alerts.rules() == kept
