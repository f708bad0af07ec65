"""What every store does with a change, and gives to its readers. What it refuses is in test_store_refusals.py."""

import asyncio

import pytest

from streams.change import Change, Position
from streams.store.port import Applied, State, Store
from streams.topics import Partition

VIEWS_0 = Partition("live.views", 0)
FULL = 2**63 - 1
HOSTILE = ["", " ", "浙江", "a\x00b", "line\nbreak\r\n", "{tag}", "ls:2:{room}:total", "'; DROP", "🎉" * 50, "x" * 10_000, "rev", "guard:g"]


def change(offset: int = 0, room: str = "room-1", last: int | None = None) -> Change:
    return Change(room, Position("log", VIEWS_0, offset, offset if last is None else last))


async def applied(store: Store, *changes: Change) -> None:
    for one in changes:
        (outcome,) = await store.apply([one])
        assert isinstance(outcome, Applied), outcome


async def hash_of(store: Store, key: str, room: str = "room-1") -> dict[str, str]:
    return (await store.hashes(room, [key]))[0]


async def test_answers(store: Store) -> None:
    await store.ping()


async def test_adds_up_and_keeps_rooms_and_keys_apart(store: Store) -> None:
    first, second = change(0), change(1)
    first.add = {"total": {"likes": 3, "gmv": 10**12}, "m:1": {"likes": 3}}
    second.add = {"total": {"likes": 4, "shares": -1}, "m:2": {}}
    other = change(0, room="room-2")
    other.add = {"total": {"likes": 100}}
    await applied(store, first, second, other)
    assert await store.hashes("room-1", ["m:1", "total", "m:2"]) == [
        {"likes": "3"},
        {"likes": "7", "gmv": str(10**12), "shares": "-1"},
        {},
    ]
    assert await hash_of(store, "total", "room-2") == {"likes": "100"}


@pytest.mark.parametrize("amount", [2**53 + 1, -(2**53) - 1, FULL, -FULL - 1])
async def test_adds_exactly_over_the_whole_of_64_bits(store: Store, amount: int) -> None:
    first, second = change(0), change(1)
    first.add = {"total": {"wide": amount, "narrow": 1}}
    second.add = {"total": {"wide": -1 if amount > 0 else 1}}
    await applied(store, first, second)
    assert await hash_of(store, "total") == {"wide": str(amount - 1 if amount > 0 else amount + 1), "narrow": "1"}


async def test_full_counter_keeps_its_value_and_everything_else_is_applied(store: Store) -> None:
    first, second = change(0), change(1)
    first.add = {"total": {"gmv": FULL}}
    second.add = {"total": {"gmv": 1, "likes": 1}}
    second.put = {"facts": {"title": "on"}}
    await applied(store, first, second)
    assert await store.hashes("room-1", ["total", "facts"]) == [{"gmv": str(FULL), "likes": "1"}, {"title": "on"}]


async def test_sets_and_removes_fields(store: Store) -> None:
    first, second = change(0), change(1)
    first.put = {"facts": {"title": "早安", "host": "甲", "note": ""}, "shelf": {"p1": "{}"}, "empty": {}}
    second.put = {"facts": {"title": "晚安"}}
    second.remove = {"facts": ["host", "never-there"], "shelf": ["p1"], "nothing": ["x"], "none": []}
    await applied(store, first, second)
    assert await store.hashes("room-1", ["facts", "shelf", "empty"]) == [{"title": "晚安", "note": ""}, {}, {}]


async def test_within_one_change_removes_then_puts_then_adds(store: Store) -> None:
    first, second = change(0), change(1)
    first.put = {"stock": {"a": "5", "b": "6"}}
    second.remove = {"stock": ["a", "b"]}
    second.put = {"stock": {"a": "100"}}
    second.add = {"stock": {"a": -3}}
    await applied(store, first, second)
    assert await hash_of(store, "stock") == {"a": "97"}


