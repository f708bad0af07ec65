"""The rules of the alerts, as operators read and change them, and how each stands on a room."""

from typing import Any

import anyio.to_thread
import msgspec
from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from screen import audit, rulebook
from screen.answers import json_answer, room_of
from screen.auth import allow
from screen.body import read_body
from screen.parts import parts_of
from screen.problems import Problem
from screen.roles import Role
from streams.alerts import REACH_MS, Standing, decode, examine, parse
from streams.alerts.in_chinese import in_chinese


class Switch(Struct, frozen=True, forbid_unknown_fields=True):
    """The body of a switch."""

    enabled: bool


async def read(request: Request) -> Response:
    """`GET /api/rules`: the rules' text and where it comes from; what of it holds, what is switched off, and what is refused by line.

    And `watchers`: what each watcher that is there really holds to (`agents.alerting.rulebook`), which may have a file of its own.
    """
    await allow(request, Role.OPERATOR)
    page = await anyio.to_thread.run_sync(rulebook.shown, await current(request))
    held = await parts_of(request).store.alerts.held()
    return json_answer(page | {"watchers": [_watcher(text) for text in held]})


async def put(request: Request) -> Response:
    """`PUT /api/rules` with the text of a file: 422 with every line that is refused, and then nothing changes. DELETE: the shipped ones."""
    return await save(request, await changing(request), await _text(request))


async def check(request: Request) -> Response:
    """`POST /api/rules/check` with the text of a file: what would hold and what be refused; nothing changes."""
    await allow(request, Role.OPERATOR)
    rules, problems = await anyio.to_thread.run_sync(parse, await _text(request))
    return json_answer({"rules": [rule.id for rule in rules], "problems": [rulebook.refusal(problem) for problem in problems]})


async def switch(request: Request) -> Response:
    """`POST /api/rules/{rule}` with `{"enabled": …}`: one rule on or off, and nothing else in the text."""
    book = await changing(request)
    try:
        wish = msgspec.json.decode(await read_body(request), type=Switch)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        raise Problem(422, "wrong-body", 'The body must be {"enabled": true} or {"enabled": false}.') from None
    text = rulebook.switched(book.text, request.path_params["rule"], wish.enabled)
    audit.detail(request, enabled=str(wish.enabled).lower())
    if text is None:
        raise Problem(404, "unknown-rule", "There is no such rule.")
    return await save(request, book, text)


async def delete(request: Request) -> Response:
    """`DELETE /api/rules`: the shipped rules hold again."""
    await _put(request, await changing(request), None)
    return json_answer(await anyio.to_thread.run_sync(rulebook.shown, rulebook.shipped()))


async def stand(request: Request) -> Response:
    """`GET /api/rooms/{room}/rules`: each rule that applies on each subject, whether it holds now, or why that cannot be told."""
    room = await room_of(request, Role.OPERATOR)
    parts = parts_of(request)
    now_ms = parts.clock()
    rules, _ = await anyio.to_thread.run_sync(parse, (await current(request)).text)
    kept = await parts.store.alerts.read(room.name)
    states = {key: decode(text) for key, text in kept.states.items()}
    whole, minutes = await room.whole(now_ms, REACH_MS)
    found = examine(rules, whole, minutes, states, now_ms)
    return json_answer({"rules": [_standing(each) for each in found]})


async def current(request: Request) -> rulebook.Book:
    """The rules that hold."""
    parts = parts_of(request)
    return await rulebook.find(parts.store, parts.rules)


async def changing(request: Request) -> rulebook.Book:
    """The rules as they are, for one who may change them: they hold for all rooms, so a token that is limited to some may not.

    `If-Match` with the version that was read keeps one operator from writing over what another has just saved.
    """
    token = await allow(request, Role.OPERATOR)
    if token.rooms:
        raise Problem(403, "wrong-room", "The rules hold for all rooms; the token is limited to some.")
    book = await current(request)
    if book.origin == "file":
        raise Problem(409, "rules-in-file", f"The rules come from the file {book.path} (LIVESCREEN_RULES); change them there.")
    wanted = request.headers.get("if-match", "").strip('" ')
    if wanted and wanted != book.version:
        raise _changed()
    return book


async def _put(request: Request, book: rulebook.Book, text: str | None) -> None:
    """In the place of those that were read; meanwhile another operator may have been faster, whatever this one asked for."""
    if not await parts_of(request).store.alerts.put_rules(text, before=book.text if book.origin == "store" else ""):
        raise _changed()


def _changed() -> Problem:
    return Problem(412, "rules-changed", "Somebody else has changed the rules; read them again first.")


async def save(request: Request, book: rulebook.Book, text: str) -> Response:
    """Puts a text in the place of the rules that were read: the page then; 422 and no change where a rule of it is refused."""
    rules, problems = await anyio.to_thread.run_sync(parse, text)
    if problems or not rules:
        refused = [rulebook.refusal(problem) for problem in problems]
        raise Problem(422, "wrong-rules", "Nothing is changed: some of these rules cannot be, or there is none.", problems=refused)
    await _put(request, book, text)
    return json_answer(await anyio.to_thread.run_sync(rulebook.shown, rulebook.Book(text, "store")))


async def _text(request: Request) -> str:
    try:
        return (await read_body(request)).decode()
    except UnicodeDecodeError:
        raise Problem(422, "not-utf8", "The rules must be UTF-8 text.") from None


def _watcher(text: str) -> dict[str, Any]:
    """What a watcher holds to; why rules of its own are refused, in Chinese as well."""
    said: dict[str, Any] = msgspec.json.decode(text)
    return said | {"problems": [each | {"reason_zh": in_chinese(each["reason"])} for each in said["problems"]]}


def _standing(each: Standing) -> dict[str, Any]:
    """`holds` is null where it cannot be told; `unknown` says why."""
    holds = each.truth if isinstance(each.truth, bool) else None
    return {"rule": each.rule.id, "subject": each.subject, "holds": holds, "unknown": None if holds is not None else str(each.truth)}


ROUTES = [
    Route("/api/rules", read),
    Route("/api/rules", put, methods=["PUT"]),
    Route("/api/rules", delete, methods=["DELETE"]),
    Route("/api/rules/check", check, methods=["POST"]),
    Route("/api/rules/{rule}", switch, methods=["POST"]),
    Route("/api/rooms/{room}/rules", stand),
]
