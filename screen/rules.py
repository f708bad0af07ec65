"""The rules of the alerts, as operators read and change them, and how each stands on a room."""

from importlib.resources import files
from typing import Any

import anyio.to_thread
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from screen.answers import json_answer, room_of
from screen.auth import allow
from screen.body import read_body
from screen.parts import parts_of
from screen.problems import Problem
from screen.roles import Role
from streams.alerts import REACH_MS, Rule, Standing, decode, examine, parse
from streams.alerts import Problem as Refusal

_SHIPPED = files("streams.alerts").joinpath("defaults.yaml")


async def read(request: Request) -> Response:
    """`GET /api/rules`: the text of the rules in the store, or of the shipped ones; what of it holds, and what is refused by line."""
    await allow(request, Role.OPERATOR)
    stored = await parts_of(request).store.alerts.rules()
    return json_answer(await anyio.to_thread.run_sync(_shown, stored))


async def put(request: Request) -> Response:
    """`PUT /api/rules` with the text of a file: 422 with every line that is refused, and then nothing changes. DELETE: the shipped ones."""
    await _everywhere(request)
    text = await _text(request)
    rules, problems = await anyio.to_thread.run_sync(parse, text)
    if problems or not rules:
        refused = [_refusal(problem) for problem in problems]
        raise Problem(422, "wrong-rules", "Nothing is changed: some of these rules cannot be.", problems=refused)
    await parts_of(request).store.alerts.put_rules(text)
    return json_answer(_shown(text))


async def delete(request: Request) -> Response:
    """`DELETE /api/rules`: the shipped rules hold again."""
    await _everywhere(request)
    await parts_of(request).store.alerts.put_rules(None)
    return json_answer(_shown(None))


async def stand(request: Request) -> Response:
    """`GET /api/rooms/{room}/rules`: each rule that applies on each subject, whether it holds now, or why that cannot be told."""
    room = await room_of(request, Role.OPERATOR)
    parts = parts_of(request)
    now_ms = parts.clock()
    rules, _ = await anyio.to_thread.run_sync(parse, await _in_force(request))
    kept = await parts.store.alerts.read(room.name)
    states = {key: decode(text) for key, text in kept.states.items()}
    whole, minutes = await room.whole(now_ms, REACH_MS)
    found = examine(rules, whole, minutes, states, now_ms)
    return json_answer({"rules": [_standing(each) for each in found]})


async def _everywhere(request: Request) -> None:
    """Rules hold for all rooms, so a token that is limited to some may not change them."""
    token = await allow(request, Role.OPERATOR)
    if token.rooms:
        raise Problem(403, "wrong-room", "The rules hold for all rooms; the token is limited to some.")


async def _in_force(request: Request) -> str:
    stored = await parts_of(request).store.alerts.rules()
    return _SHIPPED.read_text("utf-8") if stored is None else stored


async def _text(request: Request) -> str:
    try:
        return (await read_body(request)).decode()
    except UnicodeDecodeError:
        raise Problem(422, "not-utf8", "The rules must be UTF-8 text.") from None


def _shown(stored: str | None) -> dict[str, Any]:
    text = _SHIPPED.read_text("utf-8") if stored is None else stored
    rules, problems = parse(text)
    return {
        "shipped": stored is None,
        "text": text,
        "rules": [_rule(rule) for rule in rules],
        "problems": [_refusal(problem) for problem in problems],
    }


def _rule(rule: Rule) -> dict[str, Any]:
    names = ("id", "kind", "subject", "severity", "for_ms", "keep_firing_ms", "cooldown_ms", "rooms")
    return {name: getattr(rule, name) for name in names} | {"when": rule.when.source}


def _refusal(problem: Refusal) -> dict[str, Any]:
    return {"line": problem.line, "rule": problem.rule, "reason": problem.reason}


def _standing(each: Standing) -> dict[str, Any]:
    """`holds` is null where it cannot be told; `unknown` says why."""
    holds = each.truth if isinstance(each.truth, bool) else None
    return {"rule": each.rule.id, "subject": each.subject, "holds": holds, "unknown": None if holds is not None else str(each.truth)}


ROUTES = [
    Route("/api/rules", read),
    Route("/api/rules", put, methods=["PUT"]),
    Route("/api/rules", delete, methods=["DELETE"]),
    Route("/api/rooms/{room}/rules", stand),
]