async def test_raises_what_is_lower_and_sets_what_is_not_there(store: Store) -> None:
    first, second = change(0), change(1)
    first.raised = {"as_of": {"views": 100, "low": -5}}
    second.raised = {"as_of": {"views": 99, "low": -4, "clicks": 2**53}}
    await applied(store, first, second)
    assert await hash_of(store, "as_of") == {"views": "100", "low": "-4", "clicks": str(2**53)}


async def test_best_follows_the_highest_sum(store: Store) -> None:
    best = {("p:1:m:7", "gmv", "p:1", "best_minute_gmv"), ("not", "there", "p:1", "nothing")}
    for offset, (amount, record) in enumerate([(500, "500"), (250, "750"), (-600, "750"), (601, "751")]):
        one = change(offset)
        one.add = {"p:1:m:7": {"gmv": amount}}
        one.best = best
        await applied(store, one)
        assert await hash_of(store, "p:1") == {"best_minute_gmv": record}


async def test_counts_different_people_and_unions(store: Store) -> None:
    first, second = change(0), change(1)
    first.meet(("total~viewers", "m:1~viewers"), ["甲", "乙", "乙"])
    first.meet(("total~viewers",), ["丙"])
    first.meet(("empty",), [])
    second.meet(("total~viewers", "m:2~viewers"), ["乙", "丁"])
    await applied(store, first, second)
    unions = [["total~viewers"], ["m:1~viewers"], ["m:1~viewers", "m:2~viewers", "m:3~viewers"], ["empty"], ["none"], []]
    assert await store.counts("room-1", unions) == [4, 2, 3, 0, 0, 0]


async def test_counts_100_000_people_within_3_percent(store: Store) -> None:
    for offset in range(4):
        one = change(offset)
        one.meet((f"part{offset % 2}", "all"), (f"user-{n}" for n in range(offset * 20_000, offset * 20_000 + 40_000)))
        await applied(store, one)
    whole, union = await store.counts("room-1", [["all"], ["part0", "part1"]])
    assert whole == pytest.approx(100_000, rel=0.03)
    assert union == whole


async def test_lists_keep_the_newest_items_first(store: Store) -> None:
    first, second, third = change(0), change(1), change(2)
    first.push = {"comments": (["c", "b", "a"], 4), "words": ([], 3)}
    second.push = {"comments": (["e", "d"], 4)}
    await applied(store, first, second)
    assert await store.heads("room-1", {"comments": 10, "words": 5, "none": 5}) == {
        "comments": ["e", "d", "c", "b"],
        "words": [],
        "none": [],
    }
    assert await store.heads("room-1", {"comments": 2}) == {"comments": ["e", "d"]}
    assert await store.heads("room-1", {"comments": 0}) == {"comments": []}
    third.push = {"comments": ([str(n) for n in range(5_000, 0, -1)], 3_000)}
    await applied(store, third)
    newest = (await store.heads("room-1", {"comments": 10_000}))["comments"]
    assert newest == [str(n) for n in range(5_000, 2_000, -1)]


async def test_tops_are_highest_first_and_equals_by_member(store: Store) -> None:
    first, second = change(0), change(1)
    first.score = {"words": {"好看": 2, "b": 1, "a": 1, "c": 1, "zero": 0}}
    second.score = {"words": {"c": 1, "B": 1, "é": 1}}
    await applied(store, first, second)
    rows = [("c", 2), ("好看", 2), ("B", 1), ("a", 1), ("b", 1), ("é", 1), ("zero", 0)]
    assert await store.tops("room-1", {"words": 100, "none": 3}) == {"words": rows, "none": []}
    assert await store.tops("room-1", {"words": 4}) == {"words": rows[:4]}
    assert await store.tops("room-1", {"words": 0}) == {"words": []}


