"""The alerts of a room: their history, and what people do to them."""

from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from screen.answers import json_answer, room_of
from screen.auth import allow
from screen.body import read_body
from screen.parts import parts_of
from screen.problems import Problem
from screen.roles import Role
from streams import alert_rows, keys
from streams.alerts import Act, Refused, State, Transition, decode, encode, respond, split
from streams.alerts.acts import MAX_CHARACTERS
from streams.store.desk import HISTORY, AlertStep, Saved
from streams.store.port import Store

#: The evaluator writes a room's states twice a second at most; so many times an act meets no free moment only if something is wrong.
_TRIES = 10
_Text = Annotated[str, Meta(max_length=MAX_CHARACTERS)]
_REFUSALS = {
    "not_this_alert": (404, "unknown-alert", "There is no such alert, or a newer one has taken its place."),
    "over": (409, "alert-over", "The alert is over; it can only be marked as a false alarm."),
    "too_long": (422, "too-long", f"Names and comments may have {MAX_CHARACTERS} characters at most."),
    "nobody": (422, "nobody", "The name of whoever does this is missing."),
}


class Asked(Struct, frozen=True, forbid_unknown_fields=True):
    """The body of an acknowledgement; all of it may be left out. to: who is to look after it."""

    comment: _Text = ""
    to: _Text = ""
    false_alarm: bool = False


async def history(request: Request) -> Response:
    """`GET /api/rooms/{room}/alerts`: all alerts that fired, and the log of transitions (not with `?log=0`), both newest first."""
    room = await room_of(request)
    found = await read(parts_of(request).store, room.name)
    if request.query_params.get("log") == "0":
        del found["log"]
    return json_answer(found)


async def read(store: Store, room: str) -> dict[str, Any]:
    """The alerts of a room's broadcast, newest firing first, and the newest of its transitions."""
    kept = await store.alerts.read(room)
    states = {key: msgspec.json.decode(text) for key, text in kept.states.items()}
    heads = await store.heads(room, {keys.ALERT_LOG: HISTORY})
    log = [msgspec.json.decode(text) for text in heads.get(keys.ALERT_LOG, [])]
    return {"alerts": alert_rows.whole(alert_rows.history(states), log), "log": log}


async def acknowledge(request: Request) -> Response:
    """`POST /api/rooms/{room}/alerts/{alert}/ack`: the alert as it is then. The same call again changes nothing."""
    token = await allow(request, Role.OPERATOR, request.path_params["room"])
    room = await room_of(request, Role.OPERATOR)
    asked = _asked(await read_body(request))
    alert = request.path_params["alert"]
    parts = parts_of(request)
    state = await _respond(parts.store, room.name, _acts(asked, alert, token.author), parts.clock())
    (row,) = alert_rows.history({alert.rpartition(":")[0]: msgspec.to_builtins(state)})
    return json_answer({"alert": row})


def _asked(body: bytes) -> Asked:
    try:
        return msgspec.json.decode(body or b"{}", type=Asked)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise Problem(422, "wrong-body", f"The body may have comment, to and false_alarm: {error}") from None


def _acts(asked: Asked, alert: str, by: str) -> list[Act]:
    """Giving it to someone, and then acknowledging it or calling it false."""
    assigned = [Act("assign", alert, by, asked.comment, asked.to)] if asked.to else []
    return [*assigned, Act("false_alarm" if asked.false_alarm else "acknowledge", alert, by, asked.comment)]


async def _respond(store: Store, room: str, acts: list[Act], now_ms: int) -> State:
    """Saves what the acts change in one step, made from the newest states: where the evaluator was faster, it is made again from its."""
    found = split(acts[0].alert)
    for _ in range(_TRIES):
        kept = await store.alerts.read(room)
        if found is None or found[0] not in kept.states:
            raise _problem("not_this_alert")
        state, told = _apply(room, decode(kept.states[found[0]]), acts, now_ms)
        if not told:
            return state
        texts = [msgspec.json.encode(transition).decode() for transition in told]
        if isinstance(await store.alerts.save(AlertStep(room, kept.version, None, {found[0]: encode(state)}, texts)), Saved):
            return state
    raise Problem(503, "busy", "The alerts of this room change too fast at the moment; please try again.", {"retry-after": "1"})


def _apply(room: str, state: State, acts: list[Act], now_ms: int) -> tuple[State, list[Transition]]:
    told = []
    for done in acts:
        result = respond(room, state, done, now_ms)
        if isinstance(result, Refused):
            raise _problem(result.reason)
        state, transition = result
        told += [transition] if transition else []
    return state, told


def _problem(reason: str) -> Problem:
    return Problem(*_REFUSALS[reason])


ROUTES = [
    Route("/api/rooms/{room}/alerts", history),
    Route("/api/rooms/{room}/alerts/{alert}/ack", acknowledge, methods=["POST"]),
]
