"""Which room an account had open at a time."""

from agents.inbox.rooms import LONGEST_MS, Spans, opened_at, told


def spans(*scenes: tuple[str, int]) -> Spans:
    found: Spans = []
    for kind, at in scenes:
        found = told(found, kind, at)
    return found


def test_a_room_is_open_from_opened_to_closed():
    found = spans(("opened", 10), ("closed", 20), ("opened", 30))
    assert found == [[10, 20], [30, None]]
    assert [opened_at(found, at) for at in (9, 10, 19, 20, 29, 30, 99)] == [None, 10, 10, None, None, 30, 30]


def test_what_is_told_again_changes_nothing():
    scenes = (("opened", 10), ("opened", 12), ("closed", 20), ("opened", 30))
    assert spans(*scenes, *scenes) == spans(*scenes) == [[10, 20], [30, None]]


def test_closed_without_opened_is_nothing():
    assert spans(("closed", 5)) == []


def test_a_room_that_nobody_closes_ends_all_the_same():
    assert opened_at(spans(("opened", 10)), 10 + LONGEST_MS) is None