async def test_of_a_set_with_a_bound_the_lowest_scores_go(store: Store) -> None:
    first, second = change(0), change(1)
    first.score = {"words": {"好看": 5, "b": 1, "a": 1, "c": 2}, "free": {"a": 1, "b": 1}}
    first.most = {"words": 3, "none": 1}
    second.score = {"words": {"d": 3}}
    second.most = {"words": 3}
    await applied(store, first)
    assert await store.tops("room-1", {"words": 9, "free": 9}) == {"words": [("好看", 5), ("c", 2), ("a", 1)], "free": [("a", 1), ("b", 1)]}
    await applied(store, second)
    assert await store.tops("room-1", {"words": 9}) == {"words": [("好看", 5), ("d", 3), ("c", 2)]}


async def test_keys_expire(subject) -> None:
    store = subject.store
    first, second = change(0), change(1)
    first.add = {"b:1": {"likes": 1}, "b:2": {"likes": 1}, "total": {"likes": 1}}
    first.meet(("b:1~viewers",), ["甲"])
    first.push = {"l": (["x"], 1)}
    first.score = {"z": {"x": 1}}
    first.expire = {"b:1": 1, "b:2": 100, "b:1~viewers": 1, "l": 1, "z": 1, "never-there": 1}
    await applied(store, first)
    assert await hash_of(store, "b:1") == {"likes": "1"}
    await subject.wait(1.2)
    assert await store.hashes("room-1", ["b:1", "b:2", "total"]) == [{}, {"likes": "1"}, {"likes": "1"}]
    assert await store.counts("room-1", [["b:1~viewers"]]) == [0]
    assert await store.heads("room-1", {"l": 1}) == {"l": []}
    assert await store.tops("room-1", {"z": 1}) == {"z": []}
    second.add = {"b:1": {"likes": 5}}
    second.expire = {"b:2": 0}
    await applied(store, second)
    assert await store.hashes("room-1", ["b:1", "b:2"]) == [{"likes": "5"}, {}]


async def test_touched_since_a_revision(store: Store) -> None:
    revs = []
    for offset, keys in enumerate([{"total", "m:1"}, {"total", "m:2"}, set[str]()]):
        one = change(offset)
        one.touched = keys
        assert await store.apply([one]) == [Applied()]
        revs.append((await store.touched("room-1", 0))[0])
    assert 0 < revs[0] < revs[1] < revs[2]
    for since, keys in [(0, ["m:1", "m:2", "total"]), (revs[0], ["m:2", "total"]), (revs[1], []), (revs[2], []), (revs[2] + 99, [])]:
        rev, found = await store.touched("room-1", since)
        assert (rev, sorted(found)) == (revs[2], keys)


async def test_read_gives_the_fields_asked_for_and_the_guards(store: Store) -> None:
    one = change(0)
    one.put = {"facts": {"title": "早安", "host": "甲"}, "shelf": {"p1": "{}"}}
    one.bumps = {"shelf"}
    await applied(store, one)
    wants = {"room-1": {"facts": ["title", "missing"], "shelf": None, "none": None, "nothing": []}, "unknown": {"facts": None}, "bare": {}}
    assert await store.read(wants, ["shelf", "facts"]) == {
        "room-1": State({"facts": {"title": "早安"}, "shelf": {"p1": "{}"}, "none": {}, "nothing": {}}, {"shelf": 1, "facts": 0}),
        "unknown": State({"facts": {}}, {"shelf": 0, "facts": 0}),
        "bare": State({}, {"shelf": 0, "facts": 0}),
    }
    assert await store.read({"room-1": {"facts": ["host"]}}, []) == {"room-1": State({"facts": {"host": "甲"}}, {})}
    assert await store.read({}, ["shelf"]) == {}


async def test_unknown_rooms_are_empty(store: Store) -> None:
    assert await store.rooms() == []
    assert await store.touched("none", 0) == (0, [])
    assert await store.hashes("none", ["total"]) == [{}]
    assert await store.hashes("none", []) == []
    assert await store.counts("none", []) == []
    assert await store.heads("none", {}) == {}
    assert await store.tops("none", {}) == {}


