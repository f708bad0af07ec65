from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from streams.alerts import Act, Refused, Rule, State, Unknown, decode, encode, evaluate, examine, respond, split
from streams.alerts.evaluation import REFRESH_MS
from streams.material import Material
from tests.rooms.build import NOW

Shown = Callable[..., dict[str, Any]]
Make = Callable[..., Rule]


def test_a_transition_says_everything(rule: Make, shown: Shown) -> None:
    made = rule(
        severity="critical",
        minimum="previous_5m.entries > 10",
        values="{change: 1 - last_5m.entries / previous_5m.entries}",
        message="{zh: '{last_5m.entries} 次,少 {change:percent}', en: '{last_5m.entries}, {change:percent} fewer in {room.title:text}'}",
    )
    board = shown(last_5m={"entries": 40}, previous_5m={"entries": 160})
    states, told = evaluate([made], board, [], {}, NOW)
    key = next(iter(states))
    assert msgspec.to_builtins(told) == [
        {
            "id": f"room/{key}:1/1", "room": "room", "alert": f"{key}:1", "rule": "a", "subject": "", "from": "inactive", "to": "firing",
            "reason": "at_once", "at": NOW, "kind": "traffic", "severity": "critical", "title_zh": "标", "title_en": "T",
            "message_zh": "40 次,少 75%", "message_en": "40, 75% fewer in T",
            "facts": {"last_5m.entries": 40, "previous_5m.entries": 160, "change": 0.75},
            "by": None, "comment": None, "assigned_to": None,
        }
    ]  # fmt: skip
    said = states[key].said
    assert said is not None
    assert said.message_en == "{last_5m.entries}, {change:percent} fewer in {room.title:text}"
    assert states[key].facts == {"last_5m.entries": 40, "change": 0.75, "room.title": "T", "room.currency": "CNY"}
    assert split(told[0].alert) == (key, 1)


def test_nothing_to_say_makes_no_states(rule: Make, shown: Shown) -> None:
    board = shown(last_5m={"entries": 60})
    assert evaluate([rule(), rule(id="b", when="last_5m.pay_rate > 1")], board, [], {}, NOW) == ({}, [])


def test_what_is_not_new_is_the_same_object(rule: Make, shown: Shown) -> None:
    states, _ = evaluate([rule()], shown(last_5m={"entries": 40}), [], {}, NOW)
    again, told = evaluate([rule()], shown(last_5m={"entries": 30}), [], states, NOW + 1_000)
    assert told == []
    assert all(again[key] is states[key] for key in states)


def test_the_figures_of_an_alert_go_on_and_its_end_tells_the_last_while_it_held(rule: Make, shown: Shown) -> None:
    made = rule(when="last_5m.entries < 50", message="{zh: '剩 {last_5m.entries}', en: '{last_5m.entries} left'}", keep_firing_for="10s")
    states, _ = evaluate([made], shown(last_5m={"entries": 40}), [], {}, NOW)
    (key,) = states
    soon, _ = evaluate([made], shown(last_5m={"entries": 30}), [], states, NOW + REFRESH_MS - 1)
    assert soon[key] is states[key]  # not written at every look
    later, told = evaluate([made], shown(last_5m={"entries": 20}), [], soon, NOW + REFRESH_MS)
    assert (later[key].facts["last_5m.entries"], told) == (20, [])
    over, _ = evaluate([made], shown(last_5m={"entries": 500}), [], later, NOW + 2 * REFRESH_MS)
    over, told = evaluate([made], shown(last_5m={"entries": 600}), [], over, NOW + 2 * REFRESH_MS + 10_000)
    assert [(each.to, each.message_zh, each.message_en) for each in told] == [("resolved", "剩 20", "20 left")]
    assert over[key].facts["last_5m.entries"] == 20


def test_a_rule_that_says_something_else_now_says_it_of_what_goes_on(rule: Make, shown: Shown) -> None:
    board = shown(last_5m={"entries": 40})
    states, _ = evaluate([rule()], board, [], {}, NOW)
    after, _ = evaluate([rule(message="{zh: 新, en: new}")], board, [], states, NOW + REFRESH_MS)
    assert [state.said.message_en for state in after.values() if state.said] == ["new"]


