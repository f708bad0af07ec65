"""Who is told of alerts: subscriptions, their delivery logs, and a test message. Neither target nor secret is ever given back."""

import secrets
from typing import Any

import msgspec
from msgspec.structs import replace
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from screen import audit
from screen.answers import json_answer
from screen.auth import allow
from screen.body import read_body
from screen.parts import parts_of
from screen.problems import Problem
from screen.roles import Role
from streams.notices import target
from streams.notices.selection import trial
from streams.notices.subscription import BadSubscription, Subscription, parse, text

_LOGGED = 100


async def listing(request: Request) -> Response:
    """`GET /api/subscriptions`; `broken`: those that cannot be read, so that nobody is told by them."""
    await _operator(request)
    found = sorted((await parts_of(request).store.notices.subscriptions()).items())
    read = {name: _parsed(stored) for name, stored in found}
    broken = [name for name, each in read.items() if each is None]
    return json_answer({"subscriptions": [_shown(each) for each in read.values() if each], "broken": broken})


async def put(request: Request) -> Response:
    """`POST /api/subscriptions`: adds one, or changes the one with that id; without a target or secret these stay as they are."""
    await _operator(request)
    parts = parts_of(request)
    given = _object(await read_body(request))
    given.setdefault("id", secrets.token_hex(6))
    known = (await parts.store.notices.subscriptions()).get(str(given["id"]))
    given["since_ms"] = parts.clock()
    if known is not None and (before := _parsed(known)):
        given = {"target": before.target, "secret": before.secret, **given}
        if before.enabled:  # one that is switched on again is told nothing of the time before
            given["since_ms"] = before.since_ms
    try:
        made = parse(msgspec.json.encode(given))
    except BadSubscription as error:
        raise Problem(422, "wrong-subscription", str(error)) from None
    await parts.store.notices.subscribe(made.id, text(made))
    audit.detail(request, subscription=made.id)
    return json_answer(_shown(made), 200 if known else 201)


async def delete(request: Request) -> Response:
    """`DELETE /api/subscriptions/{subscription}`: with all that waits for it; also one that cannot be read."""
    await _operator(request)
    name, notices = request.path_params["subscription"], parts_of(request).store.notices
    if name not in await notices.subscriptions():
        raise _unknown()
    await notices.unsubscribe(name)
    return Response(status_code=204)


async def log(request: Request) -> Response:
    """`GET /api/subscriptions/{subscription}/log`: what became of its newest messages."""
    await _operator(request)
    found = await _find(request)
    entries = await parts_of(request).store.notices.log(found.id, _LOGGED)
    return json_answer({"log": [msgspec.json.decode(entry) for entry in entries]})


async def test(request: Request) -> Response:
    """`POST /api/subscriptions/{subscription}/test`: sends a message that says it is a test, on the way of all others; 202 and its id."""
    await _operator(request)
    found = await _find(request)
    parts = parts_of(request)
    if not found.enabled:
        raise Problem(409, "disabled", "The subscription is switched off.")
    made = trial(secrets.token_hex(6), parts.clock())
    await parts.store.notices.post([(found.id, made.id, msgspec.json.encode(made).decode())])
    return json_answer({"id": made.id}, 202)


async def _operator(request: Request) -> None:
    """Subscriptions are of all rooms, so a token that is limited to some may not touch them."""
    token = await allow(request, Role.OPERATOR)
    if token.rooms:
        raise Problem(403, "wrong-room", "Subscriptions are of all rooms; the token is limited to some.")


async def _find(request: Request) -> Subscription:
    stored = (await parts_of(request).store.notices.subscriptions()).get(request.path_params["subscription"])
    found = None if stored is None else _parsed(stored)
    if found is None:
        raise _unknown()
    return found


def _unknown() -> Problem:
    return Problem(404, "unknown-subscription", "There is no such subscription.")


def _parsed(stored: str) -> Subscription | None:
    """None for one that an older or newer version wrote, which the watchers pass over too."""
    try:
        return parse(stored)
    except BadSubscription:
        return None


def _object(body: bytes) -> dict[str, Any]:
    try:
        return msgspec.json.decode(body, type=dict[str, Any])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Problem(422, "not-json", "The body must be a JSON object: the subscription.") from None


def _shown(each: Subscription) -> dict[str, Any]:
    """All but the secret and the target, of which only what says where it goes: an Apprise address is a password as a whole."""
    row: dict[str, Any] = msgspec.to_builtins(replace(each, secret="", target="*****"))
    row["target"] = target.shown(each.target)
    row["has_secret"] = bool(each.secret)
    return row


ROUTES = [
    Route("/api/subscriptions", listing),
    Route("/api/subscriptions", put, methods=["POST"]),
    Route("/api/subscriptions/{subscription}", delete, methods=["DELETE"]),
    Route("/api/subscriptions/{subscription}/log", log),
    Route("/api/subscriptions/{subscription}/test", test, methods=["POST"]),
]
