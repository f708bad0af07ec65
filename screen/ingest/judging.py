"""Which candidates are events that this token may write; judged as the agents judge, so that nothing sent here becomes a dead letter."""

from collections.abc import Iterable

import msgspec

from screen.ingest.formats import Candidate
from screen.tokens import Token
from streams import topics
from streams.events import FUTURE_MS, Rejected, decode, surrogates
from streams.intake.taking import Entry


class Refusal(msgspec.Struct, frozen=True):
    """One of the `errors` of the answer. `id` is "" where the event tells none; `reason` is one of `events.REASONS`, or:

    unknown-topic   no topic of ours           wrong-topic, wrong-room   the token does not open it
    """

    line: int
    id: str
    reason: str
    detail: str


class _Named(msgspec.Struct):
    id: str = ""


_named = msgspec.json.Decoder(_Named).decode


def judge(found: Iterable[Candidate], token: Token, now_ms: int) -> tuple[list[Entry], list[Refusal]]:
    """Those that may be written, and why the others may not. An event may be `events.FUTURE_MS` ahead of `now_ms` (Unix ms)."""
    entries, refusals = [], []
    limit_ms = now_ms + FUTURE_MS
    for each in found:
        judged = _judge(each, token, limit_ms)
        if isinstance(judged, Entry):
            entries.append(judged)
        else:
            refusals.append(Refusal(each.line, _id_of(each.raw), judged.reason, judged.detail))
    return entries, refusals


def _judge(each: Candidate, token: Token, limit_ms: int) -> Entry | Rejected:
    if each.why is not None:
        return each.why
    if each.topic not in topics.WRITABLE:
        return Rejected("unknown-topic", f"the topic must be one of {', '.join(topics.WRITABLE)}")
    if not token.writes(each.topic):
        return Rejected("wrong-topic", f"the token does not write to {each.topic}")
    event = decode(each.topic, each.raw, limit_ms)
    if isinstance(event, Rejected):
        return event
    if not token.opens(event.room):
        return Rejected("wrong-room", "the token does not open this room")
    return Entry(each.line, each.topic, event.room, event.id, each.raw)


def _id_of(raw: bytes) -> str:
    """The id of what is refused, for its sender to find it; "" where it cannot be read or is too long to be one."""
    try:
        found = surrogates.parse(_named, raw).id
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return ""
    return found if len(found) <= 64 else ""
