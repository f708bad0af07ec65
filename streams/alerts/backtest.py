"""What rules would have said of a broadcast that is over, from its stored minutes: one look at the end of each minute, by event time.

    minute  │  k-1  │   k   │ k+1 │        look after minute k: online as of its last 5 s, last_5m = minutes k-4 … k,
                            ▲            previous_5m = minutes k-9 … k-5, and as totals what was counted until then

So times are whole minutes, and what the minutes do not keep cannot be judged: who bought within a window (buyers and what is computed of
them), people over the whole broadcast until then, stock and unpaid orders, single comments, sources, how far the agents were behind.
`not_judged` names the fact; such rules are left out rather than judged on other figures than the live ones.
"""

from collections.abc import Iterator, Mapping, Sequence

from streams import board, keys, on_air, topics, windows
from streams.alerts.evaluation import States, Transition, evaluate
from streams.alerts.facts import REACH_MS
from streams.alerts.rules import Rule
from streams.alerts.syntax import Path
from streams.board_rules import BoardRules
from streams.material import Material
from streams.metrics import COUNTED, ROOM_PART, ROOM_PEOPLE
from streams.rolling import Bucket, Counters

#: minute → the people of the windows that end with it: "last_5m" and "previous_5m" → people metric → people
People = Mapping[int, Mapping[str, Counters]]

_OF_BUYERS = {"buyers", "pay_rate", "click_pay_rate", "customer_value"}
_OF_PEOPLE = {*ROOM_PEOPLE, "average_watch_seconds", "interaction_rate", "follow_rate", "club_rate", "uv_value"}
_WINDOW = set(ROOM_PART) - _OF_BUYERS
_TOTAL = _WINDOW - _OF_PEOPLE
_ROOM = {"title", "host", "currency", "goal_gmv", "minutes_on_air"}
_WHOLE = {"online", "minutes", "last_15m", "limits"}
#: Facts that hold at the end, and not at a minute before.
_OF_NOW = {"closed_at", "arrived_at"}
_BELOW = {"last_5m": _WINDOW, "previous_5m": _WINDOW, "total": _TOTAL, "room": _ROOM}


def not_judged(rule: Rule) -> str | None:
    """Why a rule cannot be judged from minutes: its subject, or the first fact that they do not keep. None: it can be."""
    if rule.subject != "room":
        return f"subject {rule.subject}"
    asked = [rule.when, *(each for each in (rule.minimum, rule.resolve_when) if each), *rule.values.values()]
    return next((".".join(path) for expression in asked for path in expression.paths if not _is_kept(path)), None)


def windows_of(minute: int) -> dict[str, range]:
    """The minutes of both windows at the end of a minute."""
    return {"last_5m": range(minute - 4, minute + 1), "previous_5m": range(minute - 9, minute - 4)}


def span(material: Material) -> range:
    """The minutes to look after: from the first to the last in which something happened."""
    return range(min(material.minutes), max(material.minutes) + 1) if material.minutes else range(0)


def run(rules: Sequence[Rule], material: Material, people: People) -> Iterator[Transition]:
    """The transitions in order, each as it would have been told; `rules` are to be such that can be judged."""
    states: States = {}
    past = Material(material.room)
    past.minute_rows, past.minute_online = material.minute_rows, material.minute_online  # what is over is the same here
    for minute in span(material):
        now_ms = (minute + 1) * windows.MINUTE_MS - 1
        _go_on(past, material, minute, people.get(minute, {}))
        whole = board.build(past, now_ms, BoardRules())
        rows = board.minutes(past, now_ms - REACH_MS, now_ms + 1, now_ms)
        states, told = evaluate(rules, whole, rows, states, now_ms)
        yield from told


def _go_on(past: Material, material: Material, minute: int, people: Mapping[str, Counters]) -> None:
    """Adds a minute to what was known by then."""
    counters = material.minutes.get(minute, {})
    past.minutes[minute] = counters
    for metric, value in counters.items():
        if metric not in ROOM_PEOPLE:
            past.total[metric] = past.total.get(metric, 0) + value
    # A whole minute as one bucket, its last: windows that end with a minute then have their right sums.
    past.put_bucket((minute + 1) * windows.BUCKETS_PER_MINUTE - 1, Bucket(room=counters))
    past.part = {name: dict(found) for name, found in people.items()}
    end_ms = (minute + 1) * windows.MINUTE_MS
    past.facts = _facts(past.facts, material, counters, end_ms)
    past.scenes = [scene for scene in material.scenes if scene["kind"] in on_air.KINDS and scene["at"] < end_ms]


def _facts(before: Mapping[str, str], material: Material, counters: Counters, end_ms: int) -> dict[str, str]:
    """The facts of the room, as far as they held by then; a topic was heard of last in the last minute that counted any of it."""
    fixed = {name: text for name, text in material.facts.items() if not name.startswith(keys.as_of("")) and name not in _OF_NOW}
    heard = {keys.as_of(topic) for topic in topics.INPUTS if any(counters.get(metric) for metric in _of_topic(topic))}
    said = {name: text for name, text in before.items() if name.startswith(keys.as_of(""))}
    return fixed | said | dict.fromkeys(heard, str(end_ms - 1))


def _of_topic(topic: str) -> list[str]:
    if topic == topics.ORDERS:
        return ["orders_created", "orders_paid", "orders_cancelled", "refunds"]
    return [metric for (of, _), metric in COUNTED.items() if of == topic]


def _is_kept(path: Path) -> bool:
    if path[0] in _WHOLE:
        return True
    return len(path) > 1 and path[1] in _BELOW.get(path[0], ())