async def test_lists_the_rooms_by_name(store: Store) -> None:
    for room in ("b", "a", "A.b_c-9", "a" * 64):
        await applied(store, change(0, room=room))
    await applied(store, change(1, room="b"))
    assert await store.rooms() == ["A.b_c-9", "a", "a" * 64, "b"]


async def test_hostile_names_are_only_names(store: Store) -> None:
    one = change(0)
    one.add = {f"add{name}": dict.fromkeys(HOSTILE, 1) for name in HOSTILE}
    one.put = {"put": {name: name for name in HOSTILE}}
    one.push = {"list": (HOSTILE, 100)}
    one.score = {"set": dict.fromkeys(HOSTILE, 1)}
    one.meet(("people",), HOSTILE)
    one.touched = set(HOSTILE)
    await applied(store, one)
    assert await store.hashes("room-1", [f"add{name}" for name in HOSTILE]) == [dict.fromkeys(HOSTILE, "1")] * len(HOSTILE)
    assert await hash_of(store, "put") == {name: name for name in HOSTILE}
    assert await store.heads("room-1", {"list": 100}) == {"list": HOSTILE}
    assert await store.tops("room-1", {"set": 100}) == {"set": [(name, 1) for name in sorted(HOSTILE)]}
    assert await store.counts("room-1", [["people"]]) == [len(HOSTILE)]
    assert sorted((await store.touched("room-1", 0))[1]) == sorted(HOSTILE)


async def test_takes_large_changes_whole(store: Store) -> None:
    one, gone = change(0), change(1)
    names = [f"field-{n}" for n in range(5_000)]
    one.add = {"many": {name: n for n, name in enumerate(names)}, **{f"key-{n}": {"x": n} for n in range(3_000)}}
    one.put = {"texts": dict.fromkeys(names, "x" * 100)}
    one.meet(("a", "b", "c"), (f"user-{n}" for n in range(50_000)))
    one.score = {"words": {name: n for n, name in enumerate(names)}}
    one.touched = {f"key-{n}" for n in range(5_000)}
    await applied(store, one)
    assert await hash_of(store, "many") == {name: str(n) for n, name in enumerate(names)}
    assert (await store.hashes("room-1", [f"key-{n}" for n in range(3_000)]))[2_999] == {"x": "2999"}
    assert len(await hash_of(store, "texts")) == 5_000
    assert await store.counts("room-1", [["a"], ["b"], ["c"]]) == pytest.approx([50_000] * 3, rel=0.03)
    assert (await store.tops("room-1", {"words": 1}))["words"] == [("field-4999", 4_999)]
    assert len((await store.touched("room-1", 0))[1]) == 5_000
    gone.remove = {"texts": names}
    await applied(store, gone)
    assert await hash_of(store, "texts") == {}


async def test_remembers_the_logs_of_a_topic_newest_first(store: Store) -> None:
    assert await store.logs("live.views") == []
    for log in ("c/a", "c/b", "c/a"):
        await store.note_log("live.views", log)
    await store.note_log("live.orders", "c/x")
    assert await store.logs("live.views") == ["c/a", "c/b"]
    for number in range(100):
        await store.note_log("live.views", f"c/{number}")
    assert (await store.logs("live.views"))[:2] == ["c/99", "c/98"]
    assert len(await store.logs("live.views")) < 20


async def test_answers_any_number_of_calls_at_once(store: Store) -> None:
    await applied(store, change(0))
    assert await asyncio.gather(*(store.rooms() for _ in range(300))) == [["room-1"]] * 300


async def test_what_workers_say_is_kept_and_whether_they_live(store: Store) -> None:
    assert await store.reports() == {}
    await store.report("a:1", "one", 60)
    await store.report("b:2", "two", 0)
    await store.report("a:1", "three", 60)
    assert await store.reports() == {"a:1": ("three", True), "b:2": ("two", False)}
    await store.forget_workers(["b:2", "c"])
    await store.forget_workers([])
    await store.report("a:1", "gone", 0)
    assert await store.reports() == {"a:1": ("gone", False)}
