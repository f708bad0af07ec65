"""What to send to a subscription now, and what its desk looks like afterwards. Pure decisions.

Whoever sends a message again, after whatever crash, sends the same under the same id: a message of one transition follows from what waits,
and one that might be of several by then is frozen, with its id, before it is sent for the first time. Messages of one subscription go one
after the other; the next waits until this one is delivered or given up.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Literal

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from streams.alerts import Transition
from streams.notices import quiet
from streams.notices.selection import TRIAL, event, is_told, wants
from streams.notices.subscription import Subscription
from streams.store.desk import Desk, Page

MOST_IN_ONE = 50
#: When figures stop, they stop in all rooms and topics at once: what begins, or ends, within this of the first is one message.
CAUSE_MS = 10_000
MOST_OF_A_CAUSE = 200
REMIND_MS = 24 * 3_600_000
#: What waited too long already, behind others that could not be delivered, is tried for so long.
LAST_TRY_MS = 60_000
FIRST_PAUSE_MS, LONGEST_PAUSE_MS = 1_000, 60_000


#: Of one attempt: failed ones are tried again, refused ones are not.
Outcome = Literal["delivered", "failed", "refused"]
#: Why, for those who read the log; the web screen has the words (`screen/web/src/operator`).
Reason = Literal[
    "taken", "status", "rate_limited", "bot", "no_answer", "unknown_host", "connection_refused", "certificate", "tls", "unreachable",
    "broken_off", "no_address", "unknown_service", "service",
]  # fmt: skip
#: A line of the log names so many of the alerts in a message.
MOST_NAMED = 5


class Message(Struct, frozen=True):
    """What is being sent. numbers: of the notices it stands for. next_ms: not to be tried before. until_ms: then it is given up."""

    id: str
    numbers: list[int]
    transitions: list[Transition]
    reminder: bool
    until_ms: int
    next_ms: int = 0
    attempts: int = 0


class Opened(Struct, frozen=True):
    """An alert that was told and goes on: when last, and how many times after the first."""

    transition: Transition
    told_ms: int
    reminders: int = 0


@dataclass(frozen=True, slots=True)
class Forget:
    """Notices that need no message; `closed`: alerts that are over."""

    numbers: list[int]
    closed: list[str]


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one attempt. `detail`: more on the reason, one line without addresses. `pause_ms`: the receiver asked for it."""

    outcome: Outcome
    reason: Reason
    detail: str
    took_ms: int
    pause_ms: int = 0


_transitions = msgspec.json.Decoder(Transition)
_messages = msgspec.json.Decoder(Message)
_opened = msgspec.json.Decoder(Opened)
Notice = tuple[int, Transition]


def enough(subscription: Subscription) -> int:
    """How many of the notices that wait `decide` needs to see: all of a message, and mostly what quiet hours hold back in front of it."""
    if subscription.quiet is not None:
        return 500
    return MOST_OF_A_CAUSE


def decide(subscription: Subscription, desk: Desk, now_ms: int) -> Message | Forget | None:
    """What to do next; None: nothing now. A message that was begun comes first."""
    if desk.sending is not None:
        begun = _messages.decode(desk.sending)
        return begun if begun.next_ms <= now_ms else None
    waiting = [(notice.number, _transitions.decode(notice.text)) for notice in desk.waiting]
    if slept := _slept_through(subscription, waiting):
        return Forget(slept, [])
    free = [notice for notice in waiting if not _sleeps(subscription, notice[1], now_ms)]
    if free and not is_told(subscription, free[0][1]):
        return Forget([free[0][0]], _closed([free[0][1]]))
    told = [notice for notice in free if is_told(subscription, notice[1])]
    if told:
        return _message(subscription, told, now_ms)
    return _reminder(subscription, desk.open, now_ms)


def close(subscription: Subscription, message: Message, result: Result, now_ms: int, chance: float) -> Page:
    """The desk after an attempt. `chance`: 0 … 1, spreads the attempts of many."""
    if result.outcome == "failed" and now_ms < message.until_ms:
        pause_ms = min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS << min(message.attempts, 10))
        next_ms = now_ms + max(result.pause_ms, int(pause_ms * (0.5 + chance / 2)))
        again = replace(message, attempts=message.attempts + 1, next_ms=min(next_ms, message.until_ms))
        return Page(msgspec.json.encode(again).decode(), logged=[_entry(message, result, "failed", now_ms)])
    ended = "delivered" if result.outcome == "delivered" else "given up"
    opened = _open(subscription, message, now_ms)  # of what was given up too: a reminder that were due still would never end
    return Page(None, message.numbers, opened, _closed(message.transitions), [_entry(message, result, ended, now_ms)])


def freezes(subscription: Subscription, message: Message) -> bool:
    """Whether the message must be frozen before its first attempt: made again later, it might hold more, or other figures."""
    several = subscription.group_seconds > 0 or subscription.quiet is not None or cause_of(message.transitions[0]) is not None
    return message.reminder or several


def begin(message: Message) -> Page:
    """The desk of a message that is frozen, before its first attempt."""
    return Page(msgspec.json.encode(message).decode())


def _sleeps(subscription: Subscription, transition: Transition, at_ms: int) -> bool:
    """Whether quiet hours hold it back at this time; a test message is sent by somebody who is awake."""
    return transition.room != TRIAL and quiet.holds(subscription.quiet, transition.severity, at_ms)


