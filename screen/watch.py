"""The websocket of a room: frames go out, nothing comes in."""

import asyncio
import logging
from collections.abc import AsyncIterator

from starlette.requests import HTTPConnection, Request
from starlette.responses import Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from screen import fanout
from screen.answers import room_of
from screen.auth import allow
from screen.bounded import FRAMES
from screen.close import NOT_READING, TOKEN_ENDED, TOO_MUCH, UNASKED, Close
from screen.fanout import Client, Socket
from screen.feed import payload
from screen.hub import Watcher
from screen.mailbox import Ended
from screen.parts import Parts, parts_of
from screen.problems import Problem
from screen.roles import Role

log = logging.getLogger(__name__)

#: How long a close may take to be written where the server underneath waits for a browser that reads nothing.
LEAVE_SECONDS = 1.0


async def watch(websocket: WebSocket) -> None:
    """`GET /ws/rooms/{room}?epoch=&rev=`. Refusals come as HTTP problems, before the upgrade."""
    parts = parts_of(websocket)
    name = websocket.path_params["room"]
    token = await allow(websocket, Role.VIEWER, name)
    room = await parts.rooms.find(name)
    if room is None:
        raise Problem(404, "unknown-room", "There is no such room.")
    watcher = parts.hub.join(room, token)
    try:
        await websocket.accept()
        await _serve(websocket, watcher, parts)
    finally:
        parts.hub.leave(watcher)


async def ask_for_upgrade(request: Request) -> Response:
    """The same address without a websocket, as behind a proxy that does not pass upgrades on."""
    await room_of(request)
    how = {"connection": "upgrade", "upgrade": "websocket"}
    raise Problem(426, "no-websocket", "Frames come over a websocket: the request must ask for the upgrade, and proxies pass it on.", how)


async def _serve(websocket: WebSocket, watcher: Watcher, parts: Parts) -> None:
    listener = asyncio.create_task(_listen(websocket, watcher))
    close: Close | None = None
    try:
        socket = websocket.scope.get("state", {}).get(FRAMES)
        await (_send(websocket, watcher, parts) if socket is None else _push(websocket, watcher, socket))
    except Ended as ended:
        close = ended.close
    except TimeoutError:
        close = NOT_READING
    except WebSocketDisconnect:
        close = None
    finally:
        listener.cancel()
    parts.measures.closes.labels(close.name if close else "left").inc()
    if close is not None:
        try:
            async with asyncio.timeout(LEAVE_SECONDS):
                await websocket.close(close.code, close.name)
        except (WebSocketDisconnect, TimeoutError):
            log.debug("a browser left before it could be closed, or reads nothing")


async def _listen(websocket: WebSocket, watcher: Watcher) -> None:
    """Notices that the browser leaves, or says something."""
    message = await websocket.receive()
    if message["type"] != "websocket.disconnect":
        watcher.mailbox.end(UNASKED)
    else:
        ours = {close.code: close for close in (NOT_READING, TOO_MUCH)}
        watcher.mailbox.end(ours.get(message["code"]))


async def _push(websocket: WebSocket, watcher: Watcher, socket: Socket) -> None:
    """The feed writes to the websocket itself, and this only waits for the end."""
    client = Client(socket, watcher.mailbox.end, watcher.token.expires, *starting_at(websocket))
    watcher.feed.fanout.add(client)
    try:
        await watcher.mailbox.take()
    finally:
        watcher.feed.fanout.discard(client)


async def _send(websocket: WebSocket, watcher: Watcher, parts: Parts) -> None:
    """Under a server that shows nobody its websockets, by ASGI: a task is woken for each browser and frame."""
    async for kind, frame in frames(watcher, *starting_at(websocket)):
        async with asyncio.timeout(fanout.NOT_READING_SECONDS):
            await websocket.send_text(payload(frame).decode())
        parts.measures.count_frames(kind, len(frame))


async def frames(watcher: Watcher, epoch: str, rev: int | None) -> AsyncIterator[tuple[str, bytes]]:
    """Each time it is asked, what brings a browser from what it has to the newest: the kind, and a websocket frame. Raises `Ended`."""
    watcher.feed.pull(watcher.mailbox)
    while True:
        now_ms = await watcher.mailbox.take()
        if now_ms >= watcher.token.expires:
            raise Ended(TOKEN_ENDED)
        rev, kind, frame = watcher.feed.frame(epoch, rev)
        epoch = watcher.feed.epoch
        yield kind, frame


def starting_at(connection: HTTPConnection) -> tuple[str, int | None]:
    """The epoch and the revision that a browser says it has."""
    return connection.query_params.get("epoch", ""), _revision(connection.query_params.get("rev", ""))


def _revision(text: str) -> int | None:
    """The revision a browser says it has; None for anything else, which gets it everything."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else None


ROUTES = [
    WebSocketRoute("/ws/rooms/{room}", watch),
    Route("/ws/rooms/{room}", ask_for_upgrade),
]
