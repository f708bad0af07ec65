"""The websocket protocol under uvicorn, with bounded memory for browsers that stop reading.

Uvicorn's own waits for the write buffer before it sends a close, and then for the buffer to drain before it lets go: a browser that reads
nothing would keep both for ever. Here a close goes out at once, and the connection is cut shortly after.
"""

import logging
import socket
from asyncio import BaseTransport
from collections.abc import Callable
from typing import Any

import uvicorn
from uvicorn.protocols.utils import ClientDisconnected
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from uvicorn.server import ServerState

from screen.close import NOT_READING, TOO_MUCH, Close

log = logging.getLogger(__name__)

#: How much may wait in this process for one browser (and one frame more) before its writer waits.
BUFFER_BYTES = 32 * 1024
#: How much the kernel takes beyond what is on the wire: what waits there is old by the time it is read.
UNSENT_BYTES = 32 * 1024
#: How long a browser has to answer a close before the connection is cut.
CUT_SECONDS = 1.0
#: What a browser that watches may send: answers to our pings of a few bytes, and a ping of its own now and then. All at once, and a second.
SENT_BYTES, SENT_BYTES_PER_SECOND = 4 * 1024, 256
NOTSENT_LOWAT = getattr(socket, "TCP_NOTSENT_LOWAT", 25)


#: Where the application finds this protocol, in the state of its scope.
FRAMES = "livescreen.frames"


class CountedWebSocket(WebSocketsSansIOProtocol):
    """Uvicorn's protocol (`Config(ws=…)`) as it is. `left` is called when the connection is no more."""

    left: Callable[[], None] | None = None

    def connection_lost(self, exc: Exception | None) -> None:
        """Says so to whoever counts."""
        super().connection_lost(exc)
        if self.left is not None:
            self.left()


class BoundedWebSocket(CountedWebSocket):
    """The same with bounds, and a way past all layers for frames; every way out ends in `abort`. `drained`: see `write_frame`."""

    drained: Callable[[], None] | None = None
    _budget, _counted = float(SENT_BYTES), 0.0
    _failed = False

    def connection_made(self, transport: BaseTransport) -> None:
        """Bounds what waits here."""
        super().connection_made(transport)
        self.transport.set_write_buffer_limits(high=BUFFER_BYTES)
        self.close_timeout = CUT_SECONDS

    def data_received(self, data: bytes) -> None:
        """Judged before it is parsed: 64 KiB of the smallest pings keep the loop, and all others, for a tenth of a second."""
        if self._failed:
            return
        if self.handshake_initiated and not self._affords(len(data)):
            self._fail(TOO_MUCH)
            return
        super().data_received(data)

    def _affords(self, size: int) -> bool:
        now = self.loop.time()
        earned = (now - (self._counted or now)) * SENT_BYTES_PER_SECOND
        self._budget, self._counted = min(SENT_BYTES, self._budget + earned) - size, now
        return self._budget >= 0

    def handle_connect(self, event: Any) -> None:
        """Bounds what waits in the kernel, and lets the application find this protocol."""
        super().handle_connect(event)
        self.scope["state"][FRAMES] = self
        raw = self.transport.get_extra_info("socket")
        if raw is not None and raw.family != socket.AF_UNIX:
            raw.setsockopt(socket.IPPROTO_TCP, NOTSENT_LOWAT, UNSENT_BYTES)

    def write_frame(self, frame: bytes) -> bool:
        """Sends a whole websocket frame at once; False, and nothing is sent, while too much waits for this browser already, or at its end.

        The same bytes go to every browser: a server's frames carry no mask, and ours no compression. `drained` is called once it is less.
        """
        if self.close_sent or self.disconnected or not self.writable.is_set() or self.transport.is_closing():
            return False
        self.transport.write(frame)
        return True

    def resume_writing(self) -> None:
        """The browser reads."""
        super().resume_writing()
        if self.drained is not None:
            self.drained()

    async def send(self, message: Any) -> None:
        """A close does not wait for a browser that reads nothing."""
        closes = message["type"] == "websocket.close"
        if self.close_sent and self.handshake_complete:  # by `keepalive_timeout`, which the application may not know yet
            if closes:
                return
            raise ClientDisconnected
        if closes:
            self.writable.set()
        await super().send(message)
        if closes:
            self._cut_soon()
        elif message["type"] == "websocket.http.response.body" and not message.get("more_body"):
            self.handshake_complete = True  # by a refusal: without this uvicorn logs each as an application that never answered

    def handle_close(self, event: Any) -> None:
        """The browser leaves: it may not read what is still on the way."""
        super().handle_close(event)
        self._cut_soon()

    def keepalive_timeout(self) -> None:
        """No answer to a ping: whatever is on the way, the browser does not read it."""
        self._fail(NOT_READING)

    def _fail(self, close: Close) -> None:
        """Ends it from here: what the browser still sends is dropped unread."""
        self._failed = True
        self.conn.fail(close.code, close.name)
        self.transport.write(b"".join(self.conn.data_to_send()))
        self.close_sent = True
        self.queue.put_nowait({"type": "websocket.disconnect", "code": close.code, "reason": close.name})
        self._cut_soon()

    def _cut_soon(self) -> None:
        self.loop.call_later(CUT_SECONDS, self.transport.abort)


#: What `BoundedWebSocket` uses of uvicorn's protocol, none of which uvicorn documents.
USED = frozenset({
    "close_sent", "close_timeout", "conn", "disconnected", "handle_close", "handle_connect", "handshake_complete", "handshake_initiated",
    "keepalive_timeout", "loop", "queue", "transport", "writable",
})  # fmt: skip


def protocol(config: uvicorn.Config, used: frozenset[str] = USED) -> type[CountedWebSocket]:
    """The one for a server of that (loaded) configuration, asked for in its loop.

    Under a uvicorn that is not as this module knows it: uvicorn's own, with a warning. Then frames go by ASGI, without these bounds.
    """
    made = CountedWebSocket(config, ServerState(), {})
    if not (missing := sorted(name for name in used if not hasattr(made, name))):
        return BoundedWebSocket
    log.warning(
        "uvicorn %s has no %s: websockets are served at more cost, and without bounds for those who send too much or read nothing; "
        "install the version that this release was tested with",
        uvicorn.__version__, ", ".join(missing),
    )  # fmt: skip
    return CountedWebSocket
