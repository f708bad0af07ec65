"""A room holds so many names, whatever senders make up; what is counted under others stands under `overflow`."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams import events as ev
from streams import keys
from streams.names import MINUTE, OVERFLOW, PRODUCT, SCENE, Bounds, Names, Naming
from tests.rooms.build import MINUTE as A_MINUTE
from tests.rooms.build import NOW, event
from tests.rooms.drive import Room

FEW = Bounds(products=3, sources=2, values=4, minutes=5, scenes=4, on_air=2, notes=3)


@pytest.fixture
def small(room: Room) -> Room:
    room.worker.bounds = FEW
    return room


def rows(board: dict) -> dict[str, dict]:
    return {row["product"]: row for row in board["products"]}


@pytest.mark.parametrize("each", [False, True])
async def test_products_beyond_the_bound_count_in_the_room_and_under_overflow(small: Room, each: bool) -> None:
    clicks = [event(ev.Clicked, user=f"u{n}", product=f"p{n % 10}") for n in range(40)]
    orders = [
        event(kind, order=f"o{n}", user=f"b{n % 6}", product=f"p{n}", amount=100) for n in range(12) for kind in (ev.Created, ev.Paid)
    ]
    for part in (clicks, orders):
        await (small.send_each if each else small.send)(*part)
    board = await small.board()
    found = rows(board)
    assert (len(found), OVERFLOW in found) == (4, True)
    for metric in ("product_clicks", "orders_created", "orders_paid", "gmv", "items_sold"):
        assert sum(row["total"][metric] for row in found.values()) == board["total"][metric]
    assert (board["total"]["product_clicks"], board["total"]["gmv"], board["total"]["buyers"]) == (40, 1200, 6)
    assert found[OVERFLOW]["total"]["orders_unpaid"] == board["total"]["orders_unpaid"] == 0
    assert found[OVERFLOW]["total"]["buyers"] == 6, "people, not payments"
    assert found[OVERFLOW]["last_5m"]["gmv"] == 900


async def test_sources_and_profile_values_have_bounds_and_their_sums_are_whole(small: Room) -> None:
    crowds = [f"crowd {n}" for n in range(12)]
    people = [ev.Person(crowd=crowd, age=crowd) for crowd in crowds]
    await small.send(*(event(ev.Entered, user=f"u{n}", source=f"s{n}", person=people[n]) for n in range(12)))
    await small.send(*(event(ev.Paid, order=f"o{n}", user=f"u{n}", source=f"s{n}", person=people[n]) for n in range(12)))
    board = await small.board()
    assert (len(board["sources"]), sum(row["entries"] for row in board["sources"].values())) == (3, 12)
    assert board["sources"][OVERFLOW]["entries"] == 10
    for split in (board["audience"]["viewers"], board["audience"]["buyers"], board["audience"]["last_5m"]["watching"]):
        for free in ("crowd", "age"):
            assert set(split[free]) == {*crowds[:4], OVERFLOW}
            assert (split[free][OVERFLOW], sum(split[free].values())) == (8, 12)


async def test_who_watches_is_taken_back_where_they_were_counted(small: Room) -> None:
    for at in (NOW, NOW + 60_000, NOW + 120_000):
        small.worker.now_ms = at
        await small.send_each(*(event(ev.Entered, user=f"u{n}", at=at, person=ev.Person(crowd=f"c{n}")) for n in range(9)))
    watching = (await small.board(NOW + 120_000))["audience"]["last_5m"]["watching"]["crowd"]
    assert watching == {"c0": 1, "c1": 1, "c2": 1, "c3": 1, OVERFLOW: 5}


async def test_events_of_ever_more_minutes_count_in_the_total(small: Room) -> None:
    await small.send(*(event(ev.Clicked, at=NOW - n * A_MINUTE) for n in range(20)))
    await small.send_each(*(event(ev.Liked, at=NOW - n * A_MINUTE) for n in range(20)))
    board = await small.board()
    assert (board["total"]["product_clicks"], board["total"]["likes"]) == (20, 20)
    assert len(await small.minutes()) == 5


async def test_of_scenes_and_what_was_said_in_notes_the_newest_are_kept(small: Room) -> None:
    await small.send(event(ev.Opened, title="t", at=NOW - 10**6))
    started = [event(ev.ExplainStarted, at=NOW - 1_000 + n) for n in range(10)]
    await small.send_each(*started[:5])
    await small.send(*started[5:])
    notes = [event(ev.Noted, note=f"n{n}", author="a", text="x", at=NOW + n) for n in range(9)]
    await small.send(*notes[:6])
    await small.send_each(*notes[6:])
    board = await small.board()
    assert [scene["id"] for scene in board["scenes"]] == [*(note.id for note in reversed(notes[5:])), board["scenes"][-1]["id"]]
    assert board["scenes"][-1]["kind"] == "opened" and board["status"] == "live"
    assert len(await small.kept(keys.NOTE_LOG)) == 3
    await small.send(event(ev.NoteDeleted, note="n8", at=NOW + 20), event(ev.Noted, note="n9", author="a", text="x", at=NOW + 30))
    kept = await small.kept(keys.names("live.scenes", 0))
    assert sorted(name for name in kept if name.startswith(SCENE + keys.SEP)) == [f"scene{keys.SEP}note:n{n}" for n in (5, 6, 7, 9)]


async def test_the_shelf_has_a_bound_too(small: Room) -> None:
    await small.send(*(event(ev.Listed, product=f"p{n}", title="t", price=1, stock=1) for n in range(9)))
    assert set(rows(await small.board())) == {"p0", "p1", "p2"}


def test_a_sender_who_calls_something_overflow_takes_no_room() -> None:
    naming = Naming(Names(bounds=FEW))
    assert naming.product(OVERFLOW) == naming.source(OVERFLOW) == OVERFLOW
    assert not naming.taken and not naming.full


def test_a_kind_is_told_to_be_full_once() -> None:
    names = Names(bounds=FEW)
    told = []
    for n in range(9):
        naming = Naming(names)
        naming.product(f"p{n}")
        told.append(naming.full)
        names.take_over(naming)
    assert told == [set()] * 3 + [{PRODUCT}] + [set()] * 5


@given(st.lists(st.lists(st.tuples(st.sampled_from("ps"), st.sampled_from("abcdefg")), max_size=5), max_size=9), st.booleans())
def test_a_decision_holds_for_ever_however_changes_are_cut(changes: list[list[tuple[str, str]]], stored: bool) -> None:
    names, decided, fields = Names(bounds=FEW), {}, {}
    for change in changes:
        naming = Naming(names)
        for kind, name in change:
            found = naming.product(name) if kind == "p" else naming.source(name)
            assert decided.setdefault((kind, name), found) == found
        fields |= naming.fields()
        if stored:
            names = Names(fields, FEW)
        else:
            names.take_over(naming)
    for kind, most in (("p", 3), ("s", 2)):
        own = {name for (of, name), found in decided.items() if of == kind and found == name}
        assert len(own) <= most


def test_minutes_are_known_by_their_number() -> None:
    naming = Naming(Names(bounds=FEW))
    assert [naming.minute(n % 6) for n in range(12)] == [True] * 5 + [False] + [True] * 5 + [False]
    assert set(naming.taken[MINUTE]) == set("01234")
