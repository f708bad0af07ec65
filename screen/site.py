"""The web screen: its built files, and the one page that all its addresses show."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from screen.auth import COOKIE

BUILT = Path(__file__).parent / "static"
_MISSING = (
    "网页尚未构建:请在源码目录运行 make setup。\n"
    "The web screen has not been built: run `make setup` in the source tree, or install livescreen from its wheel.\n"
)
_PAGES = ("/", "/rules", "/subscriptions", "/rooms/{room}", "/rooms/{room}/host", "/rooms/{room}/{rest:path}")


class _Files(StaticFiles):
    """Open to all. Names under assets/ hold a hash of what is in the file, so those never change."""

    async def check_config(self) -> None:
        """Nothing: while nothing is built, every file is a 404."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        forever = path.startswith("assets/") and response.status_code in (200, 206, 304)
        response.headers["cache-control"] = "public, max-age=31536000, immutable" if forever else "no-cache"
        return response


def _page(index: Path) -> Callable[[Request], Awaitable[Response]]:
    async def page(request: Request) -> Response:
        """The screen, for browsers with a session (its calls check it); others go and log in."""
        if not index.is_file():  # noqa: ASYNC240 (a local file: one system call)
            return PlainTextResponse(_MISSING, 503)
        if not request.cookies.get(COOKIE):
            path = request.url.path + (f"?{request.url.query}" if request.url.query else "")
            return RedirectResponse(f"/login?next={quote(path, safe='')}", 303)
        return FileResponse(index, headers={"cache-control": "no-cache"})

    return page


def routes(built: Path) -> list[BaseRoute]:
    """All that remains after the calls: the pages, and the files in `built` (index.html, assets/…)."""
    page = _page(built / "index.html")
    return [*[Route(path, page) for path in _PAGES], Mount("/", _Files(directory=built, check_dir=False))]
