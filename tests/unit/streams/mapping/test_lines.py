"""Orders with lines, as the agents count them today."""

from streams import topics
from streams.mapping.lines import per_line

ORDER = {"id": "paid-1", "room": "r", "at": 1, "kind": "paid", "order": "1"}


def line(product: str, **more: object) -> dict[str, object]:
    return {"product": product, "quantity": 1, "amount": 100, **more}


def test_each_line_is_an_event_of_its_own():
    rows = list(per_line(topics.ORDERS, {**ORDER, "user": "u", "lines": [line("a", line="11"), line("b")]}))
    assert [(row["id"], row["order"], row["product"], row["user"]) for row in rows] == [
        ("paid-1:11", "1:11", "a", "u"),
        ("paid-1:b::1", "1:b::1", "b", "u"),
    ]
    assert all("lines" not in row and "line" not in row for row in rows)


def test_lines_without_a_name_are_numbered_by_product_and_sku():
    rows = list(per_line(topics.ORDERS, {**ORDER, "lines": [line("a"), line("a", sku="s"), line("a")]}))
    assert [row["order"] for row in rows] == ["1:a::1", "1:a:s:1", "1:a::2"]


def test_a_guest_is_named_after_the_order():
    assert {row["user"] for row in per_line(topics.ORDERS, {**ORDER, "lines": [line("a"), line("b")]})} == {"guest-1"}


def test_other_events_stay_as_they_are():
    view = {"id": "v", "kind": "liked", "times": 3}
    assert list(per_line(topics.VIEWS, view)) == [view]
    assert list(per_line(topics.ORDERS, {**ORDER, "user": "u", "product": "a"})) == [{**ORDER, "user": "u", "product": "a"}]


def test_names_stay_within_their_bounds():
    rows = list(per_line(topics.ORDERS, {**ORDER, "id": "p" * 64, "order": "o" * 250, "lines": [line("a", line="l" * 200)]}))
    assert len(rows[0]["id"]) == 64 and len(rows[0]["order"]) <= 256
