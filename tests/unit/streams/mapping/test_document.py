"""A mapping's file: what is wrong in it is said by line."""

import pytest

from streams.mapping import BadMapping, parse, shipped

GOOD = """\
mapping: 1
events:
  - topic: live.orders
    kind: paid
    when: payload.tag == "101"
    let: {order: payload.order}
    each: order.lines
    id: '"paid-" + id(item.id)'
    room: id(item.room)
    at: ms(order.time)
    fields:
      order: id(order.id)
      person: {gender: '"f"'}
      lines: {each: items, item: {product: id(item.product)}}
"""


def faults(text: str) -> list[tuple[int, str]]:
    with pytest.raises(BadMapping) as error:
        parse(text)
    return error.value.faults


def test_a_good_one():
    (rule,) = parse(GOOD).rules
    assert (rule.line, rule.topic, rule.kind) == (3, "live.orders", "paid")


@pytest.mark.parametrize("name", shipped.names())
def test_the_shipped_ones_are_good(name: str):
    assert parse(shipped.text(name) or "").rules


def test_there_is_no_other_shipped_one():
    assert shipped.text("../__init__") is None and shipped.text("none") is None


@pytest.mark.parametrize(
    ("before", "after", "line", "says"),
    [
        ("mapping: 1", "mapping: 2", 1, "this reads"),
        ("live.orders", "live.elsewhere", 3, "must be one of"),
        ("kind: paid", "kind: paid\n    colour: red", 5, "no field colour"),
        ('payload.tag == "101"', "payload.tag ==", 5, ""),
        ("payload.order}", "nothing.order}", 6, "nothing is called nothing"),
        ("each: order.lines", "each: order.lines.map(x, x.map(y, y))", 7, "one loop inside another"),
        ("    room: id(item.room)\n", "", 3, "either `room` or `bound`"),
        ("room: id(item.room)", "room: id(item.room)\n    bound: source.account", 3, "either `room` or `bound`"),
        ("    at: ms(order.time)\n", "", 3, "at must be there"),
        ("    each: order.lines\n", "", 7, "nothing is called item"),
        ("ms(order.time)", "&a ms(order.time)", 10, "anchors"),
        ("ms(order.time)", "!!python/name:os.system", 10, "tags"),
        ("item: {product: id(item.product)}", "other: 1", 14, "a list has"),
        ("let: {order: payload.order}", "let: {payload: payload.order}", 6, "cannot be given"),
        ("id: '\"paid-\" + id(item.id)'", "id: |\n      1 +\n      +", 10, ""),
    ],
)
def test_faults_have_their_line(before: str, after: str, line: int, says: str):
    assert before in GOOD
    found = faults(GOOD.replace(before, after, 1))
    assert found[0][0] == line and says in found[0][1], found


def test_all_faults_are_said():
    assert [line for line, _ in faults(GOOD.replace('"101"', '"101" +').replace("ms(order.time)", "ms("))] == [5, 10]


@pytest.mark.parametrize("text", ["", "[]", "- a", "mapping: 1", "mapping: 1\nevents: []", "{", "a" * 300_000])
def test_what_is_no_mapping(text: str):
    assert faults(text)
