"""What an explanation did, against the minutes before it.

minute   0    1    2    3    4    5
         ├ before  ┤├ during ┤          an explanation from 2:10 to 3:50 touches minutes 2 and 3
"""

from streams import effects, review
from streams.material import Material

MINUTE = 60_000
ROOM = {minute: {"entries": 10 * minute, "online": 100 + minute} for minute in range(6)}
AIR = range(99 * MINUTE)
PRODUCT = {
    1: {"product_clicks": 5, "gmv": 100, "orders_paid": 1},
    2: {"product_clicks": 30},
    3: {"product_clicks": 12, "gmv": 900, "orders_paid": 3},
}


def scene(kind: str, at: int, product: str = "p") -> dict[str, object]:
    return {"kind": kind, "at": at, "product": product}


def test_during_and_before_have_the_same_length():
    found = effects.effect(2 * MINUTE + 10_000, 3 * MINUTE + 50_000, ROOM, PRODUCT, AIR)

    assert (found["duration_ms"], found["minutes"]) == (100_000, 2)
    assert found["during"] == {"product_clicks": 42, "orders_paid": 3, "gmv": 900, "entries": 50, "online": 102.5}
    assert found["before"] == {"product_clicks": 5, "orders_paid": 1, "gmv": 100, "entries": 10, "online": 100.5}
    assert found["enough"]


def test_an_end_on_the_full_minute_does_not_touch_the_next_one():
    assert effects.effect(2 * MINUTE, 3 * MINUTE, ROOM, PRODUCT, AIR)["minutes"] == 1


def test_a_few_clicks_say_nothing():
    assert not effects.effect(5 * MINUTE, 6 * MINUTE, ROOM, PRODUCT, AIR)["enough"]


def test_explanations_are_paired_and_a_start_ends_the_one_before():
    scenes = [
        scene("explain_ended", 9),
        scene("explain_started", 1),
        scene("explain_started", 5),
        scene("explain_started", 6, "other"),
        scene("explain_started", 20),
        scene("noted", 30),
    ]

    assert effects.explanations(scenes, "p") == [(1, 5), (5, 9), (20, None)]


def test_an_explanation_that_nobody_ended_ends_with_the_broadcast_and_not_before_it_began():
    scenes = [{**scene("explain_started", at * MINUTE, name), "id": name} for at, name in ((1, "p"), (6, "late"))]
    material = Material("r", scenes=[*scenes, {"kind": "closed", "at": 4 * MINUTE, "id": "c"}])
    found = {name: review.explained(material, name, ROOM, PRODUCT, 99 * MINUTE) for name in ("p", "late")}
    assert [(row["end"], row["duration_ms"], row["minutes"]) for row in found["p"]] == [(None, 3 * MINUTE, 3)]
    assert [row["duration_ms"] for row in found["late"]] == [0]


def test_around_a_note_its_own_minute_belongs_to_neither_side():
    room = {minute: {"entries": 1, "online": 10, "product_clicks": 10, "orders_paid": 0, "gmv": 0} for minute in range(5, 10)}
    room[10] = {"entries": 10_000, "product_clicks": 10_000, "gmv": 10_000}
    room |= {minute: {"entries": 2, "online": 20, "product_clicks": 4, "orders_paid": 1, "gmv": 300} for minute in range(11, 16)}
    room |= {4: {"entries": 99}, 16: {"entries": 99}}

    found = effects.after(10 * MINUTE + 59_999, 16 * MINUTE, room, room, AIR)

    assert found["before"] == {"product_clicks": 50, "orders_paid": 0, "gmv": 0, "entries": 5, "online": 10.0, "conversion": 0.0}
    assert found["after"] == {"product_clicks": 20, "orders_paid": 5, "gmv": 1500, "entries": 10, "online": 20.0, "conversion": 0.5}
    assert (found["complete"], found["enough"]) == (True, True)


def test_a_note_of_just_now_says_nothing_yet():
    room = {minute: {"product_clicks": 100} for minute in range(20)}

    assert effects.after(10 * MINUTE, 16 * MINUTE - 1, room, room, AIR)["complete"] is False
    assert effects.after(10 * MINUTE, 16 * MINUTE - 1, room, room, AIR)["enough"] is False


def test_minutes_off_air_say_nothing_however_many_clicks_there_were():
    room = {minute: {"product_clicks": 100} for minute in range(10, 30)}
    for opened, closed, on_air in ((5, 16, True), (5, 15.9, False), (5.1, 99, False)):
        found = effects.after(10 * MINUTE, 99 * MINUTE, room, room, range(int(opened * MINUTE), int(closed * MINUTE)))
        assert (found["complete"], found["on_air"], found["enough"]) == (True, on_air, on_air)
    for opened, on_air in ((8, True), (8.1, False)):
        found = effects.effect(10 * MINUTE, 12 * MINUTE, room, room, range(int(opened * MINUTE), 99 * MINUTE))
        assert (found["on_air"], found["enough"]) == (on_air, on_air)


def test_an_explanation_that_nobody_ended_costs_what_the_broadcast_has():
    """Minute by minute this span would not be counted in a lifetime: a screen must not stand still for one old scene."""
    ages = 10**18
    found = effects.effect(MINUTE, ages, ROOM, PRODUCT, range(0, ages))
    assert (found["during"]["gmv"], found["during"]["entries"], found["before"]["entries"]) == (1_000, 150, 0)
    assert found["during"]["online"] == 0.0

    scenes = [{**scene("explain_started", MINUTE), "id": "s1"}]
    material = Material("r", scenes=scenes, minutes={minute: {"entries": 1} for minute in range(6)})
    assert review.wanted(material, ages) == {"p": {0, 1, 2, 3, 4, 5}}
