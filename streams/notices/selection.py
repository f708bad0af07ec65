"""Which transitions go to which subscription."""

from fnmatch import fnmatchcase

from msgspec.structs import replace

from streams.alerts import Transition
from streams.notices.subscription import Event, Subscription

#: The room of a trial message; no room is called so.
TRIAL = "~trial"
_TOLD = ("firing", "resolved", "acknowledged")
_TRIAL = Transition(
    id="", room=TRIAL, alert="trial", rule="trial", subject="", from_="inactive", to="firing", reason="at_once", at=0, kind="data",
    severity="info", title_zh="测试消息", title_en="A trial message", message_zh="这条订阅可以收到消息",
    message_en="This subscription can be told", facts={},
)  # fmt: skip


def event(transition: Transition) -> Event | None:
    """What a transition is to those who are told; None: nothing (pending, dropped before it fired, or called false when it was over)."""
    if transition.reason == "assigned":
        return "assigned"
    if transition.from_ == transition.to == "resolved":
        return None
    if transition.to in _TOLD and transition.from_ in ("inactive", "pending", *_TOLD):
        return transition.to  # type: ignore[return-value]  # the three are events
    return None


def wants(subscription: Subscription, transition: Transition) -> bool:
    """Whether the subscription hears of this alert; what its end is told for, its beginning is too."""
    return (
        subscription.enabled
        and event(transition) is not None
        and transition.at >= subscription.since_ms
        and transition.severity in subscription.severities
        and any(fnmatchcase(transition.room, pattern) for pattern in subscription.rooms)
        and any(fnmatchcase(transition.rule, pattern) for pattern in subscription.rules)
    )


def is_told(subscription: Subscription, transition: Transition) -> bool:
    """Whether this transition, which waits, is worth a message to the subscription as it is now; others only end reminders."""
    return transition.room == TRIAL or (event(transition) in subscription.tell and wants(subscription, transition))


def trial(number: str, now_ms: int) -> Transition:
    """A message that says nothing but that messages arrive. `number`: makes its id its own."""
    return replace(_TRIAL, id=f"{TRIAL}/{number}", at=now_ms)
