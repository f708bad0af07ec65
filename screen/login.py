"""Logging in and out: a token, or a link that carries one, becomes a session cookie."""

import re
from urllib.parse import parse_qs

import msgspec
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from screen import pages
from screen.auth import clear_cookie, same_origin, session_of, set_cookie
from screen.body import read_body
from screen.parts import parts_of
from screen.problems import Problem
from screen.tokens import Token

#: A path on this server. Browsers read "//host" and "/\host" as another server.
_ONWARD = re.compile(r"/(?![/\\])[!-\[\]-~]*")


class _Asked(msgspec.Struct):
    token: str
    next: str = "/"


def onward(path: str | None) -> str:
    """Where to go after logging in: the path if it lies on this server, else the wall."""
    return path if path and _ONWARD.fullmatch(path) else "/"


async def show(request: Request) -> Response:
    """`GET /login`: the page; with `?token=`, logs in and goes on to `?next=`."""
    path = onward(request.query_params.get("next"))
    token = request.query_params.get("token")
    if token is None or request.method == "HEAD":  # looking at a link must not use it up
        return _page(request, path)
    return await _log_in_page(request, _Asked(token, path))


async def log_in(request: Request) -> Response:
    """`POST /login`: from the page's form, or JSON `{"token", "next"}`."""
    if request.headers.get("origin") and not same_origin(request):
        raise Problem(403, "wrong-origin", "A page of another origin may not log you in.")
    body = await read_body(request)
    if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
        return await _log_in_page(request, _form(body))
    try:
        asked = msgspec.json.decode(body, type=_Asked)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise Problem(422, "not-json", 'The body must be {"token": "…"}.') from None
    made = await _redeem(request, asked.token)
    if made is None:
        raise Problem(401, "unauthorized", "The token is unknown, expired, revoked or used.")
    return _with_session(request, Response(status_code=204), made)


def _form(body: bytes) -> _Asked:
    fields = parse_qs(body.decode("utf-8", "replace"), max_num_fields=10)
    return _Asked(fields.get("token", [""])[0].strip(), onward(fields.get("next", ["/"])[0]))


async def _log_in_page(request: Request, asked: _Asked) -> Response:
    try:
        made = await _redeem(request, asked.token)
    except Problem as problem:
        return _page(request, asked.next, "often", problem)
    if made is None:
        return _page(request, asked.next, "wrong")
    return _with_session(request, RedirectResponse(asked.next, 303), made)


def _page(request: Request, path: str, error: pages.Error | None = None, problem: Problem | None = None) -> Response:
    lang = pages.language(request.headers.get("accept-language", ""))
    status = problem.status if problem else 401 if error else 200
    headers = {"content-language": lang, "vary": "accept-language", **(problem.headers if problem else {})}
    return HTMLResponse(pages.login(lang, path, error), status, headers)


async def _redeem(request: Request, text: str) -> tuple[str, Token] | None:
    """A session for the token; None when the token is no good; `Problem` 429 after too many of those from one address."""
    parts = parts_of(request)
    address = request.client.host if request.client else ""
    wait_ms = parts.attempts.wait_ms(address)
    if wait_ms:
        retry = {"retry-after": str(-(-wait_ms // 1000))}
        raise Problem(429, "too-many-attempts", "Too many failed attempts; please wait.", retry)
    made = await parts.tokens.redeem(text)
    if made is None:
        parts.attempts.failed(address)
    return made


def _with_session(request: Request, response: Response, made: tuple[str, Token]) -> Response:
    text, token = made
    set_cookie(request, response, text, (token.expires - parts_of(request).clock()) // 1000)
    return response


async def log_out(request: Request) -> Response:
    """`POST /logout`: ends the session."""
    token = await session_of(request)
    if token is not None:
        await parts_of(request).tokens.revoke(token.id)
    response = RedirectResponse("/login", 303)
    clear_cookie(response)
    return response


async def style(_: Request) -> Response:
    """`GET /login.css`."""
    return PlainTextResponse(pages.LOGIN_CSS, media_type="text/css", headers={"cache-control": "max-age=3600"})


ROUTES = [
    Route("/login", show),
    Route("/login", log_in, methods=["POST"]),
    Route("/logout", log_out, methods=["POST"]),
    Route("/login.css", style),
]
