"""The life of an alert: pure steps, each with the reason for what it did. (`streams.alerts.evaluation` decides what is true.)

    inactive ──began──▶ pending ──held──▶ firing ──acknowledged──▶ acknowledged
        ▲                  │ dropped        │   cleared, ended,        │
        └──────────────────┘                ▼   gone, withdrawn        ▼
        └─────────────── began, at_once ── resolved ◀──────────────────┘       (not before the cooldown is over)

While it is Unknown whether the condition holds, every clock stands still: nothing fires, drops or resolves, and the state says why.
After a false alarm nothing begins until the condition was seen not to hold.
"""

from typing import Any, Literal, Protocol

from msgspec import Struct
from msgspec.structs import replace

from streams import keys
from streams.alerts.expression import Unknown

Status = Literal["inactive", "pending", "firing", "acknowledged", "resolved"]
#: Why a step was taken. ended: the broadcast. gone: the subject. withdrawn: the rule. The last three are people's doing.
Reason = Literal["began", "at_once", "held", "dropped", "cleared", "ended", "gone", "withdrawn", "acknowledged", "assigned", "false_alarm"]
Retirement = Literal["ended", "gone", "withdrawn"]
Truth = bool | Unknown

ACTIVE: tuple[Status, ...] = ("firing", "acknowledged")


class Times(Protocol):
    """What of a rule bears on its alerts' lives, in ms."""

    @property
    def for_ms(self) -> int:
        """So long the condition must hold before it fires."""

    @property
    def keep_firing_ms(self) -> int:
        """So long it must not hold before the alert resolves."""

    @property
    def cooldown_ms(self) -> int:
        """So long after it resolved nothing begins."""


class Said(Struct, frozen=True):
    """What people are told of an alert, as its rule words it: texts with places for facts (`streams.wording`), which the state holds.

    about: the kind of subject whose facts they name.
    """

    severity: str
    kind: str
    title_zh: str
    title_en: str
    message_zh: str
    message_en: str
    about: str = "room"


class State(Struct, frozen=True, omit_defaults=True):
    """One rule on one subject of a room, as it is stored (JSON). Times in ms.

    since_ms    of the status; while pending moved on by the time it was Unknown
    clear_ms    since when the condition of an active alert has not held
    number      how often it has fired    seq    how many transitions it has made; both only ever rise
    hushed      marked a false alarm: waits for the condition to end
    facts       what the texts name, by name, as of `facts_ms`: while it is pending or active, of late; then the last while it held
    """

    rule: str
    subject: str
    status: Status = "inactive"
    since_ms: int = 0
    fired_ms: int | None = None
    clear_ms: int | None = None
    resolved_ms: int | None = None
    unknown: str | None = None
    unknown_ms: int | None = None
    number: int = 0
    seq: int = 0
    hushed: bool = False
    false_alarm: bool = False
    acknowledged_by: str | None = None
    comment: str | None = None
    assigned_to: str | None = None
    said: Said | None = None
    facts: dict[str, Any] = {}
    facts_ms: int = 0


class Step(Struct, frozen=True):
    """What a step did: from one status to another (or the same, for what people do), and why."""

    before: Status
    after: Status
    reason: Reason


def state_key(rule: str, subject: str) -> str:
    """What a state is stored under."""
    return f"{rule}:{keys.digest(subject)}"


def alert_id(state: State) -> str:
    """The alert that a state is or was last; while pending (or dropped) the one it would become."""
    number = state.number if state.status in (*ACTIVE, "resolved") else state.number + 1
    return f"{state_key(state.rule, state.subject)}:{number}"


def split(alert: str) -> tuple[str, int] | None:
    """An alert's id as the key of its state and its number; None: it is no such id."""
    key, _, number = alert.rpartition(":")
    return (key, int(number)) if ":" in key and number.isascii() and number.isdigit() and len(number) < 10 else None


