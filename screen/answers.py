"""What calls have in common: the room that a path names, and answers in JSON."""

from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from screen.auth import allow
from screen.parts import parts_of
from screen.problems import Problem
from screen.roles import Role
from screen.rooms import Room


def json_answer(content: Any, status: int = 200) -> Response:
    """The content as JSON."""
    return Response(msgspec.json.encode(content), status, media_type="application/json")


async def room_of(request: Request, role: Role = Role.VIEWER) -> Room:
    """The room that the path names, for those who have the role and may see it; `Problem` 401, 403 or 404."""
    name = request.path_params["room"]
    await allow(request, role, name)
    room = await parts_of(request).rooms.find(name)
    if room is None:
        raise Problem(404, "unknown-room", "There is no such room.")
    return room
