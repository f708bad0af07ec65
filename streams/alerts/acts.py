"""What people do to an alert: acknowledge it, give it to someone, call it a false alarm. Pure steps, as in `streams.alerts.life`."""

from dataclasses import dataclass
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from streams.alerts.life import ACTIVE, State, Step, alert_id

MAX_CHARACTERS = 500
_NOT_OVER = (*ACTIVE, "resolved")


class Act(Struct, frozen=True):
    """One thing a person did. alert: the id they saw. by: their name, from their token. to: who it was given to."""

    kind: Literal["acknowledge", "assign", "false_alarm"]
    alert: str
    by: str
    comment: str = ""
    to: str = ""


@dataclass(frozen=True, slots=True)
class Refused:
    """The act was not for this alert as it stands. reason: "not_this_alert", "over", "nobody" or "too_long"."""

    reason: str


def act(state: State, done: Act, now_ms: int) -> tuple[State, Step | None] | Refused:
    """The state after the act; without a step where the same was done before (a call sent twice)."""
    if refusal := _refusal(state, done):
        return Refused(refusal)
    after = _after(state, done)
    if after == state:
        return state, None
    if after.status != state.status:
        after = replace(after, since_ms=now_ms, unknown=None, unknown_ms=None, resolved_ms=_resolved_ms(after, now_ms))
    reasons = {"acknowledge": "acknowledged", "assign": "assigned", "false_alarm": "false_alarm"}
    return replace(after, seq=state.seq + 1), Step(state.status, after.status, reasons[done.kind])  # type: ignore[arg-type]


def _refusal(state: State, done: Act) -> str | None:
    if done.alert != alert_id(state) or state.status not in _NOT_OVER:
        return "not_this_alert"
    if state.status == "resolved" and done.kind != "false_alarm":
        return "over"
    if not done.by or (done.kind == "assign" and not done.to):
        return "nobody"
    return "too_long" if max(len(done.comment), len(done.to), len(done.by)) > MAX_CHARACTERS else None


def _after(state: State, done: Act) -> State:
    comment = done.comment or state.comment
    if done.kind == "assign":
        return replace(state, assigned_to=done.to, comment=comment)
    if done.kind == "acknowledge":
        return replace(state, status="acknowledged", acknowledged_by=done.by, comment=comment)
    # What still holds is not to fire again at once; what is over already is only marked.
    hushed = state.hushed or state.status != "resolved"
    return replace(state, status="resolved", false_alarm=True, hushed=hushed, clear_ms=None, comment=comment)


def _resolved_ms(after: State, now_ms: int) -> int | None:
    return now_ms if after.status == "resolved" else after.resolved_ms
