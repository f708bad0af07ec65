"""Rules: from a file's text to what can be evaluated, every one checked when it is read rather than when it is needed."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from streams import topics
from streams.alerts import sample
from streams.alerts.expression import Expression
from streams.alerts.written import Both, Piece, Problem, Written, duration_ms, pieces, written
from streams.cel_source import NotCompiled
from streams.wording import BadTemplate, Template, template

MAX_RULES = 200
_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
_VALUE = re.compile(r"[a-z][a-z0-9_]{0,31}")


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule.

    subject         whose facts it sees and how many alerts it can have: one for the room, else one for each product, source …
    when            the condition                    resolve_when   where given, an active alert goes on until this holds (hysteresis)
    minimum         the volume under which `when` says nothing      values   name → expression, for texts
    needs           topic → ms that it may be silent before the rule is Unknown; None: any time, but the agents must keep up with it
    for_ms keep_firing_ms cooldown_ms                as `streams.alerts.life.Times`
    rooms           the rooms it applies to, * and ? as in file names     after_end   whether it goes on after the broadcast
    """

    id: str
    kind: str
    subject: str
    severity: str
    when: Expression
    minimum: Expression | None
    resolve_when: Expression | None
    values: dict[str, Expression]
    needs: dict[str, int | None]
    title_zh: Template
    title_en: Template
    message_zh: Template
    message_en: Template
    for_ms: int
    keep_firing_ms: int
    cooldown_ms: int
    rooms: tuple[str, ...]
    after_end: bool

    def applies_to(self, room: str) -> bool:
        """Whether one of its patterns is this room's."""
        return any(fnmatchcase(room, pattern) for pattern in self.rooms)


def parse(text: str) -> tuple[list[Rule], list[Problem]]:
    """The rules of a YAML file, and why others were refused: sorted by line. Never raises."""
    rules, problems, _ = _read(text)
    return rules, problems


def reload(text: str, before: Sequence[Rule]) -> tuple[list[Rule], list[Problem]]:
    """The same for a file that was changed: a rule that is broken now stays as it was before, so that its alerts live on."""
    rules, problems, off = _read(text)
    known = {rule.id for rule in rules} | off
    broken = {problem.rule for problem in problems} - known
    return rules + [rule for rule in before if rule.id in broken], problems


def _read(text: str) -> tuple[list[Rule], list[Problem], set[str]]:
    """Rules, problems, and the ids that are switched off."""
    rules: dict[str, Rule] = {}
    problems: list[Problem] = []
    off: set[str] = set()
    for piece in pieces(text):
        found = written(piece)
        made = found if isinstance(found, Problem) else _rule(piece, found)
        if isinstance(made, Problem):
            problems.append(made)
        elif made.id in rules or made.id in off:
            problems.append(piece.refuse("id", f"another rule is called {made.id}"))
        elif len(rules) == MAX_RULES:
            problems.append(piece.refuse("id", f"more than {MAX_RULES} rules"))
        elif isinstance(found, Written) and not found.enabled:
            off.add(made.id)
        else:
            rules[made.id] = made
    return list(rules.values()), sorted(problems, key=lambda problem: problem.line), off


class _Refused(Exception):
    """Carries the problem out of the checks."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.reason)
        self.problem = problem


def _rule(piece: Piece, given: Written) -> Rule | Problem:
    try:
        return _checked(piece, given)
    except _Refused as refusal:
        return refusal.problem


def _checked(piece: Piece, given: Written) -> Rule:
    if not _ID.fullmatch(given.id):
        raise _Refused(piece.refuse("id", "an id has 1 to 64 of a-z 0-9 _ -"))
    expressions = _Expressions(piece, given.subject)
    values = {name: expressions.value(name, source) for name, source in given.values.items()}
    return Rule(
        id=given.id,
        kind=given.kind,
        subject=given.subject,
        severity=given.severity,
        when=expressions.condition("when", given.when),
        minimum=expressions.condition("minimum", given.minimum) if given.minimum is not None else None,
        resolve_when=expressions.condition("resolve_when", given.resolve_when) if given.resolve_when is not None else None,
        values=values,
        needs=dict(_needs(piece, given.needs)),
        title_zh=_template(piece, given, "title", "zh"),
        title_en=_template(piece, given, "title", "en"),
        message_zh=_template(piece, given, "message", "zh"),
        message_en=_template(piece, given, "message", "en"),
        for_ms=_duration(piece, "for", given.for_),
        keep_firing_ms=_duration(piece, "keep_firing_for", given.keep_firing_for),
        cooldown_ms=_duration(piece, "cooldown", given.cooldown),
        rooms=given.rooms,
        after_end=given.after_end,
    )


def _duration(piece: Piece, place: str, text: str) -> int:
    if (found := duration_ms(text)) is None:
        raise _Refused(piece.refuse(place, f"no duration: {text[:20]} (as in 30s, 5m, 1h)"))
    return found


def _needs(piece: Piece, needs: dict[str, str]) -> Iterator[tuple[str, int | None]]:
    for topic, text in needs.items():
        if topic not in topics.INPUTS:
            raise _Refused(piece.refuse("needs", f"no topic {topic[:60]}: one of {', '.join(topics.INPUTS)}"))
        yield topic, None if text == "any" else _duration(piece, f"needs.{topic}", text)


def _template(piece: Piece, given: Written, field: str, language: str) -> Template:
    both: Both = getattr(given, field)
    place = f"{field}.{language}"
    try:
        found = template(getattr(both, language))
    except BadTemplate as error:
        raise _Refused(piece.refuse(place, str(error))) from error
    _known(piece, place, [path for path in found.paths if path[0] not in given.values or len(path) > 1], given.subject)
    return found


def _known(piece: Piece, place: str, paths: Iterable[tuple[str, ...]], subject: str) -> None:
    for path in paths:
        if (missing := sample.unknown(subject, path)) is not None:
            raise _Refused(piece.refuse(place, f"no fact {missing}"))


@dataclass(frozen=True, slots=True)
class _Expressions:
    """Compiles and tries a rule's expressions: what cannot work with any figures is refused now."""

    piece: Piece
    subject: str

    def condition(self, place: str, source: str) -> Expression:
        return self._tried(place, self._compiled(place, source), condition=True)

    def value(self, name: str, source: str) -> Expression:
        place = f"values.{name}"
        if not _VALUE.fullmatch(name):
            raise _Refused(self.piece.refuse(place, "a value's name has 1 to 32 of a-z 0-9 _"))
        return self._tried(place, self._compiled(place, source), condition=False)

    def _compiled(self, place: str, source: str) -> Expression:
        try:
            return Expression(source)
        except NotCompiled as error:
            where = f" (column {error.column})" if error.column else ""
            raise _Refused(self.piece.refuse(place, f"{place}: {error.reason}{where}", max(0, error.line - 1))) from error

    def _tried(self, place: str, expression: Expression, condition: bool) -> Expression:
        _known(self.piece, place, expression.paths, self.subject)
        if (reason := sample.failure(self.subject, expression, condition)) is not None:
            raise _Refused(self.piece.refuse(place, f"{place}: {reason}"))
        return expression
