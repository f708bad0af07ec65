"""Boards as tables, and the journal's deltas."""

from typing import Any

from streams.frames import Journal, tables

BOARD: dict[str, Any] = {
    "room": "r1",
    "title": "Autumn",
    "status": "live",
    "host": "Lin",
    "currency": "CNY",
    "goal_gmv": 100,
    "opened_at": 1,
    "closed_at": None,
    "spans": [[1, None]],
    "limits": {"late_seconds": 15},
    "ledger": {"orders": 2, "lapsed": 1, "oldest_at": 3, "older_than_5m": 1},
    "at": 5,
    "as_of": {"live.views": 4},
    "total": {"gmv": 10, "pay_rate": None},
    "last_5m": {"gmv": 5, "pay_rate": 0.5},
    "previous_5m": {"gmv": 0, "pay_rate": None},
    "funnel": [
        {"stage": "exposed", "users": 9, "rate": None, "rate_5m": None, "rate_hour": None},
        {"stage": "entered", "users": 3, "rate": 1 / 3, "rate_5m": 0.5, "rate_hour": 0.4},
    ],
    "sources": {"search": {"entries": 2}},
    "channels": {"natural": {"entries": 2}},
    "plans": [{"source": "ads_feed", "plan": "autumn", "cost": 5}],
    "products": [
        {"product": "p2", "title": "B", "badges": ["encore"], "total": {"gmv": 7}, "last_5m": {"gmv": 1}},
        {"product": "p1", "title": "A", "badges": [], "total": {"gmv": 3}, "last_5m": {"gmv": 0}},
    ],
    "audience": {
        "viewers": {"gender": {"f": 5, "m": 2}},
        "buyers": {"gender": {"f": 1}},
        "tgi": {"gender": {"f": 139.96}},
        "last_5m": {"watching": {"gender": {"m": 1}}, "paid": {"age": {"<18": 1}}, "unpaid": {}},
    },
    "comments": [{"id": "c1", "text": "hi"}],
    "words": [{"word": "好", "count": 4}],
    "words_5m": [{"word": "新", "count": 1}],
    "polls": [{"answer": "1", "users": 2, "times": 3}],
    "feed": [{"id": "o1", "kind": "paid"}],
    "scenes": [{"id": "s1", "kind": "noted"}],
    "alerts": [],
    "unpaid": [{"id": "o2", "kind": "created"}],
    "violations": [{"id": "v1", "rule": "contact"}],
    "violation_counts": {"contact": 3},
}


def test_tables_of_a_board() -> None:
    made = tables(BOARD, [{"at": 60_000, "gmv": 3}])
    assert made["room"]["facts"]["goal_gmv"] == 100
    assert made["room"]["as_of"] == {"live.views": 4}
    assert made["figures"]["last_5m"]["pay_rate"] == 0.5
    assert made["funnel"]["entered"] == {"position": 1, "users": 3, "rate": 1 / 3, "rate_5m": 0.5, "rate_hour": 0.4}
    assert made["sources"] == {"search": {"entries": 2}}
    assert made["channels"] == {"natural": {"entries": 2}}
    assert made["plans"] == {"8 ads_feedautumn": {"source": "ads_feed", "plan": "autumn", "cost": 5}}
    assert made["products"]["p1"] == {"position": 1, "title": "A", "badges": [], "total.gmv": 3, "last_5m.gmv": 0}
    assert made["minutes"] == {"60000": {"at": 60_000, "gmv": 3}}
    assert made["words"] == {"好": {"count": 4}}
    assert made["words_5m"] == {"新": {"count": 1}}
    assert made["polls"] == {"1": {"users": 2, "times": 3}}
    assert made["feed"] == {"paid:o1": {"id": "o1", "kind": "paid"}}
    assert made["comments"]["c1"]["text"] == "hi"
    assert made["room"]["ledger"] == {"orders": 2, "lapsed": 1, "oldest_at": 3}
    assert made["violations"] == {"v1": {"id": "v1", "rule": "contact"}}
    assert made["violation_counts"] == {"contact": {"count": 3}}


