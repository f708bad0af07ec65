"""One subscription: who is told, of what, and when not."""

from typing import Annotated, Literal
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Meta, Struct

from streams.notices import signing, target

Severity = Literal["info", "warning", "critical"]
Event = Literal["firing", "resolved", "acknowledged", "assigned"]
Pattern = Annotated[str, Meta(min_length=1, max_length=64)]
Clock = Annotated[str, Meta(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]

MIN_SECRET = 16


class Quiet(Struct, frozen=True, forbid_unknown_fields=True):
    """Hours of the day, in a time zone, in which only the severities in `through` are told; the rest is told at their end."""

    begin: Clock
    end: Clock
    zone: str = "Asia/Shanghai"
    through: tuple[Severity, ...] = ("critical",)


class Subscription(Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """As it is stored (JSON).

    target           http(s)://… is the signed webhook, anything else an Apprise address; it may hold a password, so it is never logged
    secret           the key that the webhook's calls are signed with (`streams.notices.signing`)
    rooms, rules     patterns with * and ?, as in file names         tell   the events that are worth a message
    group_seconds    what comes within so long after a first notice is told in one message; 0: each alone
    repeat_minutes   an alert that goes on unacknowledged is told again so often, for a day at most; 0: never
    give_up_minutes  what could not be delivered for so long is dropped, and that is logged
    since_ms         transitions before are not told
    """

    id: Annotated[str, Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$")]
    target: Annotated[str, Meta(min_length=5, max_length=2_000)]
    name: Annotated[str, Meta(max_length=100)] = ""
    secret: Annotated[str, Meta(max_length=200)] = ""
    rooms: Annotated[tuple[Pattern, ...], Meta(min_length=1, max_length=100)] = ("*",)
    rules: Annotated[tuple[Pattern, ...], Meta(min_length=1, max_length=100)] = ("*",)
    severities: tuple[Severity, ...] = ("info", "warning", "critical")
    tell: tuple[Event, ...] = ("firing", "resolved")
    language: Literal["zh", "en"] = "zh"
    quiet: Quiet | None = None
    group_seconds: Annotated[int, Meta(ge=0, le=3_600)] = 0
    repeat_minutes: Annotated[int, Meta(ge=0, le=1_440)] = 0
    give_up_minutes: Annotated[int, Meta(ge=1, le=1_440)] = 60
    enabled: bool = True
    since_ms: int = 0

    @property
    def is_webhook(self) -> bool:
        """Whether it is told by the signed webhook."""
        return target.is_webhook(self.target)


class BadSubscription(ValueError):
    """A subscription that cannot be; the message says why, and holds neither target nor secret."""


_decoder = msgspec.json.Decoder(Subscription)


def parse(text: str | bytes) -> Subscription:
    """Raises BadSubscription."""
    try:
        found = _decoder.decode(text)
    except msgspec.MsgspecError as error:
        raise BadSubscription(str(error)) from None
    if found.is_webhook and len(found.secret) < MIN_SECRET:
        raise BadSubscription(f"secret: a webhook needs one of at least {MIN_SECRET} characters")
    try:
        signing.key(found.secret)
    except ValueError as error:
        raise BadSubscription(f"secret: {error}") from None
    try:
        target.check(found.target)
    except target.BadTarget as error:
        raise BadSubscription(f"target: {error}") from None
    if found.quiet is not None:
        _check(found.quiet)
    return found


def text(subscription: Subscription) -> str:
    """As it is stored."""
    return msgspec.json.encode(subscription).decode()


def _check(quiet: Quiet) -> None:
    try:
        ZoneInfo(quiet.zone)
    except (ValueError, OSError, KeyError):
        raise BadSubscription("quiet.zone: no such time zone") from None
    if quiet.begin == quiet.end:
        raise BadSubscription("quiet: begin and end are the same")
