"""The web screen: its built files, and the one page that all its addresses show."""

import os
from collections.abc import Awaitable, Callable
from mimetypes import guess_type
from pathlib import Path
from typing import Any
from urllib.parse import quote

from anyio import to_thread
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send

from screen.address import base_of, here
from screen.auth import COOKIE
from screen.compressed import ENCODINGS, accepted, packed_beside

BUILT = Path(__file__).parent / "static"
_MISSING = (
    "网页尚未构建：请在源码目录运行 make setup。\n"
    "The web screen has not been built: run `make setup` in the source tree, or install livescreen from its wheel.\n"
)
_PAGES = ("/", "/tv", "/rules", "/subscriptions", "/audit", "/rooms/{room}", "/rooms/{room}/host", "/rooms/{room}/{rest:path}")


class _Files(StaticFiles):
    """Open to all. Names under assets/ hold a hash of what is in the file, so those never change.

    Of a file that lies there packed too, a browser gets what it accepts, under the file's own address alone. Each has its own ETag.
    """

    async def check_config(self) -> None:
        """Nothing: while nothing is built, every file is a 404."""

    def lookup_path(self, path: str) -> tuple[str, os.stat_result | None]:
        """As Starlette's; the operating system's calls raise for a NUL, which no file's name holds."""
        return ("", None) if "\0" in path else super().lookup_path(path)

    async def get_response(self, path: str, scope: Scope) -> Response:
        if scope["method"] not in ("GET", "HEAD") and (await to_thread.run_sync(self.lookup_path, path))[1] is None:
            raise HTTPException(404)
        if path.endswith(tuple(ENCODINGS.values())):
            raise HTTPException(404)
        response = await super().get_response(path, scope)
        forever = path.startswith("assets/") and response.status_code in (200, 206, 304)
        response.headers["cache-control"] = "public, max-age=31536000, immutable" if forever else "no-cache"
        return response

    def file_response(self, full_path: Any, stat_result: os.stat_result, scope: Scope, status_code: int = 200) -> Response:
        packed = packed_beside(full_path)
        encoding = next((each for each in accepted(Headers(scope=scope).get("accept-encoding", "")) if each in packed), None)
        if encoding is None:
            response = super().file_response(full_path, stat_result, scope, status_code)
        else:
            response = super().file_response(full_path + ENCODINGS[encoding], packed[encoding], scope, status_code)
            if response.status_code != 304:
                response.headers["content-encoding"] = encoding
                response.headers["content-type"] = _kind(full_path)
        if packed:
            response.headers.add_vary_header("accept-encoding")
        return response


def _kind(path: str) -> str:
    """The content type of a file, as Starlette writes it."""
    kind = guess_type(path)[0] or "text/plain"
    return f"{kind}; charset=utf-8" if kind.startswith("text/") else kind


def _page(index: Path) -> Callable[[Request], Awaitable[Response]]:
    async def page(request: Request) -> Response:
        """The screen, for browsers with a session (its calls check it); others go and log in."""
        if not index.is_file():  # noqa: ASYNC240 (a local file: one system call)
            return PlainTextResponse(_MISSING, 503)
        if not request.cookies.get(COOKIE):
            path = request.url.path + (f"?{request.url.query}" if request.url.query else "")
            return RedirectResponse(here(request, f"/login?next={quote(path, safe='')}"), 303)
        return _under(index, base) if (base := base_of(request)) else FileResponse(index, headers={"cache-control": "no-cache"})

    return page


def _under(index: Path, base: str) -> Response:
    """The page with the base path before the addresses of its files, and told to the scripts (screen/web/src/base.ts)."""
    text = index.read_text("utf-8")
    for attribute in ("src", "href", "content"):
        text = text.replace(f'{attribute}="/', f'{attribute}="{base}/')
    return HTMLResponse(text, headers={"cache-control": "no-cache"})


def routes(built: Path) -> list[BaseRoute]:
    """The pages, for whose file `built` is."""
    page = _page(built / "index.html")
    return [Route(path, page) for path in _PAGES]


def rest(built: Path) -> ASGIApp:
    """For the addresses that no route names: the files in `built` (assets/…), or 404.

    It is no route itself: as one it would take what other routes have for another method, and call it not found.
    """
    files = _Files(directory=built, check_dir=False)

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            raise HTTPException(404)
        await files(scope, receive, send)

    return app
