"""Alert timelines: series of figures in, transitions with their reasons out. Each *.yaml here is a list of scenarios:

    name      what it shows                      rules | default   rules as text, or ids of the default ones
    every     between two looks (10s)            minutes_on_air    when the first look is taken (60)
    series    path in the board → values: "100x6 40 _x3": 100 six times, then 40, then no value; the last one stays. Beside the board's own:
              silent/<topic>, backlog/<topic> (seconds), products/<id>/<field>, scenes/<id> (kind), found/<id> (rule),
              minutes/<metric> (one value a minute, from 60 minutes before the first look); "gone" takes a product or scene away
    looks     how many; else as long as the longest series
    absent    [from, to): no evaluator looks       do       what people do, and rules that change
    expect    "30s rule[subject] pending → firing: held"   unknown   "40s rule[subject] silent:live.views" (or "known")

Every scenario is run as it is, and with another evaluator at every look: the one before looked too, but died before it had written
anything; the next reads the stored states and parses the rules.
"""

import copy
import json
import re
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
import yaml

from streams import alerts, board, topics
from streams.alerts import Act, Refused, State, Transition
from streams.alerts.life import state_key
from streams.alerts.written import duration_ms
from streams.board_rules import BoardRules
from streams.material import Material

START_MS = 1_790_000_040_000 // 60_000 * 60_000
DEFAULTS = (files("streams.alerts") / "defaults.yaml").read_text()
PRODUCT = {
    "title": "T", "price": 9900, "image": None, "listed": True, "listed_at": START_MS - 3_600_000, "stock": 1000, "campaign_stock": 0,
    "units_5m": 0, "explaining": False, "explaining_since": None, "explanations": 0, "badges": [],
}  # fmt: skip
SCENARIOS = [
    pytest.param(scenario, id=f"{path.stem}: {scenario['name']}")
    for path in sorted(Path(__file__).parent.glob("*.yaml"))
    for scenario in yaml.safe_load(path.read_text())
]


def values(text: object) -> list[Any]:
    found: list[Any] = []
    for token in str(text).split():
        match = re.fullmatch(r"(.+?)(?:x(\d+))?", token)
        assert match
        found += [_value(match[1])] * int(match[2] or 1)
    return found


def _value(text: str) -> Any:
    if text == "_":
        return None
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        return text


