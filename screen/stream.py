"""The frames of a room as server-sent events: for browsers behind proxies that let no websocket through."""

import asyncio
import socket
from collections.abc import Callable

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from screen import fanout
from screen.answers import room_of
from screen.auth import allow
from screen.bounded import BUFFER_BYTES, NOTSENT_LOWAT, UNSENT_BYTES
from screen.close import NOT_READING, Close
from screen.feed import payload
from screen.hub import Watcher
from screen.mailbox import Ended
from screen.measures import Measures
from screen.parts import parts_of
from screen.roles import Role
from screen.watch import frames, starting_at

_HEADERS = {"content-type": "text/event-stream; charset=utf-8", "cache-control": "no-store, no-transform", "x-accel-buffering": "no"}
_TRANSPORT = "livescreen.transport"
LEAVE_SECONDS = 1.0


class Transports:
    """ASGI application around the whole one, right under uvicorn: lets a response reach its connection, to bound it and to cut it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes everything on."""
        transport = getattr(getattr(send, "__self__", None), "transport", None)  # of uvicorn's `RequestResponseCycle`
        if scope["type"] == "http" and transport is not None:
            scope[_TRANSPORT] = transport
        await self._app(scope, receive, send)


async def stream(request: Request) -> Response:
    """`GET /api/rooms/{room}/frames?epoch=&rev=`: the frames of the websocket, each an event; the last one, `close`, says why it ends.

    Takes a seat like a websocket. `Problem` 401, 403, 404, 429, 503.
    """
    token = await allow(request, Role.VIEWER, request.path_params["room"])
    room = await room_of(request)
    parts = parts_of(request)
    watcher = parts.hub.join(room, token)
    return _Events(watcher, parts.measures, lambda: parts.hub.leave(watcher))


class _Events(Response):
    """One writer, which sends whatever is newest whenever the browser is ready for more."""

    def __init__(self, watcher: Watcher, measures: Measures, leave: Callable[[], None]) -> None:
        super().__init__(headers=_HEADERS)
        del self.headers["content-length"]
        self._watcher, self._measures, self._leave = watcher, measures, leave

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        transport = scope.get(_TRANSPORT)
        listener = asyncio.create_task(self._listen(receive))
        try:
            _bound(transport)
            close = await self._serve(scope, send)
            self._measures.closes.labels(close.name if close else "left").inc()
            if close is not None:
                last = msgspec.json.encode({"code": close.code, "name": close.name})
                async with asyncio.timeout(LEAVE_SECONDS):
                    await send({"type": "http.response.body", "body": b"event: close\ndata: " + last + b"\n\n", "more_body": False})
        except TimeoutError:
            if transport is not None:
                transport.abort()
        finally:
            listener.cancel()
            self._leave()

    async def _serve(self, scope: Scope, send: Send) -> Close | None:
        """Why it ends; None when the browser left."""
        close: Close | None = None
        try:
            await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
            async for kind, frame in frames(self._watcher, *starting_at(Request(scope))):
                event = b"data: " + payload(frame) + b"\n\n"
                async with asyncio.timeout(fanout.NOT_READING_SECONDS):
                    await send({"type": "http.response.body", "body": event, "more_body": True})
                self._measures.count_frames(kind, len(event))
        except TimeoutError:
            close = NOT_READING
        except Ended as ended:
            close = ended.close
        return close

    async def _listen(self, receive: Receive) -> None:
        while (await receive())["type"] != "http.disconnect":
            pass
        self._watcher.mailbox.end(None)


def _bound(transport: asyncio.Transport | None) -> None:
    """What waits here and in the kernel for this browser is old by the time it is read."""
    if transport is None:
        return
    transport.set_write_buffer_limits(high=BUFFER_BYTES)
    raw = transport.get_extra_info("socket")
    if raw is not None and raw.family != socket.AF_UNIX:
        raw.setsockopt(socket.IPPROTO_TCP, NOTSENT_LOWAT, UNSENT_BYTES)


ROUTES = [Route("/api/rooms/{room}/frames", stream)]