def _slept_through(subscription: Subscription, waiting: Sequence[Notice]) -> list[int]:
    """Both notices of alerts that came and went in quiet hours, untold."""
    held = [notice for notice in waiting if _sleeps(subscription, notice[1], notice[1].at)]
    began = {_of(transition) for _, transition in held if event(transition) == "firing"}
    over = {_of(transition) for _, transition in held if event(transition) == "resolved"} & began
    return [number for number, transition in held if _of(transition) in over]


def _message(subscription: Subscription, told: Sequence[Notice], now_ms: int) -> Message | None:
    held = [notice for notice in told if _sleeps(subscription, notice[1], notice[1].at)]
    if held:  # the quiet hours are over: one message for what came in them, and what waits before it, not a burst
        chosen = told[:MOST_IN_ONE]
    elif subscription.group_seconds == 0 or told[0][1].room == TRIAL:
        chosen = _of_one_cause(told, now_ms)
    elif now_ms - told[0][1].at >= subscription.group_seconds * 1000:
        chosen = told[:MOST_IN_ONE]
    else:
        chosen = []
    if not chosen:
        return None
    transitions = [transition for _, transition in chosen]
    newest = transitions[-1]
    give_up_ms = subscription.give_up_minutes * 60_000
    until_ms = max((now_ms if held else newest.at) + give_up_ms, now_ms + LAST_TRY_MS)
    return Message(_name(transitions), [number for number, _ in chosen], transitions, False, until_ms)


def cause_of(transition: Transition) -> str | None:
    """What may be behind many alerts at once: of a rule about the data itself, that it fires, or ends. None: it stands for itself."""
    if transition.kind != "data" or transition.room == TRIAL:
        return None
    return f"{transition.rule} {event(transition)}"


def _of_one_cause(told: Sequence[Notice], now_ms: int) -> Sequence[Notice]:
    """The first alone, or with all others of its cause, once these have had time to come; meanwhile what has none goes before it."""
    for notice in told:
        cause = cause_of(notice[1])
        if cause is None:
            return [notice]
        same = [each for each in told if cause_of(each[1]) == cause]
        if notice is same[0] and now_ms - notice[1].at >= CAUSE_MS:
            return same[:MOST_OF_A_CAUSE]
    return []


def _name(transitions: Sequence[Transition]) -> str:
    """The id: of a transition alone its own."""
    if len(transitions) == 1:
        return transitions[0].id
    return "group/" + blake2b("\n".join(transition.id for transition in transitions).encode(), digest_size=16).hexdigest()


def _reminder(subscription: Subscription, opened: Mapping[str, str], now_ms: int) -> Message | Forget | None:
    every_ms = subscription.repeat_minutes * 60_000
    due: list[Opened] = []
    for alert, text in opened.items():
        known = _opened.decode(text)
        if not every_ms or now_ms - known.transition.at > REMIND_MS or not wants(subscription, known.transition):
            return Forget([], [alert])
        if now_ms - known.told_ms >= every_ms and not _sleeps(subscription, known.transition, now_ms):
            due.append(known)
    if not due:
        return None
    cause = cause_of(due[0].transition)
    same = due[:1] if cause is None else [each for each in due if cause_of(each.transition) == cause][:MOST_OF_A_CAUSE]
    transitions = [each.transition for each in same]
    name = f"{_name(transitions)}~{same[0].reminders + 1}"
    return Message(name, [], transitions, True, now_ms + min(every_ms, subscription.give_up_minutes * 60_000))


def _of(transition: Transition) -> str:
    """Which alert it is of, among those of all rooms."""
    return f"{transition.room}/{transition.alert}"


def _open(subscription: Subscription, message: Message, now_ms: int) -> dict[str, str]:
    """Alerts that are to be told again while they go on."""
    if not subscription.repeat_minutes:
        return {}
    last = {_of(transition): transition for transition in message.transitions if transition.room != TRIAL}
    return {
        alert: msgspec.json.encode(Opened(transition, now_ms, _count(message))).decode()
        for alert, transition in last.items()
        if event(transition) == "firing"
    }


def _count(message: Message) -> int:
    return int(message.id.rpartition("~")[2]) if message.reminder else 0


def _closed(transitions: Sequence[Transition]) -> list[str]:
    last = {_of(transition): transition for transition in transitions}
    return [alert for alert, transition in last.items() if event(transition) in ("resolved", "acknowledged")]


def _named(transition: Transition) -> dict[str, str]:
    """Which alert it is of, for people; a test message is of no room."""
    room = "" if transition.room == TRIAL else transition.room
    return {"room": room, "rule": transition.rule, "title_zh": transition.title_zh, "title_en": transition.title_en}


def _entry(message: Message, result: Result, outcome: str, now_ms: int) -> str:
    """A line of the delivery log."""
    entry = {
        "at": now_ms,
        "id": message.id,
        "outcome": outcome,
        "reason": result.reason,
        "detail": result.detail,
        "attempt": message.attempts + 1,
        "took_ms": result.took_ms,
        "transitions": [transition.id for transition in message.transitions],
        "alerts": [_named(transition) for transition in message.transitions[:MOST_NAMED]],
        "reminder": message.reminder,
    }
    return msgspec.json.encode(entry).decode()
