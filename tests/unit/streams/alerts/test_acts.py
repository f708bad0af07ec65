import pytest

from streams.alerts.acts import Act, Refused, act
from streams.alerts.life import State, alert_id, split, state_key

KEY = state_key("low", "")
FIRING = State("low", "", status="firing", since_ms=1, fired_ms=1, number=2, seq=3)


def done(kind: str, **fields: str) -> Act:
    return Act(kind, fields.pop("alert", f"{KEY}:2"), fields.pop("by", "Lin"), **fields)  # type: ignore[arg-type]


def test_acknowledged() -> None:
    result = act(FIRING, done("acknowledge", comment="on it"), 9)
    assert not isinstance(result, Refused)
    state, step = result
    assert (state.status, state.since_ms, state.fired_ms, state.seq, state.acknowledged_by, state.comment) == (
        "acknowledged", 9, 1, 4, "Lin", "on it"
    )  # fmt: skip
    assert step is not None
    assert (step.before, step.after, step.reason) == ("firing", "acknowledged", "acknowledged")
    assert act(state, done("acknowledge"), 10) == (state, None)


def test_a_false_alarm_waits_for_the_end_of_the_condition() -> None:
    result = act(FIRING, done("false_alarm"), 9)
    assert not isinstance(result, Refused)
    state, _ = result
    assert (state.status, state.hushed, state.false_alarm, state.resolved_ms) == ("resolved", True, True, 9)
    assert act(state, done("false_alarm"), 10) == (state, None)


@pytest.mark.parametrize(
    ("state", "given", "reason"),
    [
        (FIRING, done("acknowledge", alert=f"{KEY}:1"), "not_this_alert"),
        (FIRING, done("acknowledge", alert="low::2"), "not_this_alert"),
        (FIRING, done("acknowledge", by=""), "nobody"),
        (FIRING, done("assign"), "nobody"),
        (FIRING, done("assign", to="x" * 501), "too_long"),
        (FIRING, done("acknowledge", comment="x" * 501), "too_long"),
        (State("low", "", status="pending", number=1), done("acknowledge"), "not_this_alert"),
        (State("low", "", status="resolved", number=2), done("acknowledge"), "over"),
        (State("low", "", status="inactive", number=1), done("false_alarm"), "not_this_alert"),
    ],
)
def test_refused(state: State, given: Act, reason: str) -> None:
    assert act(state, given, 9) == Refused(reason)


def test_an_alerts_id_says_where_its_state_is() -> None:
    assert alert_id(FIRING) == f"{KEY}:2"
    assert split(f"{KEY}:2") == (KEY, 2)
    assert [split(text) for text in ("", "a", "a:b", "a:1", "a:b:", "a:b:²", "a:b:-1", "a:b:99999999999")] == [None] * 8
    assert alert_id(State("low", "", status="pending", number=2)) == f"{KEY}:3"
    assert state_key("low", "a") != state_key("low", "b")
