import msgspec

from streams import alert_rows, keys
from streams.alerts import Act, Refused, State, Transition, alert_id, encode, evaluate, parse, respond
from streams.alerts.life import Said, state_key
from streams.material import Material
from streams.store import reading

NOW = 1_700_000_000_000
SAID = Said("warning", "stock", "库存", "Stock", "剩 3 件", "3 left")


def state(rule: str, status: str = "firing", **fields: object) -> State:
    return msgspec.structs.replace(State(rule, "p1", status, NOW - 5, NOW - 10, number=2, said=SAID), **fields)


def rows(*states: State, now_ms: int = NOW) -> list[dict]:
    material = Material("room")
    reading.take(material, keys.ALERTS, {state_key(each.rule, each.subject): encode(each) for each in states})
    return alert_rows.rows(material.alerts, now_ms)


def test_a_row_says_everything_of_an_alert():
    alert = state("stock_urgent", "acknowledged", acknowledged_by="Mo", comment="ok", assigned_to="Li", unknown="silent:x")
    assert rows(alert) == [
        {
            "id": alert_id(alert), "rule": "stock_urgent", "subject": "p1", "status": "acknowledged", "severity": "warning",
            "kind": "stock", "at": NOW - 5, "fired_at": NOW - 10, "resolved_at": None,
            "title_zh": "库存", "title_en": "Stock", "message_zh": "剩 3 件", "message_en": "3 left",
            "unknown": "silent:x", "false_alarm": False, "acknowledged_by": "Mo", "assigned_to": "Li", "comment": "ok",
        }
    ]  # fmt: skip


def test_the_newest_firing_comes_first_and_what_never_fired_is_not_shown():
    shown = rows(state("old", fired_ms=NOW - 99), state("new", fired_ms=NOW - 1), state("waiting", "pending"), state("none", "inactive"))
    assert [row["rule"] for row in shown] == ["new", "old"]


def test_an_hour_after_its_end_an_alert_goes():
    over = state("over", "resolved", resolved_ms=NOW)
    assert [row["status"] for row in rows(over, now_ms=NOW + alert_rows.ENDED_MS - 1)] == ["resolved"]
    assert rows(over, now_ms=NOW + alert_rows.ENDED_MS) == []


def test_every_alert_of_a_broadcast_is_told_with_what_became_of_it():
    rule = parse(
        "- id: r\n  kind: trade\n  when: total.gmv > 5\n  title: {zh: 题, en: t}\n  message: {zh: '{total.gmv}', en: '{total.gmv}'}\n"
    )[0][0]
    states: dict[str, State] = {}
    log: list[dict] = []

    def tell(*told: Transition | None) -> None:
        log[:0] = [msgspec.to_builtins(each) for each in reversed(told) if each]

    def look(gmv: int, at: int) -> None:
        nonlocal states
        states, told = evaluate([rule], {"room": "r1", "status": "live", "total": {"gmv": gmv}}, [], states, at)
        tell(*told)

    def do(kind: str, at: int, **more: str) -> None:
        ((key, before),) = states.items()
        done = respond("r1", before, Act(kind, alert_id(before), "Lin", **more), at)
        assert not isinstance(done, Refused)
        states[key] = done[0]
        tell(done[1])

    look(7, NOW)
    do("assign", NOW + 1, to="Mo", comment="换品")
    do("acknowledge", NOW + 2)
    look(1, NOW + 3)
    first = alert_rows.history({key: msgspec.to_builtins(each) for key, each in states.items()})
    look(8, NOW + 4)
    do("false_alarm", NOW + 5)
    newest = alert_rows.history({key: msgspec.to_builtins(each) for key, each in states.items()})

    assert (first[0]["acknowledged_by"], first[0]["comment"], first[0]["resolved_at"]) == ("Lin", "换品", NOW + 3)
    assert alert_rows.whole(newest, log) == newest + first
    assert alert_rows.whole([], log) == newest + first, "its transitions tell all that its state does"
    assert alert_rows.whole(newest, log[:2]) == newest


def test_counts_those_that_go_on():
    material = Material("room")
    states = [state("a"), state("b", "acknowledged"), state("c", "resolved", resolved_ms=NOW), state("d", "pending")]
    reading.take(material, keys.ALERTS, {each.rule: encode(each) for each in states})
    assert alert_rows.active(material.alerts) == 2


def test_the_worst_is_unseen_then_severe_then_new():
    critical = Said("critical", "traffic", "骤降", "Collapse", "", "")
    acknowledged = state("a", "acknowledged", said=critical)
    states = [
        acknowledged,
        state("b", fired_ms=NOW - 1),
        state("c", said=critical, fired_ms=NOW - 3),
        state("d", said=critical, fired_ms=NOW - 2),
    ]

    def worst(*given: State) -> dict | None:
        material = Material("room")
        reading.take(material, keys.ALERTS, {each.rule: encode(each) for each in given})
        return alert_rows.worst(material.alerts)

    assert worst(*states) == {"severity": "critical", "title_zh": "骤降", "title_en": "Collapse", "status": "firing", "fired_at": NOW - 2}
    assert (worst(acknowledged) or {})["status"] == "acknowledged"
    assert worst(state("e", "resolved", resolved_ms=NOW)) is None
