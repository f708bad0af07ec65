"""The audit log, as administrators read it."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from screen.answers import json_answer
from screen.auth import allow
from screen.parts import parts_of
from screen.problems import Problem
from screen.roles import Role

MOST = 500


async def read(request: Request) -> Response:
    """`GET /api/audit?before=&limit=`: who changed what, newest first; `before` (Unix ms) goes on. For administrators of all rooms."""
    token = await allow(request, Role.ADMIN)
    if token.rooms:
        raise Problem(403, "wrong-room", "The audit log is of all rooms; the token is limited to some.")
    before, limit = request.query_params.get("before"), request.query_params.get("limit", "100")
    if not (limit.isascii() and limit.isdigit() and 1 <= int(limit[:6]) <= MOST):
        raise Problem(422, "wrong-limit", f"limit must be a number from 1 to {MOST}.")
    if before is not None and not (before.isascii() and before.isdigit() and len(before) <= 16):
        raise Problem(422, "wrong-time", "before must be a time in Unix milliseconds.")
    entries = await parts_of(request).audit.read(None if before is None else int(before), int(limit))
    return json_answer({"entries": entries})


ROUTES = [Route("/api/audit", read)]
