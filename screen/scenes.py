"""Scenes written by people through the screen: filled in, checked as an agent would check them, acknowledged by Kafka."""

import asyncio
import secrets
from collections.abc import Mapping
from typing import Any
from unicodedata import category

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from screen import audit
from screen.answers import json_answer, room_of
from screen.auth import allow
from screen.body import read_body
from screen.parts import KafkaAway, Parts, parts_of
from screen.problems import Problem
from screen.roles import Role
from screen.tokens import Token
from streams import events, keys, notes, topics
from streams.events import surrogates
from streams.store.port import Store

_decode = msgspec.json.Decoder(dict[str, Any]).decode
#: Kinds that name a thing of their own: without a name it gets the event's id.
_NAMED = {"noted": "note", "prompted": "prompt", "violated": "violation"}
_OF_NOTES = {"noted", "note_edited", "note_deleted"}
_WITH_AUTHOR = {*_OF_NOTES, "prompted"}
#: Kinds whose text people are to read; of spaces, control and format characters alone they would see nothing.
_TO_READ = {"noted", "note_edited", "prompted"}
#: How often, and after which pauses, a note is looked for that is perhaps still on its way.
_ARRIVES_TRIES, _ARRIVES_SECONDS = 20, 0.1
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
    await _check_author(parts.store, event, token)
    await _send(parts, name, raw)
    if kind == "opened":
        parts.rooms.announce(name)
    parts.measures.scenes.labels(kind).inc()
    audit.detail(request, kind=kind, **{name: event[name] for name in ("note", "prompt", "product") if isinstance(event.get(name), str)})
    return Response(raw, 201, media_type="application/json")


def _object(body: bytes) -> dict[str, Any]:
    try:
        return surrogates.parse(_decode, body)
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
        event["author"] = token.author
    return event


def _check(raw: bytes, now_ms: int) -> None:
    found = events.decode(topics.SCENES, raw, now_ms + events.FUTURE_MS)
    if isinstance(found, events.Rejected):
        raise Problem(422, found.reason, found.detail)
    text = getattr(found, "text", None)
    if found.kind in _TO_READ and text is not None and all(category(sign)[0] in "ZC" for sign in text):
        raise Problem(422, "empty-text", "The text must have something to read in it.")


async def _check_author(store: Store, event: Mapping[str, Any], token: Token) -> None:
    """Below the operators, notes are changed and taken back by those alone who wrote them: the author's name is the token's."""
    if event["kind"] not in _OF_NOTES or token.rank >= Role.OPERATOR:
        return
    author = await _author(store, event["room"], event["note"], wait=event["kind"] != "noted")
    if author is None and event["kind"] != "noted":
        raise Problem(404, "unknown-note", "There is no such note in the room.")
    if author is not None and author != event["author"]:
        raise Problem(403, "not-your-note", "The note is another's. An operator may change it, or take it back.")


async def _author(store: Store, room: str, note: str, wait: bool) -> str | None:
    """Whose the note is. `wait`: it may have been noted a moment ago, and be on its way through Kafka."""
    for _ in range(_ARRIVES_TRIES if wait else 1):
        (log,) = await store.hashes(room, [keys.NOTE_LOG])
        author = notes.author(log, note)
        if author is not None or not wait:
            return author
        await asyncio.sleep(_ARRIVES_SECONDS)
    return None


async def read_note(request: Request) -> Response:
    """`GET /api/rooms/{room}/notes/{note}`: whose a note is, and each thing that was said in it, oldest first; also of one taken back."""
    room = await room_of(request, Role.ASSISTANT)
    note = request.path_params["note"]
    (log,) = await parts_of(request).store.hashes(room.name, [keys.NOTE_LOG])
    found = notes.history(log, note)
    if not found:
        raise Problem(404, "unknown-note", "There is no such note in the room.")
    author, deleted = notes.author(log, note), found[-1]["kind"] == "note_deleted"
    return json_answer({"note": note, "author": author, "deleted": deleted, "history": found})


async def _send(parts: Parts, room: str, raw: bytes) -> None:
    try:
        await parts.producer.send(topics.SCENES, room, raw)
    except KafkaAway:
        retry = {"retry-after": "2"}
        detail = "Kafka has not acknowledged it. Send it again with the same id."
        raise Problem(503, "kafka-away", detail, retry) from None
