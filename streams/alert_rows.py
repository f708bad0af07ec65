"""Alerts as a screen shows them, from their states as stored (`streams.alerts.life`): those that go on, and those that ended of late."""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from streams.wording import Language, filled

#: So long after its end an alert stays on the screen.
ENDED_MS = 60 * 60_000
_MOST = 100
#: Worst first, as the severities.
_ACTIVE = ("firing", "acknowledged")
_SEVERITIES = ("critical", "warning", "info")
_SAID = ("severity", "kind", "title_zh", "title_en", "message_zh", "message_en")
_TEXTS: tuple[str, ...] = ("title", "message")
_LANGUAGES: tuple[Language, ...] = ("zh", "en")
_DONE = ("unknown", "acknowledged_by", "assigned_to", "comment")

#: key → state; a field that is not there has the value it has by itself.
States = Mapping[str, Mapping[str, Any]]
#: No facts but those of the state.
NOTHING: Mapping[str, Any] = MappingProxyType({})
#: A state → facts that its texts name, as they are now
Live = Callable[[Mapping[str, Any]], Mapping[str, Any]]


def rows(states: States, now_ms: int, live: Live | None = None) -> list[dict[str, Any]]:
    """Active alerts and recently resolved ones, the newest firing first.

    id rule subject status at (since it has this status) fired_at resolved_at severity kind title_zh title_en message_zh message_en
    The texts are sentences with the figures of now where `live` knows them, else with those written down last.
    unknown (why it cannot be judged now, or None) false_alarm acknowledged_by assigned_to comment; times in ms
    """
    shown = [_row(key, state, live(state) if live else {}) for key, state in states.items() if _is_shown(state, now_ms)]
    shown.sort(key=lambda row: (row["fired_at"], row["id"]), reverse=True)
    return shown[:_MOST]


def history(states: States) -> list[dict[str, Any]]:
    """The newest alert of each rule and subject that ever fired, as in `rows`, whenever it ended."""
    fired = [_row(key, state, {}) for key, state in states.items() if state.get("status") in (*_ACTIVE, "resolved")]
    return sorted(fired, key=lambda row: (row["fired_at"], row["id"]), reverse=True)


def whole(newest: Sequence[dict[str, Any]], log: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Every alert of a broadcast, the newest firing first: those of `history`, and each before them as its transitions tell.

    `log`: the room's transitions, newest first. Of an alert whose beginning is no longer in it only the newest is known.
    """
    before: dict[str, dict[str, Any]] = {}
    for step in reversed(log):
        if step["to"] == "firing" and step["from"] != "firing":
            before[step["alert"]] = _fired(step)
        elif step["alert"] in before:
            before[step["alert"]] |= _moved(step)
    found = [*({row["id"]: row for row in [*before.values(), *newest]}).values()]
    return sorted(found, key=lambda row: (row["fired_at"], row["id"]), reverse=True)


def active(states: States) -> int:
    """How many alerts go on."""
    return sum(state.get("status") in _ACTIVE for state in states.values())


def worst(states: States) -> dict[str, Any] | None:
    """What needs eyes first of the alerts that go on: severity title_zh title_en status fired_at; None when all is calm."""
    going = [state for state in states.values() if state.get("status") in _ACTIVE]
    if not going:
        return None
    first = min(going, key=lambda state: (_ACTIVE.index(state["status"]), _SEVERITIES.index(state["said"]["severity"]), -state["fired_ms"]))
    said = texts(first)
    return {
        "severity": first["said"]["severity"],
        "title_zh": said["title_zh"],
        "title_en": said["title_en"],
        "status": first["status"],
        "fired_at": first["fired_ms"],
    }


def texts(state: Mapping[str, Any], facts: Mapping[str, Any] = NOTHING) -> dict[str, str]:
    """The alert in sentences of both languages. `facts`: newer ones than those that were written down with it."""
    known = {**state.get("facts", {}), **facts}
    return {
        f"{text}_{language}": filled(state["said"][f"{text}_{language}"], known, language) for text in _TEXTS for language in _LANGUAGES
    }


def _is_shown(state: Mapping[str, Any], now_ms: int) -> bool:
    if state.get("status") == "resolved":
        return bool(now_ms - state["resolved_ms"] < ENDED_MS)
    return state.get("status") in _ACTIVE


def _fired(step: Mapping[str, Any]) -> dict[str, Any]:
    """A row of `whole` from the transition that it begins with."""
    times = {"at": step["at"], "fired_at": step["at"], "resolved_at": None}
    said = {name: step[name] for name in ("rule", "subject", *_SAID)}
    return {"id": step["alert"], "status": "firing", **times, **said, "false_alarm": False, **dict.fromkeys(_DONE)}


def _moved(step: Mapping[str, Any]) -> dict[str, Any]:
    """What a later transition changes in it."""
    changed = {"status": step["to"], "assigned_to": step["assigned_to"]}
    if step["comment"]:
        changed["comment"] = step["comment"]
    if step["reason"] == "acknowledged":
        changed["acknowledged_by"] = step["by"]
    if step["reason"] == "false_alarm":
        changed["false_alarm"] = True
    if step["from"] != step["to"]:
        changed["at"] = step["at"]
        if step["to"] == "resolved":
            changed["resolved_at"] = step["at"]
        changed |= {name: step[name] for name in _SAID}
    return changed


def _row(key: str, state: Mapping[str, Any], facts: Mapping[str, Any]) -> dict[str, Any]:
    said = state["said"]
    return {
        "id": f"{key}:{state['number']}",
        "rule": state["rule"],
        "subject": state["subject"],
        "status": state["status"],
        "at": state["since_ms"],
        "fired_at": state["fired_ms"],
        "resolved_at": state.get("resolved_ms"),
        "severity": said["severity"],
        "kind": said["kind"],
        **texts(state, facts),
        "false_alarm": state.get("false_alarm", False),
        **{name: state.get(name) for name in _DONE},
    }
