"""Floods of comments: one user who says too much or the same again and again, the same text from many.

What is counted is kept per minute of event time as sorted sets, added to by each chunk's change:

    said:<minute>:users    user → comments
    said:<minute>:repeats  user and text → times
    said:<minute>:texts    text → times

Additions commute and stand behind the fence as all counters do, so the counts are exact whatever dies and however the log was cut into
chunks; folding reads no state for them. A flood is no event: it is read off the highest counts (`rows`), a few of each set. The sets go
EXPIRE_SECONDS after their last change, and keep their MOST highest counts: a minute with more different users or texts is told of those.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from streams import keys, windows
from streams.change import Change

#: Floods of the running minute and the one before are shown.
MINUTES = 2
#: Longer than a minute's sets are read, for clocks that differ.
EXPIRE_SECONDS = 300
#: How many of each set's highest counts are read.
READ = 20
#: How many members of each set are kept.
MOST = 20_000
_LONGEST = 64
SORTS = ("users", "repeats", "texts")


@dataclass(frozen=True, slots=True)
class FloodRules:
    """From how many comments within one minute of event time it is a flood.

    user     comments of one user        repeats  of one user, with the same text        many  of anyone, with the same text, if that has
    letters  different letters at least: below that it is cheering ("666", "哈哈哈哈", "生日快乐")
    """

    user: int = 20
    repeats: int = 6
    many: int = 10
    letters: int = 8


RULES = FloodRules()


def count(change: Change, minute: int, said: Iterable[tuple[str, str]], rules: FloodRules = RULES) -> None:
    """Adds comments of one recent minute to its sets. `said`: user and squeezed text of each."""
    users, repeats, texts = (change.score.setdefault(keys.said(sort, minute), {}) for sort in SORTS)
    for user, text in said:
        users[user] = users.get(user, 0) + 1
        if not text:
            continue
        spoken = text[:_LONGEST]
        again = keys.pair(user, spoken)
        repeats[again] = repeats.get(again, 0) + 1
        if len(set(spoken)) >= rules.letters:
            texts[spoken] = texts.get(spoken, 0) + 1
    for sort in SORTS:
        change.expire[keys.said(sort, minute)] = EXPIRE_SECONDS
        change.most[keys.said(sort, minute)] = MOST
    change.touched.add(keys.said_in(minute))


def rows(minute: int, tops: Mapping[str, Sequence[tuple[str, int]]], rules: FloodRules = RULES) -> list[dict[str, Any]]:
    """The floods of a minute. `tops`: sort → the highest counts of its set. A flood's id stays the same while it grows."""
    found = [_row("flood_user", minute, user, None, times) for user, times in tops.get("users", ()) if times >= rules.user]
    for again, times in tops.get("repeats", ()):
        if times >= rules.repeats:
            found.append(_row("flood_repeats", minute, *keys.unpair(again), times))
    found += [_row("flood_text", minute, None, text, times) for text, times in tops.get("texts", ()) if times >= rules.many]
    return found


def _row(rule: str, minute: int, user: str | None, text: str | None, times: int) -> dict[str, Any]:
    who = keys.digest(keys.pair(user or "", text or ""))
    return {
        "id": f"{rule}:{minute}:{who}",
        "kind": "violation_found",
        "at": minute * windows.MINUTE_MS,
        "user": user,
        "nickname": None,
        "text": text,
        "rule": rule,
        "term": None,
        "count": times,
    }
