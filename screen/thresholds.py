"""The numbers of rules, turned in a form; and when a rule with other numbers would have fired in a room."""

import asyncio
from typing import Any

import anyio.to_thread
import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from screen import rulebook, rules
from screen.answers import json_answer, room_of
from screen.body import read_body
from screen.parts import parts_of
from screen.problems import Problem
from screen.roles import Role
from streams.alerts import Rule, backtest, parse
from streams.alerts.thresholds import CannotChange, Change
from streams.material import Material
from streams.store.past import read_people
from streams.store.view import RoomView

#: Two days: each minute is judged, also one without events.
MOST_MINUTES = 2 * 1_440
#: One preview at a time in a process: each takes seconds of it.
_turn = asyncio.Semaphore(1)


async def turn(request: Request) -> Response:
    """`POST /api/rules/{rule}/thresholds` with `{"numbers", "durations", "severity"}`: these of one rule, and nothing else in the text."""
    book = await rules.changing(request)
    text = _turned(book.text, request.path_params["rule"], await _wish(request))
    return await rules.save(request, book, text)


async def preview(request: Request) -> Response:
    """`POST /api/rooms/{room}/rules/{rule}/preview?since=`: when the rule would have fired from `since` (ms) on, were its numbers these.

    `firings`: [{"at", "until" (null: it goes on)}]; `not_judged`: why it cannot be told from a room's minutes, else null.
    """
    room = await room_of(request, Role.OPERATOR)
    name, since_ms = request.path_params["rule"], _since(request)
    text = _turned((await rules.current(request)).text, name, await _wish(request))
    made, problems = await anyio.to_thread.run_sync(parse, text)
    rule = next((rule for rule in made if rule.id == name), None)
    if rule is None:
        refused = [rulebook.refusal(problem) for problem in problems if problem.rule == name]
        raise Problem(422, "wrong-rules", "The rule cannot be with these numbers, or it is switched off.", problems=refused)
    if reason := _why_not(rule, room.name):
        return json_answer({"firings": [], "minutes": 0, "not_judged": reason})
    async with _turn:
        return json_answer(await _run(parts_of(request), room.name, rule, since_ms))


async def _run(parts: Any, room: str, rule: Rule, since_ms: int) -> dict[str, Any]:
    """Over minutes of its own reading: those that screens share go on changing meanwhile."""
    view = RoomView(parts.store, room)
    await view.refresh(parts.clock())
    material = view.material
    if len(backtest.span(material)) > MOST_MINUTES:
        return {"firings": [], "minutes": 0, "not_judged": "too_long"}
    people = await read_people(parts.store, material)
    told = await anyio.to_thread.run_sync(lambda: list(backtest.run([rule], material, people)))
    return {"firings": _firings(told, since_ms), "minutes": len(_judged(material, since_ms)), "not_judged": None}


def _judged(material: Material, since_ms: int) -> list[int]:
    return [minute for minute in backtest.span(material) if minute * 60_000 >= since_ms]


def _firings(told: list[Any], since_ms: int) -> list[dict[str, Any]]:
    """Each firing with its end, also one that began before and went on."""
    found: list[dict[str, Any]] = []
    for each in told:
        if each.to == "firing":
            found.append({"at": each.at, "until": None})
        elif each.to == "resolved" and found:
            found[-1]["until"] = each.at
    return [row for row in found if row["until"] is None or row["until"] >= since_ms]


def _why_not(rule: Rule, room: str) -> str | None:
    """subject: it is not about the room as a whole. fact: it asks for what a room's minutes do not keep. rooms: it is not for this one."""
    if not rule.applies_to(room):
        return "rooms"
    reason = backtest.not_judged(rule)
    return None if reason is None else "subject" if reason.startswith("subject ") else "fact"


def _since(request: Request) -> int:
    text = request.query_params.get("since", "0")
    if not (text.isascii() and text.isdigit() and len(text) < 16):
        raise Problem(422, "wrong-query", "since must be a time in milliseconds.")
    return int(text)


async def _wish(request: Request) -> Change:
    try:
        return msgspec.json.decode(await read_body(request), type=Change)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise Problem(422, "wrong-body", f"The body may have numbers, durations and severity: {error}") from None


def _turned(text: str, rule: str, wish: Change) -> str:
    try:
        after = rulebook.turned(text, rule, wish)
    except CannotChange as error:
        raise Problem(422, "cannot-turn", f"{error}.") from None
    if after is None:
        raise Problem(404, "unknown-rule", "There is no such rule.")
    return after


ROUTES = [
    Route("/api/rules/{rule}/thresholds", turn, methods=["POST"]),
    Route("/api/rooms/{room}/rules/{rule}/preview", preview, methods=["POST"]),
]
