"""Links that show one room to others, read only, until they end: access tokens of the role viewer, which an operator makes and revokes."""

from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from screen.answers import json_answer, room_of
from screen.audit import TOKEN, detail
from screen.auth import COOKIE
from screen.body import read_body
from screen.names import MAX_CHARACTERS
from screen.parts import parts_of
from screen.problems import Problem
from screen.roles import Role
from screen.tokens import Token

HOUR_MS = 3_600_000
MOST_HOURS = 24 * 30
#: Of one room at a time, so that nobody can fill the store.
MOST_SHARES = 50


class _Wish(msgspec.Struct):
    """hours: how long it is good. name: for whom it is."""

    hours: int
    name: str = ""


def _shown(token: Token) -> dict[str, Any]:
    """A share as operators see it; times in Unix ms."""
    return {"id": token.id[:12], "name": token.name, "by": token.by, "created": token.created, "expires": token.expires}


async def _shares(request: Request, room: str) -> list[Token]:
    """The room's shares that are good now, oldest first."""
    return [token for token in await parts_of(request).tokens.list() if token.kind == "access" and token.by and token.rooms == (room,)]


async def listed(request: Request) -> Response:
    """`GET /api/rooms/{room}/shares`: the room's links that are good now."""
    room = await room_of(request, Role.OPERATOR)
    return json_answer({"shares": [_shown(token) for token in await _shares(request, room.name)]})


async def made(request: Request) -> Response:
    """`POST /api/rooms/{room}/shares` with `{"hours", "name"?}`: 201 with the share, and its token, which is known only now.

    `Problem` 409 when the room has as many as it may have.
    """
    room = await room_of(request, Role.OPERATOR)
    wish = _wish(await read_body(request))
    if len(await _shares(request, room.name)) >= MOST_SHARES:
        raise Problem(409, "too-many-shares", f"A room may have {MOST_SHARES} links at a time: revoke one that is not needed.")
    by: Token = request.scope[TOKEN]
    text, token = await parts_of(request).tokens.make(
        Role.VIEWER, lifetime_ms=wish.hours * HOUR_MS, rooms=[room.name], name=wish.name, by=by.author
    )
    detail(request, share=token.id[:12], name=token.name, hours=str(wish.hours))
    return json_answer({**_shown(token), "token": text}, 201)


def _wish(body: bytes) -> _Wish:
    try:
        wish = msgspec.json.decode(body, type=_Wish)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise Problem(422, "wrong-body", 'The body must be {"hours": 24, "name": "…"}.') from None
    if not 1 <= wish.hours <= MOST_HOURS:
        raise Problem(422, "wrong-hours", f"hours must be from 1 to {MOST_HOURS}.")
    name = " ".join("".join(c if c.isprintable() else " " for c in wish.name).split())
    if len(name) > MAX_CHARACTERS:
        raise Problem(422, "wrong-name", f"name may have {MAX_CHARACTERS} characters at most.")
    wish.name = name
    return wish


async def revoked(request: Request) -> Response:
    """`DELETE /api/rooms/{room}/shares/{share}`: 204; the link is no good any more, and the browsers that it opened are shut out."""
    room = await room_of(request, Role.OPERATOR)
    share = next((token for token in await _shares(request, room.name) if token.id[:12] == request.path_params["share"]), None)
    if share is None:
        raise Problem(404, "unknown-share", "The room has no such link any more.")
    await parts_of(request).tokens.drop([share])
    return Response(status_code=204)


async def is_held(request: Request, text: str) -> bool:
    """Whether the text is a share, and the browser's session opens its room already: an operator who tries a link keeps the own session.

    A screen that is loaded again and again by its link has one session, and not each time another.
    """
    tokens = parts_of(request).tokens
    session = await tokens.verify(request.cookies.get(COOKIE, ""))
    share = None if session is None else await tokens.verify(text)
    return share is not None and bool(share.by) and session is not None and all(session.opens(room) for room in share.rooms)


ROUTES = [
    Route("/api/rooms/{room}/shares", listed),
    Route("/api/rooms/{room}/shares", made, methods=["POST"]),
    Route("/api/rooms/{room}/shares/{share}", revoked, methods=["DELETE"]),
]