def test_audience_rows_join_all_columns() -> None:
    rows = tables(BOARD, [])["audience"]
    now = {"watching": 0, "paid": 0, "unpaid": 0}
    assert rows["gender:f"] == {"dimension": "gender", "value": "f", "viewers": 5, "buyers": 1, "tgi": 140.0, **now}
    assert rows["gender:m"]["tgi"] is None
    assert rows["age:<18"]["paid"] == 1


def test_only_changed_fields_of_changed_rows_are_sent() -> None:
    journal = Journal()
    assert journal.update({"t": {"a": {"x": 1, "y": 2}, "b": {"x": 1}}})
    assert not journal.update({"t": {"a": {"x": 1, "y": 2}, "b": {"x": 1}}})
    assert journal.rev == 1
    assert journal.update({"t": {"a": {"x": 1, "y": 3}, "b": {"x": 1}}})
    assert journal.since(1) == {"t": {"a": {"y": 3}}}
    assert journal.since(2) == {}
    assert journal.since(0) == journal.full() == {"t": {"a": {"x": 1, "y": 3}, "b": {"x": 1}}}


def test_revisions_never_reached_are_refused() -> None:
    journal = Journal()
    journal.update({"t": {"a": {"x": 1}}})
    assert journal.since(2) is None
    assert journal.since(-1) is None


def test_removed_rows_leave_tombstones_and_a_field_that_goes_becomes_null() -> None:
    journal = Journal()
    journal.update({"t": {"a": {"x": 1, "y": 1}, "b": {"x": 2, "y": 2}}})
    journal.update({"t": {"a": {"x": 1}}})
    assert journal.since(1) == {"t": {"a": {"y": None}, "b": None}}
    journal.update({"t": {"a": {"x": 1}, "b": {"x": 5}}})
    assert journal.since(1) == {"t": {"a": {"y": None}, "b": {"x": 5, "y": None}}}
    assert journal.since(2) == {"t": {"b": {"x": 5, "y": None}}}


def test_a_table_that_vanishes_is_emptied() -> None:
    journal = Journal()
    journal.update({"t": {"a": {"x": 1}}})
    journal.update({})
    assert journal.since(1) == {"t": {"a": None}}
    assert journal.full() == {"t": {}}


def test_old_removals_are_forgotten_by_age_and_by_number() -> None:
    journal = Journal(keep_revisions=3, keep_removed=100)
    journal.update({"t": {"a": {"x": 0}, "b": {"x": 0}}})
    journal.update({"t": {"a": {"x": 0}}})  # revision 2 removes b
    for x in range(1, 3):
        journal.update({"t": {"a": {"x": x}}})
    assert journal.since(1) == {"t": {"a": {"x": 2}, "b": None}}
    journal.update({"t": {"a": {"x": 3}}})  # revision 5: revision 2 is too long ago
    assert journal.since(1) is None
    assert journal.since(2) == {"t": {"a": {"x": 3}}}

    crowded = Journal(keep_revisions=1_000, keep_removed=10)
    crowded.update({"t": {str(n): {"x": n} for n in range(30)}})
    for left in range(29, -1, -1):
        crowded.update({"t": {str(n): {"x": n} for n in range(left)}})
    assert crowded.since(20) is None
    delta = crowded.since(21)
    assert delta is not None
    assert len(delta["t"]) == 10


def test_money_is_right_to_the_fen() -> None:
    journal = Journal()
    journal.update({"figures": {"total": {"gpm": 123_456_789.4, "pay_rate": 2 / 3, "gmv": 12_345_678_901}}})
    assert journal.full()["figures"]["total"] == {"gpm": 123_456_789.0, "pay_rate": 0.666666667, "gmv": 12_345_678_901}
