"""What every answer carries, and what is measured of it."""

import re
from collections.abc import Sequence
from time import perf_counter

from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from screen.measures import Measures
from screen.problems import answer

# Styles as attributes are allowed for the charts, which write their tooltips so; scripts and style sheets come from this server alone.
# Product images may lie on any https server.
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "style-src-attr 'unsafe-inline'",
        "img-src 'self' data: https:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
SECURITY = {
    "content-security-policy": CONTENT_SECURITY_POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    # A login link holds a token: no address may travel to other sites. With "no-referrer" browsers would not tell us either where a form is
    # from (`Origin: null`), and the login form would be another site's.
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
}
_STARTS = {"http.response.start", "websocket.http.response.start"}
#: What is counted by its name; a request may call its method anything.
_METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "websocket"}


#: The pages that others may show in a frame, if they are named: a room's, and the link that leads to it.
_EMBEDDED = re.compile(r"/rooms/[^/]+(/(host|overlay))?|/tv|/login")


def embedded(origins: Sequence[str]) -> dict[str, str]:
    """`SECURITY` of a page that these origins may show in a frame; `x-frame-options` knows no names, so it is left out."""
    policy = CONTENT_SECURITY_POLICY.replace("frame-ancestors 'none'", f"frame-ancestors 'self' {' '.join(origins)}")
    return {name: value for name, value in SECURITY.items() if name != "x-frame-options"} | {"content-security-policy": policy}


class Headers:
    """ASGI around everything, the answers to our own mistakes too: security headers, no caching unless the answer says otherwise, the time.

    A mistake in a websocket's handshake is answered here: Starlette answers those of requests alone.
    """

    def __init__(self, app: ASGIApp, measures: Measures, embed_origins: Sequence[str] = ()) -> None:
        self._app = app
        self._measures = measures
        self._embedded = embedded(embed_origins) if embed_origins else SECURITY

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes everything on."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        started, answered = perf_counter(), False

        async def send_with_headers(message: Message) -> None:
            nonlocal answered
            answered = True
            if message["type"] in _STARTS:
                headers = MutableHeaders(scope=message)
                for name, value in self._security(scope).items():
                    headers.setdefault(name, value)
                headers.setdefault("cache-control", "no-store")
                method = scope.get("method", "websocket")
                named = method if method in _METHODS else "other"
                self._measures.requests.labels(named, message["status"]).observe(perf_counter() - started)
            await send(message)

        try:
            await self._app(scope, receive, send_with_headers)
        except Exception as error:
            if not answered:
                await (await answer(HTTPConnection(scope), error))(scope, receive, send_with_headers)
            raise

    def _security(self, scope: Scope) -> dict[str, str]:
        path = str(scope["path"]).removeprefix(scope.get("root_path", ""))
        return self._embedded if _EMBEDDED.fullmatch(path) and scope.get("method") in ("GET", "HEAD") else SECURITY
