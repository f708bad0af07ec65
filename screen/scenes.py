"""Scenes written by people through the screen: filled in, checked as an agent would check them, acknowledged by Kafka."""

import secrets
from collections.abc import Mapping
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from screen.auth import allow
from screen.body import read_body
from screen.parts import KafkaAway, Parts, parts_of
from screen.problems import Problem
from screen.roles import Role
from screen.tokens import Token
from streams import events, topics

#: Kinds that name a thing of their own: without a name it gets the event's id.
_NAMED = {"noted": "note", "prompted": "prompt", "violated": "violation"}
_WITH_AUTHOR = {"noted", "note_edited", "note_deleted", "prompted"}
_NEEDED = {"prompted": Role.OPERATOR}  # every other kind: assistant


async def add_scene(request: Request) -> Response:
    """`POST /api/rooms/{room}/scenes`: 201 and the event, once it is safe in the log."""
    name = request.path_params["room"]
    token = await allow(request, Role.ASSISTANT, name)
    given = _object(await read_body(request))
    kind = given.get("kind")
    if not isinstance(kind, str):
        raise Problem(422, "unknown-kind", "The scene must have a kind.")
    needed = _NEEDED.get(kind, Role.ASSISTANT)
    if token.rank < needed:
        raise Problem(403, "wrong-role", f"{kind} needs the role {needed.label}; the token has the role {token.role}.")
    parts = parts_of(request)
    if kind != "opened" and not await parts.rooms.exists(name):
        raise Problem(404, "unknown-room", "There is no such room. A scene of the kind opened makes one.")
    event = _filled_in(given, name, token, parts.clock())
    raw = msgspec.json.encode(event)
    _check(raw, parts.clock())
    await _send(parts, name, raw)
    if kind == "opened":
        parts.rooms.announce(name)
    parts.measures.scenes.labels(kind).inc()
    return Response(raw, 201, media_type="application/json")


def _object(body: bytes) -> dict[str, Any]:
    try:
        return msgspec.json.decode(body, type=dict[str, Any])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Problem(422, "not-json", "The body must be a JSON object: the scene, with its kind.") from None


def _filled_in(given: Mapping[str, Any], room: str, token: Token, now_ms: int) -> dict[str, Any]:
    """The event as it goes to Kafka. `id` and `at` may come from a caller that was without network; `author` never."""
    event = {**given, "room": room}
    event.setdefault("id", secrets.token_hex(12))
    event.setdefault("at", now_ms)
    kind = event["kind"]
    if kind in _NAMED:
        event.setdefault(_NAMED[kind], event["id"])
    event.pop("author", None)
    if kind in _WITH_AUTHOR:
        event["author"] = token.name or token.role
    return event


def _check(raw: bytes, now_ms: int) -> None:
    found = events.decode(topics.SCENES, raw, now_ms + events.FUTURE_MS)
    if isinstance(found, events.Rejected):
        raise Problem(422, found.reason, found.detail)


async def _send(parts: Parts, room: str, raw: bytes) -> None:
    try:
        await parts.producer.send(topics.SCENES, room, raw)
    except KafkaAway:
        retry = {"retry-after": "2"}
        detail = "Kafka has not acknowledged it. Send it again with the same id."
        raise Problem(503, "kafka-away", detail, retry) from None
