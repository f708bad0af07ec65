"""A receiver of signed webhooks on this machine: keeps every call, and answers as it is told to."""

import hmac
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import orjson
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

SECRET = "a secret of the tests"


@dataclass(frozen=True, slots=True)
class Call:
    """One call: when it came (Unix ms), its headers and body, and the status it got."""

    at_ms: int
    id: str
    headers: dict[str, str]
    raw: bytes
    status: int

    @property
    def body(self) -> dict[str, Any]:
        return orjson.loads(self.raw)

    @property
    def alerts(self) -> list[dict[str, Any]]:
        return self.body["alerts"]

    def is_signed(self, secret: str = SECRET) -> bool:
        """Both signatures: ours reckoned here, from what docs/webhooks.md says of it, and the convention's by its own library."""
        try:
            Webhook(secret.encode()).verify(self.raw, self.headers)
        except WebhookVerificationError:
            return False
        timestamp = self.headers["x-livescreen-timestamp"]
        digest = hmac.new(secret.encode(), f"{timestamp}.".encode() + self.raw, sha256).hexdigest()
        return self.headers["x-livescreen-signature"] == f"v1={digest}"


@dataclass
class Receiver:
    """`answer`: what a call gets, by its id and body."""

    url: str
    calls: list[Call] = field(default_factory=list)
    answer: Callable[[str], int] = lambda _: 200

    def taken(self) -> list[Call]:
        """Calls that were answered with 200."""
        return [call for call in list(self.calls) if call.status == 200]

    def wait(self, ready: Callable[[], bool], seconds: float = 90.0) -> None:
        end = time.monotonic() + seconds
        while not ready():
            assert time.monotonic() < end, f"{len(self.calls)} calls came: {[call.id for call in self.calls[-5:]]}"
            time.sleep(0.02)


@contextmanager
def running() -> Iterator[Receiver]:
    receiver = Receiver("")

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            raw = self.rfile.read(length)
            if len(raw) < length:  # the caller was killed in the middle of it
                self.close_connection = True
                return
            name = self.headers["X-Livescreen-Id"]
            status = receiver.answer(name)
            headers = {key.lower(): value for key, value in self.headers.items()}
            receiver.calls.append(Call(time.time_ns() // 1_000_000, name, headers, raw, status))
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Nothing."""

    class Server(ThreadingHTTPServer):
        def handle_error(self, *_: object) -> None:
            """Nothing: callers are killed in the middle of a call."""

    server = Server(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    receiver.url = f"http://127.0.0.1:{server.server_port}/hook"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield receiver
    server.shutdown()
    server.server_close()
