"""One look at a room: its rules, its board and the stored states in; the new states and the transitions out. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any

from msgspec import Struct, json
from msgspec.structs import replace

from streams.alerts import life
from streams.alerts.acts import Act, Refused, act
from streams.alerts.expression import Names, Unknown, look_up
from streams.alerts.facts import Board, Facts, Minutes, Named
from streams.alerts.known import Known
from streams.alerts.life import Reason, Said, State, Status, Step, Truth, alert_id
from streams.alerts.rules import Rule
from streams.alerts.verdict import judge
from streams.wording import CURRENCY, Language, Template, clean, filled

_MAX_FACTS = 40
#: While an alert goes on, its figures are no older than this; each saving is a step in the store.
REFRESH_MS = 5_000
States = dict[str, State]


class Transition(Struct, frozen=True, rename={"from_": "from"}):
    """What happened to an alert: a record of live.alerts, of the room's history, and of the screen. JSON by msgspec.

    id is "<room>/<alert>/<n-th transition of this rule and subject>": the same states and facts give the same id, whoever evaluates.
    by, comment, to: of what people did. facts: those the rule names, as they were; of people's doing none.
    """

    id: str
    room: str
    alert: str
    rule: str
    subject: str
    from_: Status
    to: Status
    reason: Reason
    at: int
    kind: str
    severity: str
    title_zh: str
    title_en: str
    message_zh: str
    message_en: str
    facts: dict[str, Any]
    by: str | None = None
    comment: str | None = None
    assigned_to: str | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """How one rule stands on one subject."""

    rule: Rule
    subject: str
    key: str
    truth: Truth
    names: Named


def evaluate(
    rules: Sequence[Rule], board: Board, minutes: Minutes, states: Mapping[str, State], now_ms: int, known: Known | None = None
) -> tuple[States, list[Transition]]:
    """The states after this look, by `life.state_key`, and the transitions in the order they are to be told.

    A state that is the very same object as before needs no writing. `minutes`: see `streams.alerts.facts.Facts`. `known`: what came of the
    conditions in earlier looks at the same room; it makes a look cheaper, and changes nothing else.
    """
    room: str = board["room"]
    after: States = dict(states)
    told: list[Transition] = []
    seen: set[str] = set()
    for found in _standings(rules, board, minutes, states, now_ms, Known() if known is None else known, quiet=False):
        before = states.get(found.key)
        if before is None and found.truth is not True:
            continue
        seen.add(found.key)
        state, step = life.step(found.rule, before or State(found.rule.id, found.subject), found.truth, now_ms)
        if _is_due(found, state, step, now_ms):
            state = _said_now(found, state, now_ms)
        if step:
            told.append(_transition(room, state, step, now_ms, _asked(found)))
        after[found.key] = state
    for key, state in states.items():
        if key not in seen:
            after[key], step = life.retire(state, _retirement(rules, board, state), now_ms)
            if step:
                told.append(_transition(room, after[key], step, now_ms, {}))
    return after, told


def examine(rules: Sequence[Rule], board: Board, minutes: Minutes, states: Mapping[str, State], now_ms: int) -> list[Standing]:
    """How every rule that applies stands on every subject now, Unknown with its reason: for the page of the rules."""
    return list(_standings(rules, board, minutes, states, now_ms, Known(), quiet=True))


def respond(room: str, state: State, done: Act, now_ms: int) -> tuple[State, Transition | None] | Refused:
    """What a person did to an alert. No transition: it was done before."""
    result = act(state, done, now_ms)
    if isinstance(result, Refused):
        return result
    after, step = result
    if step is None:
        return after, None
    told = _transition(room, after, step, now_ms, {})
    return after, replace(told, by=done.by, comment=done.comment or None)


def encode(state: State) -> str:
    """As it is stored."""
    return json.encode(state).decode()


def decode(text: str) -> State:
    """From what `encode` made. msgspec.ValidationError: it was not."""
    return _decoder.decode(text)


_decoder = json.Decoder(State)


def _standings(
    rules: Sequence[Rule], board: Board, minutes: Minutes, states: Mapping[str, State], now_ms: int, known: Known, quiet: bool
) -> Iterator[Standing]:
    """`quiet`: also those that do not hold and never did, which are most."""
    facts = Facts(board, minutes, now_ms)
    known.turn_to(rules)
    for number, rule in enumerate(rules):
        if not _applies(rule, board):
            continue
        subjects = facts.subjects(rule.subject)
        for (subject, row), found in zip(subjects, known.of(number, subjects), strict=True):
            names = Named(facts, rule.subject, row)
            holds, state = found.holds(names), states.get(found.key)
            if board["status"] == "silent" and (state is None or state.status not in ("pending", *life.ACTIVE)):
                continue  # nothing begins where nobody speaks; what goes on there may be why
            if quiet or state is not None or holds is not False:
                yield Standing(rule, subject, found.key, judge(rule, state, facts, names, holds), names)


def _applies(rule: Rule, board: Board) -> bool:
    return (rule.after_end or board["status"] not in ("closed", "ended")) and rule.applies_to(board["room"])


def _retirement(rules: Sequence[Rule], board: Board, state: State) -> life.Retirement:
    rule = next((rule for rule in rules if rule.id == state.rule and rule.applies_to(board["room"])), None)
    if rule is None:
        return "withdrawn"
    return "gone" if _applies(rule, board) else "ended"


def _is_due(found: Standing, state: State, step: Step | None, now_ms: int) -> bool:
    """Whether the figures are to be written down: when it begins, and now and then while the condition holds."""
    if step and step.after in ("pending", "firing"):
        return True
    return found.truth is True and state.status in ("pending", *life.ACTIVE) and now_ms - state.facts_ms >= REFRESH_MS


def _said_now(found: Standing, state: State, now_ms: int) -> State:
    """The state with what its rule says and names now; the same one where nothing differs."""
    rule, names = found.rule, found.names
    texts = title_zh, title_en, message_zh, message_en = rule.title_zh, rule.title_en, rule.message_zh, rule.message_en
    said = Said(rule.severity, rule.kind, title_zh.source, title_en.source, message_zh.source, message_en.source, rule.subject)
    facts = named(texts, names, {name: expression.execute(names) for name, expression in rule.values.items()})
    if (said, facts) == (state.said, state.facts):
        return state
    return replace(state, said=said, facts=facts, facts_ms=now_ms)


def named(texts: Iterable[Template], names: Names, values: Mapping[str, Any]) -> dict[str, Any]:
    """What texts name, by name: facts, and the rule's own values; with the currency that money is in."""
    paths = dict.fromkeys([CURRENCY, *(path for text in texts for path in text.paths)])
    found = {path: values[path[0]] if len(path) == 1 and path[0] in values else look_up(names, path) for path in paths}
    return {".".join(path): plain(value) for path, value in found.items() if not isinstance(value, dict | list)}


