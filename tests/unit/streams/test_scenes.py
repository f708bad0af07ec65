"""live.scenes: facts, the shelf, notes."""

from typing import Any

import pytest

from streams import events as ev
from streams import keys, notes
from tests.rooms.build import MINUTE, NOW, event
from tests.rooms.drive import Room

L, S, D = ev.Listed, ev.Stocked, ev.Delisted


def at(after: int, sort: type[ev.Event], **fields: Any) -> ev.Event:
    """An event so many ms after NOW; orders have ids by their time."""
    return event(sort, at=NOW + after, **({"order": f"o{after}"} if sort in (ev.Created, ev.Cancelled) else {}) | fields)


async def send(room: Room, events: list[ev.Event], one_chunk: bool) -> None:
    await (room.send if one_chunk else room.send_each)(*events)


@pytest.fixture(params=[True, False], ids=["one chunk", "a chunk each"])
def one_chunk(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


# --- facts


async def test_an_unopened_room_says_so(room: Room) -> None:
    await room.send(event(ev.Liked))
    board = await room.board()
    assert (board["title"], board["status"], board["currency"], board["opened_at"]) == ("room", "unopened", "CNY", None)


async def test_a_repeated_opening_updates_facts_and_resets_nothing(room: Room, one_chunk: bool) -> None:
    await room.send(event(ev.Liked))
    openings = [at(0, ev.Opened, title="A", host="h", goal_gmv=5), at(MINUTE, ev.Opened, title="B", currency="USD")]
    await send(room, openings, one_chunk)
    board = await room.board(NOW + MINUTE)
    facts = {name: board[name] for name in ("title", "status", "host", "currency", "goal_gmv", "opened_at", "closed_at")}
    assert facts == {"title": "B", "status": "live", "host": "h", "currency": "USD", "goal_gmv": 5, "opened_at": NOW, "closed_at": None}
    assert board["total"]["likes"] == 1


async def test_of_two_openings_the_newer_holds_whatever_came_first(room: Room, one_chunk: bool) -> None:
    await send(room, [at(9, ev.Opened, title="new"), at(0, ev.Opened, title="old", host="h")], one_chunk)
    board = await room.board()
    assert (board["title"], board["host"], board["opened_at"]) == ("new", None, NOW)


async def test_a_room_opened_at_its_stated_start_and_ends_with_its_last_closing(room: Room, one_chunk: bool) -> None:
    await send(room, [at(0, ev.Opened, starts=NOW - MINUTE), at(9, ev.Closed), at(5, ev.Closed)], one_chunk)
    board = await room.board(NOW + MINUTE)
    assert (board["status"], board["opened_at"], board["closed_at"]) == ("ended", NOW - MINUTE, NOW + 9)


# --- the shelf


async def test_a_listed_product_is_on_the_shelf_as_said(room: Room) -> None:
    await room.send(at(0, L, title="口红", price=990, stock=7, campaign_stock=2, image="i.png"))
    row = await room.product()
    shown = {
        name: row[name]
        for name in ("title", "price", "image", "listed", "listed_at", "stock", "campaign_stock", "explaining", "explanations")
    }
    assert shown == {
        "title": "口红", "price": 990, "image": "i.png", "listed": True, "listed_at": NOW, "stock": 7, "campaign_stock": 2,
        "explaining": False, "explanations": 0,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("events", "listed", "title"),
    [
        ([at(0, L), at(1, D)], False, "T"),
        ([at(0, L), at(1, D), at(2, L, title="again")], True, "again"),
        ([at(1, D), at(0, L, title="late")], False, "p"),
        ([at(2, L, title="new"), at(1, D), at(0, L, title="old")], True, "new"),
    ],
)
async def test_delisted_and_listed_again(room: Room, events: list[ev.Event], listed: bool, title: str, one_chunk: bool) -> None:
    await send(room, events, one_chunk)
    row = await room.product()
    assert (row["listed"], row["title"]) == (listed, title)


async def test_products_on_the_shelf_come_first_by_when_they_were_listed(room: Room) -> None:
    await room.send(
        at(2, L, product="b"), at(1, L, product="c"), at(0, L, product="a"), at(3, D, product="a"), event(ev.Clicked, product="never")
    )
    assert [row["product"] for row in (await room.board())["products"]] == ["c", "b", "never", "a"]


# --- stock: by event time, whatever comes first

STOCK = [
    ("order after setting", [at(0, L, stock=10), at(1, ev.Created, quantity=3)], (7, 0)),
    ("order before setting", [at(1, L, stock=10), at(0, ev.Created, quantity=3)], (10, 0)),
    ("order in the ms of setting", [at(0, L, stock=10), at(0, ev.Created, quantity=3)], (7, 0)),
    ("given back", [at(0, L, stock=10), at(1, ev.Created, order="x", quantity=3), at(2, ev.Cancelled, order="x", quantity=3)], (10, 0)),
    ("cancelled only", [at(0, L, stock=10), at(2, ev.Cancelled, quantity=3)], (13, 0)),
    ("created twice", [at(0, L, stock=10), at(1, ev.Created, order="x"), at(2, ev.Created, order="x")], (9, 0)),
    ("paid takes nothing", [at(0, L, stock=10), at(1, ev.Paid, quantity=3)], (10, 0)),
    ("campaign first", [at(0, L, stock=10, campaign_stock=2), at(1, ev.Created, quantity=3)], (9, 0)),
    ("never below 0", [at(0, L, stock=1), at(1, ev.Created, quantity=3)], (0, 0)),
    ("counted anew", [at(0, L, stock=10), at(1, ev.Created), at(2, S, stock=50), at(3, ev.Created, quantity=2)], (48, 0)),
    ("goes on", [at(0, L, campaign_stock=5), at(1, ev.Created, quantity=3), at(2, S, stock=50), at(3, ev.Created, quantity=3)], (49, 0)),
    ("campaign set anew", [at(0, L, stock=10, campaign_stock=5), at(1, ev.Created), at(2, S, stock=50, campaign_stock=9)], (50, 9)),
    ("stocked only", [at(0, S, stock=8), at(1, ev.Created)], (7, 0)),
    ("older setting", [at(2, S, stock=8), at(0, L, stock=99), at(1, ev.Created)], (8, 0)),
    ("older campaign", [at(2, S, stock=8), at(0, L, stock=99, campaign_stock=3), at(1, ev.Created)], (8, 2)),
]  # fmt: skip


@pytest.mark.parametrize("order", ["as sent", "scenes first", "orders first"])
@pytest.mark.parametrize(("events", "stock"), [case[1:] for case in STOCK], ids=[case[0] for case in STOCK])
async def test_stock(room: Room, events: list[ev.Event], stock: tuple[int, int], order: str, one_chunk: bool) -> None:
    if order != "as sent":
        events = sorted(events, key=lambda event: (event.topic == "live.orders") == (order == "scenes first"))
    await send(room, events, one_chunk)
    row = await room.product()
    assert (row["stock"], row["campaign_stock"]) == stock


async def test_orders_before_the_stock_was_set_are_forgotten(room: Room) -> None:
    await room.send(at(0, ev.Created), at(5, ev.Created), at(5, L))
    assert set(await room.kept(keys.sold("p"))) == {str(NOW + 5)}


# --- explanations

START, END = ev.ExplainStarted, ev.ExplainEnded


@pytest.mark.parametrize(
    ("events", "since", "times"),
    [
        ([at(0, START)], NOW, 1),
        ([at(0, START), at(1, END)], None, 1),
        ([at(0, START), at(1, END), at(2, START)], NOW + 2, 2),
        ([at(1, END), at(0, START)], None, 1),
        ([at(2, START), at(1, END), at(0, START)], NOW + 2, 2),
        ([at(0, END)], None, 0),
    ],
)
async def test_explanations(room: Room, events: list[ev.Event], since: int | None, times: int, one_chunk: bool) -> None:
    await send(room, events, one_chunk)
    row = await room.product()
    assert (row["explaining"], row["explaining_since"], row["explanations"]) == (since is not None, since, times)
    assert len((await room.board())["scenes"]) == len(events)


async def test_an_explanation_told_twice_under_one_id_counts_once(room: Room, one_chunk: bool) -> None:
    start = event(START, id="once", at=NOW)
    await send(room, [start, start, event(END, at=NOW + 1), start, event(START, id="another", at=NOW + 2)], one_chunk)
    row = await room.product()
    assert (row["explanations"], row["explaining_since"]) == (2, NOW + 2)


# --- notes and the rest


def note(after: int, sort: type[ev.Event], name: str = "n", **fields: Any) -> ev.Event:
    return event(sort, id=f"{name}{after}", note=name, at=NOW + after, **fields)


NOTED, EDITED, DELETED = ev.Noted, ev.NoteEdited, ev.NoteDeleted
NOTES = [
    ("noted", [note(0, NOTED, text="a")], {"id": "n0", "at": NOW, "text": "a", "author": "a"}),
    (
        "edited",
        [note(0, NOTED, text="a", tags=["x"]), note(1, EDITED, text="b")],
        {"id": "n0", "at": NOW, "text": "b", "tags": ["x"], "edited_at": NOW + 1},
    ),
    ("noted again by another", [note(0, NOTED, author="a"), note(1, NOTED, text="b", author="b")], {"text": "b", "author": "a"}),
    (
        "edited by another",
        [note(0, NOTED, text="a", author="a"), note(1, EDITED, text="b", author="b")],
        {"text": "b", "author": "a", "edited_by": "b"},
    ),
    ("deleted", [note(0, NOTED), note(1, DELETED)], None),
    ("edited after it was deleted", [note(0, NOTED), note(1, DELETED), note(2, EDITED, text="b")], None),
    ("noted again", [note(0, NOTED, text="a"), note(1, DELETED), note(2, NOTED, text="c")], {"id": "n2", "text": "c"}),
    (
        "deleted twice, noted again",
        [note(0, NOTED), note(1, DELETED), note(2, DELETED), note(3, NOTED, text="c")],
        {"id": "n3", "text": "c"},
    ),
    ("never noted", [note(1, EDITED, text="b")], None),
    ("deleted only", [note(1, DELETED)], None),
]


@pytest.mark.parametrize(("events", "shown"), [case[1:] for case in NOTES], ids=[case[0] for case in NOTES])
async def test_notes(room: Room, events: list[ev.Event], shown: dict[str, Any] | None, one_chunk: bool) -> None:
    await send(room, events, one_chunk)
    scenes = (await room.board())["scenes"]
    assert len(scenes) == (shown is not None)
    if shown is not None:
        assert scenes[0] == scenes[0] | shown | {"kind": "noted", "note": "n"}


async def test_what_was_said_in_a_note_is_kept_whatever_becomes_of_it(room: Room, one_chunk: bool) -> None:
    said = [
        note(0, NOTED, text="a", author="a"),
        note(1, EDITED, text="b", author="b"),
        note(2, DELETED, author="c"),
        note(3, EDITED, text="d"),
    ]
    await send(room, [*said, note(0, NOTED, "other"), said[1]], one_chunk)
    log = await room.kept(keys.NOTE_LOG)
    found = notes.history(log, "n")
    assert [(each["kind"], each.get("text"), each.get("author")) for each in found] == [
        ("noted", "a", "a"), ("note_edited", "b", "b"), ("note_deleted", None, "c"), ("note_edited", "d", None),
    ]  # fmt: skip
    assert notes.author(log, "n") == "a" and notes.author(log, "nobody's") is None


async def test_a_note_taken_back_vanishes_from_a_board_already_read(room: Room) -> None:
    await room.send(note(0, NOTED), note(0, NOTED, "other"))
    assert len((await room.board())["scenes"]) == 2
    await room.send(note(1, DELETED))
    assert [scene["note"] for scene in (await room.board())["scenes"]] == ["other"]


async def test_scenes_are_shown_newest_first_with_their_own_fields(room: Room) -> None:
    sent = [
        at(1, ev.HostOn, host="h"),
        at(3, ev.Violated, reason="<b>", advice="x"),
        at(2, ev.BagStarted, prize="手机"),
        at(4, ev.Prompted, text="t"),
    ]
    await room.send(*sent, at(5, ev.Spent), at(6, L))
    scenes = (await room.board())["scenes"]
    assert [scene["kind"] for scene in scenes] == ["prompted", "violated", "bag_started", "host_on"]
    assert scenes[1] == {"id": sent[1].id, "kind": "violated", "at": NOW + 3, "violation": "v", "reason": "<b>", "advice": "x"}


async def test_advertising_cost_makes_a_sources_roi(room: Room, one_chunk: bool) -> None:
    await send(room, [at(0, ev.Spent, source="ads_feed", amount=30), at(1, ev.Spent, source="ads_feed", amount=20)], one_chunk)
    await room.send(event(ev.Paid, source="ads_feed", amount=200))
    row = (await room.board())["sources"]["ads_feed"]
    assert (row["cost"], row["roi"], row["natural"]) == (50, 4.0, False)


async def test_the_room_and_all_paid_channels_together_have_their_cost_and_net_roi(room: Room) -> None:
    spent = [at(0, ev.Spent, source="ads_feed", amount=30), at(MINUTE, ev.Spent, source="ads_boost", amount=20)]
    await room.send(*spent, event(ev.Paid, order="1", source="ads_feed", amount=200), event(ev.Paid, order="2", source="mall", amount=100))
    await room.send(event(ev.Refunded, order="1", source="ads_feed", amount=50))
    board = await room.board(NOW + MINUTE)
    names = ("cost", "gmv", "net_gmv", "roi", "net_roi")
    assert {name: tuple(row[each] for each in names) for name, row in board["channels"].items()} == {
        "natural": (0, 100, 100, None, None),
        "paid": (50, 200, 150, 4.0, 3.0),
    }
    assert [board["channels"][name]["gmv_share"] for name in ("natural", "paid")] == [1 / 3, 2 / 3]
    assert tuple(board["total"][each] for each in names) == (50, 300, 250, 6.0, 5.0)
    minutes = await room.minutes(NOW + MINUTE)
    assert [minutes[NOW + after]["cost"] for after in (0, MINUTE)] == [30, 20]


async def test_a_plan_has_its_cost_and_a_roi_only_where_its_source_has_no_other(room: Room, one_chunk: bool) -> None:
    plans = [("ads_feed", "a", 30), ("ads_feed", "b", 10), ("ads_boost", "a", 20), ("ads_feed", "a", 5)]
    await send(room, [at(i, ev.Spent, source=source, plan=plan, amount=cost) for i, (source, plan, cost) in enumerate(plans)], one_chunk)
    await room.send(event(ev.Paid, source="ads_boost", amount=80))
    rows = [(row["source"], row["plan"], row["cost"], row["cost_share"], row["roi"]) for row in (await room.board())["plans"]]
    assert rows == [("ads_feed", "a", 35, 35 / 45, None), ("ads_boost", "a", 20, 1.0, 4.0), ("ads_feed", "b", 10, 10 / 45, None)]
    await room.send(at(9, ev.Spent, source="ads_boost", amount=20))  # of no plan: whose orders they are is not known any more
    assert [row["roi"] for row in (await room.board())["plans"] if row["source"] == "ads_boost"] == [None]


async def test_plans_beyond_the_limit_are_counted_together(room: Room, one_chunk: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("streams.scenes.MOST_PLANS", 2)
    await send(room, [at(i, ev.Spent, source="ads_feed", plan=f"plan {i % 4}", amount=1 + i) for i in range(8)], one_chunk)
    board = await room.board()
    assert {row["plan"]: row["cost"] for row in board["plans"]} == {"plan 0": 6, "plan 1": 8, "overflow": 22}
    assert board["sources"]["ads_feed"]["cost"] == 36


async def numbers(room: Room) -> dict[str, int | None]:
    return {row["product"]: row["number"] for row in (await room.board())["products"]}


@pytest.mark.parametrize("one_chunk", [True, False])
async def test_a_product_keeps_the_number_it_was_first_listed_under_whoever_goes(room: Room, one_chunk: bool) -> None:
    send = room.send if one_chunk else room.send_each
    await send(*(event(ev.Listed, at=NOW + n, product=name) for n, name in enumerate("abc")))
    await send(
        event(ev.Delisted, at=NOW + 10, product="a"), event(ev.Listed, at=NOW + 11, product="d"), event(ev.Listed, at=NOW + 12, product="b")
    )
    await send(event(ev.Listed, at=NOW + 13, product="a"))
    assert await numbers(room) == {"a": 1, "b": 2, "c": 3, "d": 4}


async def test_the_platforms_number_holds_and_what_was_never_listed_has_none(room: Room) -> None:
    await room.send(event(ev.Listed, product="a", number=7), event(ev.Listed, product="b"), event(ev.Listed, product="c"))
    await room.send(
        event(ev.Listed, product="b", number=2, at=NOW + 1), event(ev.Listed, product="a", at=NOW + 1), event(ev.Clicked, product="x")
    )
    assert await numbers(room) == {"a": 7, "b": 2, "c": 9, "x": None}