def test_one_alert_for_each_product_each_with_its_own_facts(rule: Make, shown: Shown) -> None:
    material = Material("room", facts={"opened_at": "0"}, products={"鞋\u202e": {"gmv": 5}, "b": {"gmv": 50}, "c": {"gmv": 6}})
    made = rule(subject="product", when="product.total.gmv < 10", message="{zh: '{product.id:text}', en: '{product.total.gmv}'}")
    states, told = evaluate([made], shown(material), [], {}, NOW)
    assert [(each.subject, each.message_zh, each.message_en) for each in told] == [("c", "c", "6"), ("鞋\u202e", "鞋", "5")]
    assert len({each.alert for each in told}) == len(states) == 2
    assert all("鞋" not in each.id for each in told)


def test_a_failing_rule_stops_no_other(rule: Make, shown: Shown) -> None:
    rules = [rule(id="bad", when="minutes[7].gmv > 1"), rule()]
    board = shown(last_5m={"entries": 40})
    assert [each.rule for each in evaluate(rules, board, [], {}, NOW)[1]] == ["a"]
    found = {finding.rule.id: finding.truth for finding in examine(rules, board, [], {}, NOW)}
    assert found == {"bad": Unknown("error", "index out of bounds: 7"), "a": True}


def test_states_survive_json() -> None:
    state = State("a", "s\udcff".encode("utf-8", "replace").decode(), status="firing", number=3, seq=9, unknown="silent:x", hushed=True)
    assert decode(encode(state)) == state
    with pytest.raises(msgspec.ValidationError):
        decode('{"rule": "a", "subject": 1}')


def test_what_people_do_is_told_with_their_name(rule: Make, shown: Shown) -> None:
    states, told = evaluate([rule()], shown(last_5m={"entries": 40}), [], {}, NOW)
    key = next(iter(states))
    result = respond("room", states[key], Act("assign", told[0].alert, "Lin", "please", "Wang"), NOW + 5)
    assert not isinstance(result, Refused)
    state, said = result
    assert said is not None
    assert (said.id, said.from_, said.to, said.reason) == (f"room/{key}:1/2", "firing", "firing", "assigned")
    assert (said.by, said.comment, said.assigned_to, said.title_en) == ("Lin", "please", "Wang", "T")
    assert respond("room", state, Act("assign", said.alert, "Lin", "please", "Wang"), NOW + 6) == (state, None)
    assert respond("room", state, Act("assign", "x:y:1", "Lin"), NOW) == Refused("not_this_alert")


def test_facts_of_a_transition_are_plain(rule: Make, shown: Shown) -> None:
    material = Material("room", facts={"title": "a\nb" * 100, "opened_at": "0"}, products={"p": {}})
    made = rule(subject="product", when="product.minutes_left != 1 || room.title == ''", values="{far: product.left}")
    board = shown(material)
    board["products"][0] |= {"stock": 5, "campaign_stock": 0}
    _, told = evaluate([made], board, [], {}, NOW)
    assert told[0].facts["product.minutes_left"] is None
    assert len(told[0].facts["room.title"]) == 80
    assert "\n" not in told[0].facts["room.title"]
    assert msgspec.json.decode(msgspec.json.encode(told[0]))["facts"]["far"] == 5


def test_a_rule_for_other_rooms_withdraws_what_it_left(rule: Make, shown: Shown) -> None:
    states, _ = evaluate([rule()], shown(last_5m={"entries": 40}), [], {}, NOW)
    _, told = evaluate([rule(rooms="[other]")], shown(last_5m={"entries": 40}), [], states, NOW + 1)
    assert [each.reason for each in told] == ["withdrawn"]


def test_nothing_begins_in_a_room_that_is_silent_or_closed(rule: Make, shown: Shown) -> None:
    board = shown(last_5m={"entries": 40})
    live, _ = evaluate([rule()], board | {"status": "live"}, [], {}, NOW)
    assert len(live) == 1
    for status in ("silent", "closed", "ended"):
        assert evaluate([rule()], board | {"status": status}, [], {}, NOW) == ({}, [])
    going, told = evaluate([rule()], board | {"status": "silent"}, [], live, NOW + 1_000)
    assert (list(going), told) == (list(live), []), "what goes on may be why the room is silent"
    _, told = evaluate([rule()], board | {"status": "closed"}, [], live, NOW + 1_000)
    assert [each.reason for each in told] == ["ended"]