def _asked(found: Standing) -> dict[str, Any]:
    """What the rule's conditions name, as it is."""
    rule, names = found.rule, found.names
    values = {name: expression.execute(names) for name, expression in rule.values.items()}
    facts = rule.when.facts(names) | (rule.minimum.facts(names) if rule.minimum else {}) | values
    return {name: plain(value) for name, value in list(facts.items())[:_MAX_FACTS]}


def plain(value: Any) -> Any:
    """A fact as JSON: text from outside as one short line, what has no number as null."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, Unknown) or (isinstance(value, float) and not isfinite(value)):
        return None
    return round(value, 6) if isinstance(value, float) else value


def _said(state: State) -> Said:
    return state.said or Said("info", "data", state.rule, state.rule, "", "")


def _transition(room: str, state: State, step: Step, now_ms: int, facts: dict[str, Any]) -> Transition:
    """What is told of a step, in sentences with the figures of then; of an end, with the last while it held."""
    alert, said = alert_id(state), _said(state)

    def words(text: str, language: Language) -> str:
        return filled(text, state.facts, language)

    return Transition(
        id=f"{room}/{alert}/{state.seq}",
        room=room,
        alert=alert,
        rule=state.rule,
        subject=state.subject,
        from_=step.before,
        to=step.after,
        reason=step.reason,
        at=now_ms,
        kind=said.kind,
        severity=said.severity,
        title_zh=words(said.title_zh, "zh"),
        title_en=words(said.title_en, "en"),
        message_zh=words(said.message_zh, "zh"),
        message_en=words(said.message_en, "en"),
        facts=facts,
        comment=state.comment,
        assigned_to=state.assigned_to,
    )
