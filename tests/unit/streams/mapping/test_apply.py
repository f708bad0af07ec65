"""From a payload to drafts of events."""

import pytest

from streams.mapping import Draft, Failed, Source, apply, parse

ORDERS = """\
mapping: 1
events:
  - topic: live.orders
    kind: paid
    when: payload.type == 1
    let: {order: 'detail.orders[0]'}
    each: order.items
    group: item.room
    where: item.room != ""
    id: '"paid-" + id(order.id) + "-" + item.room'
    room: item.room
    at: ms(order.paid)
    fields:
      order: id(order.id)
      user: 'has(order.user) ? order.user : null'
      lines:
        each: items
        group: item.sku
        item: {product: item.product, sku: item.sku, quantity: size(items), amount: 'sum(items.map(unit, minor(unit.price, 2)))'}
"""
DETAIL = {
    "orders": [
        {
            "id": 9_007_199_254_740_993,
            "paid": 1_795_608_000,
            "items": [
                {"room": "a", "sku": "s1", "product": "p1", "price": "1.10"},
                {"room": "", "sku": "s1", "product": "p1", "price": "9.00"},
                {"room": "b", "sku": "s2", "product": "p2", "price": "3.00"},
                {"room": "a", "sku": "s1", "product": "p1", "price": "1.10"},
                {"room": "a", "sku": "s3", "product": "p3", "price": "5"},
            ],
        }
    ]
}


def test_one_event_a_room_with_its_lines():
    drafts = apply(parse(ORDERS), {"type": 1}, DETAIL)
    assert [(draft.room, draft.id, draft.at) for draft in drafts] == [
        ("a", "paid-9007199254740993-a", 1_795_608_000_000),
        ("b", "paid-9007199254740993-b", 1_795_608_000_000),
    ]
    assert drafts[0].event("a") == {
        "id": "paid-9007199254740993-a",
        "room": "a",
        "at": 1_795_608_000_000,
        "kind": "paid",
        "order": "9007199254740993",
        "lines": [
            {"product": "p1", "sku": "s1", "quantity": 2, "amount": 220},
            {"product": "p3", "sku": "s3", "quantity": 1, "amount": 500},
        ],
    }


def test_what_does_not_concern_us_is_no_event():
    assert apply(parse(ORDERS), {"type": 2}) == []


@pytest.mark.parametrize(
    ("payload", "detail", "line"),
    [({"type": 1}, None, 6), ({}, DETAIL, 5), ({"type": 1}, {"orders": []}, 6), ({"type": 1}, {"orders": [{"id": 1, "items": 5}]}, 7)],
)
def test_what_cannot_be_mapped_says_at_which_line(payload: dict, detail: dict | None, line: int):
    with pytest.raises(Failed) as error:
        apply(parse(ORDERS), payload, detail)
    assert error.value.line == line


def test_money_that_is_not_exact_is_an_error():
    detail = {"orders": [{**DETAIL["orders"][0], "items": [{"room": "a", "sku": "s", "product": "p", "price": "1.005"}]}]}
    with pytest.raises(Failed, match="more than 2 digits"):
        apply(parse(ORDERS), {"type": 1}, detail)


def test_bound_rooms_name_their_account_and_time():
    text = ORDERS.replace("    room: item.room\n", "    bound: source.account\n    bound_at: ms(order.paid) - 1000\n")
    draft = apply(parse(text), {"type": 1}, DETAIL, source=Source("shop", account="xiaoman"))[0]
    assert (draft.room, draft.account, draft.bound_at) == (None, "xiaoman", 1_795_607_999_000)


def test_an_id_that_is_too_long_is_hashed_always_alike():
    text = ORDERS.replace('\'"paid-" + id(order.id)', "'\"" + "x" * 80 + '" + id(order.id)')
    first, second = (apply(parse(text), {"type": 1}, DETAIL)[0].id for _ in range(2))
    assert first == second and len(first) == 64


def test_a_payload_makes_no_end_of_events():
    text = "mapping: 1\nevents:\n  - {topic: live.views, kind: liked, each: payload, id: string(index), room: '\"r\"', at: '1'}\n"
    with pytest.raises(Failed, match="more than 2000 events"):
        apply(parse(text), [1] * 3_000)


def test_drafts_are_plain():
    assert Draft(1, "live.views", "liked", "a", 1, "r", fields={"user": "u"}).event("r") == {
        "id": "a", "room": "r", "at": 1, "kind": "liked", "user": "u",
    }  # fmt: skip
