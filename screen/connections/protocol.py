"""The HTTP protocol under uvicorn, with bounds in time and size for whoever sends slowly, endlessly, or reads nothing.

httptools parses: h11, uvicorn's other parser, spends so long on chunks of one byte that a single slow sender stops the server.
"""

from asyncio import BaseTransport, TimerHandle, Transport
from typing import Any, cast

from uvicorn import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from screen.bounded import CountedWebSocket
from screen.connections import refusal
from screen.connections.limits import Connections
from screen.problems import Problem

#: A request's head, and all of a request with the frame of its chunks; of its body each call has a bound of its own.
MAX_HEAD_BYTES, MAX_REQUEST_BYTES = 64 * 1024, 16 * 1024 * 1024
#: After the last answer what still comes is read and dropped for so long: else the system would tear the answer up on its way.
LINGER_SECONDS = 2.0
#: A browser that takes nothing of an answer for so long does not read.
WRITE_SECONDS = 30.0


class BoundedConfig(Config):
    """Uvicorn's, with the connections that are counted."""

    connections: Connections


class BoundedHttp(HttpToolsProtocol):
    """Uvicorn's protocol (`Config(http=…)`). One deadline runs at a time: of the head, or of the body."""

    def __init__(self, config: Config, *more: Any, **named: Any) -> None:
        super().__init__(config, *more, **named)
        self._places = cast(BoundedConfig, config).connections
        self._limits = self._places.limits
        self._place: Any = None
        self._deadline: TimerHandle | None = None
        self._reading: TimerHandle | None = None
        self._received = 0
        self._in_body = self._ending = self._over = self._keep_alive = False

    def connection_made(self, transport: BaseTransport) -> None:
        """Takes a place."""
        super().connection_made(cast(Transport, transport))
        self._place = self._places.enter(self._host)
        if self._place is None:
            self._ending = True  # at once: those who are turned away must not hold what others lack
            self.transport.write(refusal.as_bytes(refusal.full()))
            self.transport.close()
        else:
            self._allow(self._limits.header_seconds)

    @property
    def _host(self) -> str:
        return self.client[0] if self.client else ""

    def connection_lost(self, exc: Exception | None) -> None:
        """Gives the place back."""
        self._stop_clocks()
        if self._place is not None:
            self._place.leave()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Reads on, unless this is over."""
        if self._ending:
            return
        self._received += len(data)
        super().data_received(data)
        if self._ending or self.transport.is_closing() or self.transport.get_protocol() is not self:
            return
        if self._received > (MAX_REQUEST_BYTES if self._in_body else MAX_HEAD_BYTES):
            self._refuse(Problem(413 if self._in_body else 431, "too-large", "The request is too large."))
        elif self._deadline is None:
            self._allow(self._limits.header_seconds)

    def on_message_begin(self) -> None:
        """A head begins."""
        super().on_message_begin()
        self._allow(self._limits.header_seconds)

    def on_headers_complete(self) -> None:
        """A body begins; whose the request is, is known."""
        self._in_body, self._received = True, 0
        self._allow(self._limits.body_seconds)
        self._over = not self._counts()
        self.app = refusal.refuse if self._over else self.config.loaded_app
        super().on_headers_complete()
        if self.cycle is not None:
            self.cycle.transport = cast(Transport, _Closing(self))
            # An answer that does not wait for the body is the last: what follows it would be read as a request, or never end.
            self._keep_alive, self.cycle.keep_alive = self.cycle.keep_alive, False

    def _counts(self) -> bool:
        """Whether there is a place for the one that a trusted proxy asks for; an untrusted one is the address itself."""
        given = [value for name, value in self.headers if name == b"x-forwarded-for"]
        if not given or self._host not in self._limits.proxies:
            return True
        host, _ = self._limits.proxies.get_trusted_client_address(b", ".join(given).decode("latin-1"))
        return not host or bool(self._place.move(host))

    def on_message_complete(self) -> None:
        """All of the request is here."""
        self._in_body, self._received = False, 0
        self._stop_clock()
        if self.cycle is not None:
            self.cycle.keep_alive = self._keep_alive
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """Nothing comes after the last."""
        if self._ending:
            self.server_state.total_requests += 1
            return
        super().on_response_complete()

    def handle_websocket_upgrade(self) -> None:
        """The place goes with the connection."""
        self._stop_clocks()
        if self._over:
            self._refuse(refusal.full())
            return
        super().handle_websocket_upgrade()
        protocol = self.transport.get_protocol()
        if isinstance(protocol, CountedWebSocket):
            protocol.left = self._place.leave

    def send_400_response(self, msg: str) -> None:
        """A problem like all others."""
        self._refuse(Problem(400, "no-http", msg))

    def pause_writing(self) -> None:
        """The browser is behind."""
        super().pause_writing()
        self._reading = self._reading or self.loop.call_later(WRITE_SECONDS, self.transport.abort)

    def resume_writing(self) -> None:
        """It reads."""
        super().resume_writing()
        if self._reading is not None:
            self._reading.cancel()
            self._reading = None

    def timeout_keep_alive_handler(self) -> None:
        """Idle: closed, also where the last answer was not read."""
        self.end()

    def _allow(self, seconds: float) -> None:
        self._stop_clock()
        self._deadline = self.loop.call_later(seconds, self._too_late)

    def _too_late(self) -> None:
        self._deadline = None
        answering = self.cycle is not None and not self.cycle.response_complete
        if not self._in_body and (answering or self.timeout_keep_alive_task is not None):
            return  # it is not the browser that is awaited, or uvicorn's own clock runs
        self._refuse(Problem(408, "too-slow", "The request did not come in time."))

    def _refuse(self, problem: Problem) -> None:
        """Says why, unless another answer has begun, and ends the connection."""
        if self.cycle is None or not self.cycle.response_started or self.cycle.response_complete:
            self.transport.write(refusal.as_bytes(problem))
        self.end()

    def end(self) -> None:
        """The connection closes once what was written is on its way."""
        if self._ending:
            return
        self._ending = True
        self._stop_clock()
        self._unset_keepalive_if_required()
        if self.cycle is not None and not self.cycle.response_complete:
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        if not self.transport.is_closing():
            self.flow.resume_reading()
            self.transport.write_eof()
            self.loop.call_later(LINGER_SECONDS, self.transport.abort)

    def _stop_clock(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _stop_clocks(self) -> None:
        self._stop_clock()
        if self._reading is not None:
            self._reading.cancel()
            self._reading = None


class _Closing:
    """The transport as an answer sees it: its close lets the browser read the answer first."""

    def __init__(self, protocol: BoundedHttp) -> None:
        self._transport = protocol.transport
        self.write = protocol.transport.write
        self.close = protocol.end

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)
