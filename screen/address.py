"""Where the application lies on its host: at the root, or under a base path behind a proxy that serves other things too."""

import re

from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Receive, Scope, Send

#: A path on this server. Browsers read "//host" and "/\host" as another server.
_ONWARD = re.compile(r"/(?![/\\])[!-\[\]-~]*")


class BasePath:
    """ASGI middleware: all paths begin with `base` ("" or "/a/b"), whether the proxy in front leaves it there or takes it away.

    Routes are matched by what follows it; `here` puts it before what is sent to browsers.
    """

    def __init__(self, app: ASGIApp, base: str) -> None:
        self._app, self._base = app, base

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes everything on."""
        if self._base and scope["type"] in ("http", "websocket"):
            path = "/" if scope["path"] == self._base else scope["path"]
            inside = path.startswith(f"{self._base}/")
            # In place: what answers errors outside of this middleware needs to know it as well.
            scope["root_path"] = self._base
            scope["path"] = path if inside else self._base + path
        await self._app(scope, receive, send)


def base_of(connection: HTTPConnection) -> str:
    """The base path, "" at the root."""
    return str(connection.scope.get("root_path", ""))


def here(connection: HTTPConnection, path: str) -> str:
    """The address of one of our own paths ("/login"), as a browser asks for it."""
    return base_of(connection) + path


def onward(connection: HTTPConnection, path: str | None) -> str:
    """Where to go after logging in: the path if it lies on this server (a base path that it lacks is put before it), else the wall."""
    home = here(connection, "/")
    if not path or not _ONWARD.fullmatch(path):
        return home
    return path if path.startswith(home) else here(connection, path)
