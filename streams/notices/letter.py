"""A message as it goes out: as signed JSON for a webhook, as plain text for everything else."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import msgspec

from streams.alerts import Transition
from streams.notices.plan import Message, cause_of
from streams.notices.selection import TRIAL, event
from streams.notices.subscription import Subscription

#: Chats and mails read these as markup, mentions or links. Their wide twins look alike and are only letters.
_PLAIN = {ord(mark): chr(ord(mark) + 0xFEE0) for mark in "<>&@*_`~|#[]\\"}
_WORDS = {
    "zh": {
        "firing": "触发", "resolved": "恢复", "acknowledged": "已确认", "assigned": "已指派", "reminder": "仍在持续",
        "info": "提示", "warning": "警告", "critical": "严重", "many": "{} 条提醒", "to": "指派给 {}", "by": "处理人 {}",
        "cause": "{} 个直播间",
        "means": "同一原因：在恢复之前，这些直播间屏幕上的数字不是最新的。", "rooms": "直播间：{}", "more": "等 {} 个",
    },
    "en": {
        "firing": "firing", "resolved": "resolved", "acknowledged": "acknowledged", "assigned": "assigned", "reminder": "still firing",
        "info": "info", "warning": "warning", "critical": "critical", "many": "{} alerts", "to": "assigned to {}", "by": "by {}",
        "cause": "{} rooms", "means": "One cause: until it is over, the figures on these rooms' screens are not the newest.",
        "rooms": "rooms: {}", "more": "… {} in all",
    },
}  # fmt: skip
_ROOMS_NAMED = 10
Mood = Literal["info", "success", "warning", "failure"]


@dataclass(frozen=True, slots=True)
class Plain:
    """A message for people: nothing in it is markup."""

    title: str
    body: str
    mood: Mood


class Letter(msgspec.Struct, frozen=True):
    """The body of a webhook's call.

    id             the message's, the same at every attempt: drop what you have seen
    subscription   the subscription that it is for
    reminder       the alerts were told before, and go on
    alerts         what happened, oldest first
    """

    id: str
    subscription: str
    reminder: bool
    alerts: list[Transition]


def body(subscription: Subscription, message: Message) -> bytes:
    """The webhook's JSON, a `Letter`; the same at every attempt."""
    return msgspec.json.encode(Letter(message.id, subscription.id, message.reminder, list(message.transitions)))


def plain(subscription: Subscription, message: Message) -> Plain:
    """The message in the subscription's language."""
    language, transitions = subscription.language, message.transitions
    lines = [_line(transition, language, message.reminder) for transition in transitions]
    if len(transitions) == 1:
        title, text = lines[0]
        return Plain(title, text or title, _mood(transitions[0]))
    if (cause := cause_of(transitions[0])) is not None and all(cause_of(each) == cause for each in transitions):
        return _one_cause(transitions, language, message.reminder)
    title = _WORDS[language]["many"].format(len(transitions))
    moods = [_mood(transition) for transition in transitions]
    worst = next(mood for mood in ("failure", "warning", "info", "success") if mood in moods)
    return Plain(title, "\n".join(f"{title} {text}".rstrip() for title, text in lines), worst)


def _one_cause(transitions: Sequence[Transition], language: Literal["zh", "en"], reminder: bool) -> Plain:
    """Of many alerts of one cause: what it is, what that means, and which topics and rooms it hits; each topic as its worst room has it."""
    words, first = _WORDS[language], transitions[0]
    happened = "reminder" if reminder else event(first) or "firing"
    rooms = sorted({transition.room for transition in transitions})
    named = "、".join(rooms[:_ROOMS_NAMED]) if language == "zh" else ", ".join(rooms[:_ROOMS_NAMED])
    more = f" {words['more'].format(len(rooms))}" if len(rooms) > _ROOMS_NAMED else ""
    title = first.title_zh if language == "zh" else first.title_en
    head = f"{words[first.severity]}·{words[happened]} {title} · {words['cause'].format(len(rooms))}"
    said = {transition.subject: _line(transition, language, reminder)[1] for transition in reversed(transitions)}
    lines = [*([words["means"]] if happened != "resolved" else []), *sorted(said.values()), harmless(words["rooms"].format(named + more))]
    return Plain(harmless(head), "\n".join(lines), _mood(first))


def harmless(text: str) -> str:
    """The text with nothing in it that a chat or a mail program takes for markup, a mention or a link."""
    return text.translate(_PLAIN).replace("://", "：//")


def _line(transition: Transition, language: Literal["zh", "en"], reminder: bool) -> tuple[str, str]:
    words = _WORDS[language]
    happened = "reminder" if reminder else event(transition) or "firing"
    title, text = (transition.title_zh, transition.message_zh) if language == "zh" else (transition.title_en, transition.message_en)
    room = "" if transition.room == TRIAL else f" {transition.room}"
    parts = [text]
    if happened == "assigned" and transition.assigned_to:
        parts.append(words["to"].format(transition.assigned_to))
    if transition.by:
        parts.append(words["by"].format(transition.by))
    if transition.comment and transition.by:
        parts.append(transition.comment)
    head = f"{words[transition.severity]}·{words[happened]}{room} {title}"
    return harmless(head), harmless(" · ".join(part for part in parts if part))


def _mood(transition: Transition) -> Mood:
    if event(transition) in ("resolved", "acknowledged"):
        return "success"
    return {"critical": "failure", "warning": "warning"}.get(transition.severity, "info")  # type: ignore[return-value]
