"""Violations found while folding: a row for readers, newest first, and a count by rule."""

from collections.abc import Iterable, Sequence

import msgspec

from streams import events as ev
from streams import keys, windows
from streams.change import Change
from streams.events import Event
from streams.violations import flooding
from streams.violations.inspector import Finding, Inspector

#: So many rows of a room are kept.
KEPT = 200


def in_comments(change: Change, said: Sequence[ev.Commented], inspector: Inspector, oldest: int) -> None:
    """Inspects comments of one room, in the order of the log, and counts them for floods. `oldest`: the first recent bucket."""
    _note(change, ((event, event.user, event.nickname, event.text, inspector.comment(event.text)) for event in said))
    minutes: dict[int, list[tuple[str, str]]] = {}
    for event in said:
        bucket = windows.bucket_of(event.at)
        if bucket >= oldest:
            minutes.setdefault(windows.minute_of(bucket), []).append((event.user, inspector.squeeze(event.text)))
    for minute, spoken in minutes.items():
        flooding.count(change, minute, spoken)


def in_scenes(change: Change, events: Iterable[Event], inspector: Inspector) -> None:
    """Inspects the seller's own words: the titles of the room and its products, and messages to the host."""
    _note(change, ((event, author, None, text, inspector.message(text)) for event in events for author, text in _own_words(event)))


def _own_words(event: Event) -> Iterable[tuple[str | None, str]]:
    if isinstance(event, ev.Opened | ev.Listed):
        yield None, event.title
    elif isinstance(event, ev.Prompted):
        yield event.author, event.text


def _note(change: Change, inspected: Iterable[tuple[Event, str | None, str | None, str, list[Finding]]]) -> None:
    rows: list[str] = []
    for event, user, nickname, text, findings in inspected:
        if not findings:
            continue
        rows.append(_row(event, user, nickname, text, findings[0]))
        for finding in findings:
            change.count(keys.FOUND, finding.rule)
    if rows:
        change.push[keys.VIOLATIONS] = (rows[: -KEPT - 1 : -1], KEPT)
        change.touched.add(keys.VIOLATIONS)


def _row(event: Event, user: str | None, nickname: str | None, text: str, gravest: Finding) -> str:
    return msgspec.json.encode(
        {
            "id": event.id,
            "kind": "violation_found",
            "at": event.at,
            "user": user,
            "nickname": nickname,
            "text": text,
            "rule": gravest.rule,
            "term": gravest.term,
            "count": 1,
        }
    ).decode()
