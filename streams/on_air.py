"""When a room was on air, and whether it is (contract, section 2, On air).

    opened ──────── closed      opened again ───── newest event ┄┄┄┄ now
    ├──── on air ─────┤           ├──── on air ────────┤ silent

Two clocks decide, each for one thing. *Minutes on air* are event time: a span is cut where nothing happened for `silent_hours`, and one
that is still open ends at the newest event once that is `SILENT_MS` old. The *status* goes by arrival, so that a log that is replayed is
live while it comes in, however old its events are.
"""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from streams import keys, windows
from streams.board_rules import BoardRules
from streams.material import Material

Status = Literal["unopened", "live", "silent", "closed", "ended"]

#: The scenes that say so.
KINDS = ("opened", "closed")
#: So long after its newest record arrived a live room is silent.
SILENT_MS = 30 * windows.MINUTE_MS
_HOUR_MS = 3_600_000


@dataclass(frozen=True, slots=True)
class Span:
    """One time on air, ms, half-open; `end` None: it goes on."""

    start: int
    end: int | None


@dataclass(frozen=True, slots=True)
class OnAir:
    """status    unopened · live · silent · closed (by the system, after `silent_hours` of silence) · ended (somebody closed it)
    spans     the times on air, oldest first; only the last may go on
    opened_at closed_at   ms: when the first began; when it was closed, by whomever, None while it is not
    """

    status: Status
    spans: Sequence[Span]
    opened_at: int | None
    closed_at: int | None

    def aired_ms(self, now_ms: int) -> int:
        """How long it was on air until now, ms."""
        return sum(max(0, (now_ms if span.end is None else span.end) - span.start) for span in self.spans)


def read(material: Material, now_ms: int, rules: BoardRules) -> OnAir:
    """What the room's scenes and figures say of it as of `now_ms`."""
    spans, announced = _announced(material)
    going = bool(spans) and spans[-1].end is None
    newest = newest_event(material.facts)
    status = _status(material, going, announced, now_ms, rules)
    if going and newest is not None and (status == "closed" or now_ms - newest >= SILENT_MS):
        spans[-1] = Span(spans[-1].start, max(spans[-1].start, newest))
    cut = [piece for span in spans for piece in _cut(span, material, rules.silent_hours * _HOUR_MS)]
    opened_at = spans[0].start if announced and spans else None
    closed_at = spans[-1].end if status in ("closed", "ended") and spans else _fact(material.facts, "closed_at")
    return OnAir(status, cut, opened_at, closed_at if status in ("closed", "ended") else None)


def around(material: Material, at: int) -> range:
    """The time on air in which a moment lies, from opening to closing, ms; one that goes on has no end yet. Empty where there is none."""
    for span in _announced(material)[0]:
        if span.start <= at and (span.end is None or at <= span.end):
            return range(span.start, sys.maxsize if span.end is None else span.end)
    return range(0)


def aged(status: Status, arrived_at: int | None, now_ms: int, rules: BoardRules) -> Status:
    """The status of a room of which nothing has come in since it was `status`."""
    if status not in ("live", "silent") or arrived_at is None:
        return status
    silence = now_ms - arrived_at
    return "closed" if silence >= rules.silent_hours * _HOUR_MS else "silent" if silence >= SILENT_MS else "live"


def newest_event(facts: Mapping[str, str]) -> int | None:
    """The newest event time that is counted of any topic."""
    times = [int(text) for name, text in facts.items() if name.startswith(keys.as_of(""))]
    return max(times, default=None)


def arrived_at(facts: Mapping[str, str]) -> int | None:
    """When the newest record arrived; of state that does not know it, its event time."""
    return _fact(facts, "arrived_at") or newest_event(facts)


def is_over(facts: Mapping[str, str]) -> int | None:
    """When the room was closed, if it was not opened again since (ms). By its facts alone."""
    closed, opened = _fact(facts, "closed_at"), _fact(facts, "stated_at")
    return closed if closed is not None and (opened is None or opened <= closed) else None


def _fact(facts: Mapping[str, str], name: str) -> int | None:
    return int(facts[name]) if name in facts else None


def _status(material: Material, going: bool, announced: bool, now_ms: int, rules: BoardRules) -> Status:
    if not announced:
        return "unopened" if going or "closed_at" not in material.facts else "ended"
    return aged("live", arrived_at(material.facts), now_ms, rules) if going else "ended"


def _announced(material: Material) -> tuple[list[Span], bool]:
    """The spans from opening to closing, uncut, and whether anybody said that the room opened; else it did with its first minute."""
    scenes = [scene for scene in material.scenes if scene["kind"] in KINDS]
    spans: list[Span] = []
    first = min(material.minutes, default=None)
    announced = any(scene["kind"] == "opened" for scene in scenes)
    if not announced and first is not None:
        spans.append(Span(first * windows.MINUTE_MS, None))
    for scene in sorted(scenes, key=lambda scene: (scene["at"], scene["kind"] == "closed")):
        spans = _say(spans, scene)
    return spans, announced


def _say(spans: list[Span], scene: Mapping[str, Any]) -> list[Span]:
    """The spans after the room was opened or closed (again). What is said twice, in between, changes facts and no times."""
    start: int = scene.get("starts") or scene["at"]
    if not spans:
        return [] if scene["kind"] == "closed" else [Span(start, None)]
    *before, last = spans
    if scene["kind"] == "closed":
        return [*before, Span(last.start, max(last.start, scene["at"]))]
    if last.end is not None:
        return [*spans, Span(max(start, last.end), None)]
    floor = before[-1].end if before else None
    return [*before, Span(max(floor or 0, min(last.start, start)), None)]


def _cut(span: Span, material: Material, silent_ms: int) -> list[Span]:
    """The span without the times in which nothing happened for so long that the system closed the room: an event opened it again."""
    pieces: list[Span] = []
    start, heard = span.start, span.start
    for minute in sorted(material.minutes):
        begin = minute * windows.MINUTE_MS
        if begin < span.start or (span.end is not None and begin >= span.end):
            continue
        if begin - heard >= silent_ms:
            pieces += [Span(start, heard)] if heard > start else []
            start = begin
        heard = begin + windows.MINUTE_MS
    return [*pieces, Span(start, span.end)]