def said(ms: int) -> str:
    minutes, seconds = divmod(ms // 1000, 60)
    return f"{minutes}m{seconds}s" if minutes and seconds else f"{minutes}m" if minutes else f"{seconds}s"


def ms(text: str) -> int:
    return sum(duration_ms(part) or 0 for part in re.findall(r"\d+[a-z]+", text))


class Timeline:
    """The room of one scenario, and what was told of it."""

    def __init__(self, scenario: dict[str, Any], changing: bool = False) -> None:
        self.scenario, self.changing = scenario, changing
        self.every = ms(scenario.get("every", "10s"))
        self.series = {path: values(text) for path, text in scenario["series"].items()}
        moving = [len(series) for path, series in self.series.items() if not path.startswith("minutes/")]
        self.looks = scenario.get("looks", max(moving, default=1))
        self.text = scenario["rules"] if "rules" in scenario else _defaults(scenario["default"])
        self.rules, problems = alerts.parse(self.text)
        self.problems = [f"{problem.line} {problem.rule}: {problem.reason}" for problem in problems]
        self.states: dict[str, State] = {}
        self.known = alerts.Known()
        self.told: list[Transition] = []
        self.lines: list[str] = []
        self.unknown: dict[str, str] = {}

    def run(self) -> "Timeline":
        for look in range(self.looks):
            passed = look * self.every
            self._do(passed)
            if not any(ms(start) <= passed < ms(end) for start, end in self.scenario.get("absent", [])):
                self._look(look, passed)
        return self

    def _look(self, look: int, passed: int) -> None:
        now = START_MS + passed
        shown, minutes = self._board(look, now), self._minutes(now)
        if self.changing:
            self._change(shown, minutes, now)
        given = copy.deepcopy(self.states)
        after, told = alerts.evaluate(self.rules, shown, minutes, self.states, now, self.known)
        assert self.states == given, "what was given is never changed"
        self.states = after
        self._tell(told, passed)
        for state in after.values():
            name = f"{state.rule}[{state.subject}]" if state.subject else state.rule
            self.unknown[f"{said(passed)} {name}"] = state.unknown or "known"

    def _change(self, shown: dict[str, Any], minutes: list[dict[str, Any]], now: int) -> None:
        """One evaluator looks and dies before it has written anything; the next reads states and rules anew."""
        alerts.evaluate(self.rules, shown, minutes, self.states, now)
        self.states = {key: alerts.decode(alerts.encode(state)) for key, state in self.states.items()}
        self.rules, _ = alerts.reload(self.text, self.rules)

    def _tell(self, told: list[Transition], passed: int) -> None:
        for transition in told:
            name = f"{transition.rule}[{transition.subject}]" if transition.subject else transition.rule
            self.lines.append(f"{said(passed)} {name} {transition.from_} → {transition.to}: {transition.reason}")
            assert transition.at == START_MS + passed
        self.told += told

    def _do(self, passed: int) -> None:
        for done in self.scenario.get("do", []):
            if ms(done["at"]) != passed:
                continue
            if "rules" in done:
                self.text = done["rules"]
                self.rules, _ = alerts.reload(self.text, self.rules)
                continue
            key = state_key(done["rule"], done.get("subject", ""))
            state = self.states[key]
            number = done.get("number", state.number)
            act = Act(done["kind"], f"{key}:{number}", done["by"], done.get("comment", ""), done.get("to", ""))
            result = alerts.respond("r", state, act, START_MS + passed)
            assert (result.reason if isinstance(result, Refused) else None) == done.get("refused")
            if not isinstance(result, Refused):
                self.states[key] = result[0]
                self._tell([result[1]] if result[1] else [], passed)

    def _board(self, look: int, now: int) -> dict[str, Any]:
        opened = START_MS - self.scenario.get("minutes_on_air", 60) * 60_000
        material = Material("r", facts={"title": "T"}, scenes=[{"kind": "opened", "id": "o", "at": opened}], products={"p": {}})
        shown = {**board.build(material, now, BoardRules()), "backlog": {}, "as_of": dict.fromkeys(topics.INPUTS, now)}
        empty = shown["products"].pop()
        products: dict[str, dict[str, Any]] = {}
        for path, series in self.series.items():
            value = _at(series, look)
            first, _, rest = path.partition("/")
            if first == "silent":
                shown["as_of"][rest] = None if value is None else now - int(value * 1000)
            elif first == "backlog":
                shown["backlog"][rest] = int(value * 1000)
            elif first == "products":
                name, _, field = rest.partition("/")
                row = products.setdefault(name, copy.deepcopy({**empty, **PRODUCT, "product": name}))
                _set(row, field or "there", value)
            elif first == "scenes" and value != "gone":
                at = START_MS + series.index(value) * self.every
                shown["scenes"].append({"id": rest, "violation": rest, "kind": value, "at": at, "reason": "R", "advice": "A"})
            elif first == "found" and value != "gone":
                row = {"id": rest, "at": START_MS + series.index(value) * self.every, "rule": value, "count": 1, "text": "T"}
                shown["violations"].insert(0, {**row, "user": "u", "nickname": None, "term": None})
            elif first not in ("scenes", "found", "minutes"):
                _set(shown, path, value)
        shown["products"] = [row for row in products.values() if row.get("there") != "gone"]
        return shown

    def _minutes(self, now: int) -> list[dict[str, Any]]:
        running = now // 60_000 - START_MS // 60_000 + 60
        series = {path.partition("/")[2]: series for path, series in self.series.items() if path.startswith("minutes/")}
        numbers = range(max(0, running - 30), running + 1) if series else ()
        return [
            {"at": START_MS + (number - 60) * 60_000, **{metric: _at(series[metric], number) for metric in series}} for number in numbers
        ]


def _at(series: list[Any], number: int) -> Any:
    return series[min(number, len(series) - 1)]


def _set(table: dict[str, Any], path: str, value: Any) -> None:
    *groups, last = path.split("/")
    for name in groups:
        table = table[name]
    if last == "badges":
        value = value.split(",") if value else []
    table[last] = value


def _defaults(ids: list[str]) -> str:
    return "".join(f"- {text}" for text in re.split(r"^- ", DEFAULTS, flags=re.MULTILINE)[1:] if text.split()[1] in ids)


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_a_scenario_goes_as_written(scenario: dict[str, Any]) -> None:
    timeline = Timeline(scenario).run()
    assert timeline.lines == scenario["expect"]
    assert timeline.problems == scenario.get("problems", [])
    for line in scenario.get("unknown", []):
        place, _, reason = line.rpartition(" ")
        assert timeline.unknown[place] == reason, line


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_a_scenario_goes_the_same_whoever_looks(scenario: dict[str, Any]) -> None:
    plain, other = Timeline(scenario).run(), Timeline(scenario, changing=True).run()
    assert other.lines == plain.lines
    assert other.told == plain.told
    assert other.states == plain.states


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_every_transition_has_its_own_id(scenario: dict[str, Any]) -> None:
    told = Timeline(scenario).run().told
    assert len({transition.id for transition in told}) == len(told)
    for transition in told:
        assert transition.id.startswith(f"r/{transition.alert}/")


def test_there_are_at_least_40_scenarios() -> None:
    names = [param.id for param in SCENARIOS]
    assert len(set(names)) == len(names) >= 40