def step(times: Times, state: State, truth: Truth, now_ms: int) -> tuple[State, Step | None]:
    """The state after what is known at `now_ms`, and what that did. The same state comes back where nothing is new."""
    if isinstance(truth, Unknown):
        return _halt(state, truth, now_ms), None
    state = _go_on(state, now_ms)
    if state.status == "pending":
        return _pending(times, state, truth, now_ms)
    if state.status in ACTIVE:
        return _active(times, state, truth, now_ms)
    return _quiet(times, state, truth, now_ms)


def retire(state: State, reason: Retirement, now_ms: int) -> tuple[State, Step | None]:
    """The end of what can no more be judged: the broadcast, the subject or the rule is no longer there."""
    state = _go_on(state, now_ms)
    if state.status == "pending":
        return _move(state, "inactive", reason, now_ms)
    if state.status in ACTIVE:
        return _resolve(state, reason, now_ms)
    return state, None


def _halt(state: State, unknown: Unknown, now_ms: int) -> State:
    if state.status not in ("pending", *ACTIVE):
        return state
    since = now_ms if state.unknown_ms is None else state.unknown_ms
    # The detail (an error's text, say) may change at every look; the state is new only for another kind of reason.
    same = (state.unknown or "").partition(":")[0] == unknown.reason
    text = state.unknown if same else str(unknown)
    if (text, since) == (state.unknown, state.unknown_ms):
        return state
    return replace(state, unknown=text, unknown_ms=since)


def _go_on(state: State, now_ms: int) -> State:
    """Known again: the clocks go on from where they stood."""
    if state.unknown_ms is None:
        return state
    stood = max(0, now_ms - state.unknown_ms)
    return replace(
        state,
        unknown=None,
        unknown_ms=None,
        since_ms=state.since_ms + stood if state.status == "pending" else state.since_ms,
        clear_ms=None if state.clear_ms is None else state.clear_ms + stood,
    )


def _quiet(times: Times, state: State, truth: bool, now_ms: int) -> tuple[State, Step | None]:
    if not truth:
        return (replace(state, hushed=False) if state.hushed else state), None
    cooling = state.resolved_ms is not None and now_ms - state.resolved_ms < times.cooldown_ms
    if state.hushed or cooling:
        return state, None
    new = replace(state, status="inactive")  # another alert than the one that was resolved
    if times.for_ms:
        return _move(new, "pending", "began", now_ms)
    return _fire(new, "at_once", now_ms)


def _pending(times: Times, state: State, truth: bool, now_ms: int) -> tuple[State, Step | None]:
    if not truth:
        return _move(state, "inactive", "dropped", now_ms)
    if now_ms - state.since_ms >= times.for_ms:
        return _fire(state, "held", now_ms)
    return state, None


def _active(times: Times, state: State, truth: bool, now_ms: int) -> tuple[State, Step | None]:
    if truth:
        return (state if state.clear_ms is None else replace(state, clear_ms=None)), None
    clear_ms = now_ms if state.clear_ms is None else state.clear_ms
    if now_ms - clear_ms >= times.keep_firing_ms:
        return _resolve(state, "cleared", now_ms)
    return (state if clear_ms == state.clear_ms else replace(state, clear_ms=clear_ms)), None


def _fire(state: State, reason: Reason, now_ms: int) -> tuple[State, Step]:
    """A new alert of this rule and subject: nothing that people did to the one before holds for it."""
    fresh = replace(
        state,
        number=state.number + 1,
        fired_ms=now_ms,
        clear_ms=None,
        resolved_ms=None,
        false_alarm=False,
        acknowledged_by=None,
        comment=None,
        assigned_to=None,
    )
    return _move(fresh, "firing", reason, now_ms)


def _resolve(state: State, reason: Reason, now_ms: int) -> tuple[State, Step]:
    return _move(replace(state, clear_ms=None, resolved_ms=now_ms), "resolved", reason, now_ms)


def _move(state: State, status: Status, reason: Reason, now_ms: int) -> tuple[State, Step]:
    return replace(state, status=status, since_ms=now_ms, seq=state.seq + 1), Step(state.status, status, reason)
