"""Logging in and out: a token, or a link that carries one, becomes a session cookie."""

from urllib.parse import parse_qs

import msgspec
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from screen import pages, shares
from screen.address import base_of, here, onward
from screen.audit import TOKEN
from screen.auth import authenticate, clear_cookie, same_origin, session_of, set_cookie
from screen.body import read_body
from screen.names import signed
from screen.parts import Parts, parts_of
from screen.problems import Problem
from screen.sessions import TooManySessions
from screen.tokens import Token

_ERRORS: dict[str, pages.Error] = {"too-many-attempts": "often", "too-many-sessions": "sessions"}


class _Asked(msgspec.Struct):
    """name: who logs in, of the many who may share a token. everywhere: the token's other sessions end."""

    token: str
    next: str = "/"
    name: str = ""
    everywhere: bool = False


async def show(request: Request) -> Response:
    """`GET /login`: the page; with `?token=`, logs in and goes on to `?next=`."""
    path = onward(request, request.query_params.get("next"))
    token = request.query_params.get("token")
    if token is None or request.method == "HEAD":  # looking at a link must not use it up
        return _page(request, path)
    if await shares.is_held(request, token):
        return RedirectResponse(path, 303)
    return await _log_in_page(request, _Asked(token, path))


async def log_in(request: Request) -> Response:
    """`POST /login`: from the page's form, or JSON `{"token", "next"?, "name"?, "everywhere"?}`."""
    is_json = request.headers.get("content-type", "").partition(";")[0].strip() == "application/json"
    foreign = ("origin" in request.headers or "sec-fetch-site" in request.headers) and not same_origin(request)
    if foreign and not is_json:
        return _page(request, onward(request, request.query_params.get("next")), "origin", 403)
    if foreign:
        raise Problem(403, "wrong-origin", "A page of another origin may not log you in.")
    body = await read_body(request)
    if not is_json:
        return await _log_in_page(request, _form(request, body))
    try:
        asked = msgspec.json.decode(body, type=_Asked)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise Problem(422, "not-json", 'The body must be {"token": "…"}.') from None
    made = await _redeem(request, asked)
    if made is None:
        raise Problem(401, "unauthorized", "The token is unknown, expired, revoked or used.")
    return _with_session(request, Response(status_code=204), made)


def _form(request: Request, body: bytes) -> _Asked:
    fields = parse_qs(body.decode("utf-8", "replace"), max_num_fields=10)
    token, path, name, everywhere = (fields.get(field, [""])[0].strip() for field in ("token", "next", "name", "everywhere"))
    return _Asked(token, onward(request, path), name, bool(everywhere))


async def _log_in_page(request: Request, asked: _Asked) -> Response:
    try:
        made = await _redeem(request, asked)
    except Problem as problem:
        return _page(request, asked.next, _ERRORS[problem.kind], problem.status, problem.headers)
    if made is None:
        return _page(request, asked.next, "wrong", 401)
    return _with_session(request, RedirectResponse(asked.next, 303), made)


def _page(
    request: Request, path: str, error: pages.Error | None = None, status: int = 200, headers: dict[str, str] | None = None
) -> Response:
    lang = pages.language_of(request)
    named = {"content-language": lang, "vary": "accept-language", **(headers or {})}
    return HTMLResponse(pages.login(lang, base_of(request), path, error), status, named)


async def _redeem(request: Request, asked: _Asked) -> tuple[str, Token] | None:
    """A session for the token; None when it is no good; `Problem` 429 after too many of those from an address, or of its sessions."""
    parts = parts_of(request)
    address = request.client.host if request.client else ""
    wait_ms = parts.attempts.wait_ms(address)
    if wait_ms:
        retry = {"retry-after": str(-(-wait_ms // 1000))}
        raise Problem(429, "too-many-attempts", "Too many failed attempts; please wait.", retry)
    try:
        made = await parts.sessions.open(asked.token, lambda token: signed(asked.name, token), asked.everywhere)
    except TooManySessions as error:
        raise Problem(429, "too-many-sessions", str(error)) from None
    if made is None:
        parts.attempts.failed(address)
    else:
        await _note(parts, made[1])
    return made


async def _note(parts: Parts, token: Token) -> None:
    await parts.audit.add("sessions", "login", {}, by=token.author, role=token.role, token=token.owner[:6])


def _with_session(request: Request, response: Response, made: tuple[str, Token]) -> Response:
    text, token = made
    set_cookie(request, response, text, (token.expires - parts_of(request).clock()) // 1000)
    return response


async def log_out(request: Request) -> Response:
    """`POST /logout`: ends the session, and leads to the login page."""
    token = await session_of(request)
    if token is not None:
        request.scope[TOKEN] = token
        await parts_of(request).sessions.end(token)
    return _out(request)


async def log_out_everywhere(request: Request) -> Response:
    """`POST /logout/everywhere`: ends all sessions of the caller's token, in whatever browser, this one's too. `Problem` 401, 403."""
    await parts_of(request).sessions.end_all(await authenticate(request))
    return _out(request)


def _out(request: Request) -> Response:
    response = RedirectResponse(here(request, "/login"), 303)
    clear_cookie(request, response)
    return response


async def style(_: Request) -> Response:
    """`GET /login.css`."""
    return PlainTextResponse(pages.STYLE, media_type="text/css", headers={"cache-control": "max-age=3600"})


ROUTES = [
    Route("/login", show),
    Route("/login", log_in, methods=["POST"]),
    Route("/logout", log_out, methods=["POST"]),
    Route("/logout/everywhere", log_out_everywhere, methods=["POST"]),
    Route("/login.css", style),
]
