"""Who is asking, and whether they may: a Bearer header, or the session cookie."""

from starlette.requests import HTTPConnection
from starlette.responses import Response

from screen.address import base_of
from screen.audit import TOKEN
from screen.parts import parts_of
from screen.problems import Problem
from screen.roles import Role
from screen.tokens import Token

COOKIE = "livescreen"
_SAFE = {"GET", "HEAD"}


def _unauthorized(detail: str) -> Problem:
    return Problem(401, "unauthorized", detail, {"www-authenticate": 'Bearer realm="livescreen"'})


def same_origin(connection: HTTPConnection) -> bool:
    """Whether the page that asks came from this server: cookies are sent whoever wrote the page.

    A browser's own word (Sec-Fetch-Site, which no page can forge) decides where there is one: over TLS, and on this machine. Elsewhere the
    origin must be the host that was asked, letter by letter: what is no address at all ("null", "http://[") is another's.
    """
    site = connection.headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    scheme, _, origin = connection.headers.get("origin", "").lower().partition("://")
    return scheme in ("http", "https") and origin == connection.headers.get("host", "").lower()


def _presented(connection: HTTPConnection) -> str:
    header = connection.headers.get("authorization")
    if header is not None:
        scheme, _, text = header.partition(" ")
        if scheme.lower() != "bearer":
            raise _unauthorized("The Authorization header must be: Bearer <token>.")
        return text.strip()
    text = connection.cookies.get(COOKIE, "")
    if not text:
        raise _unauthorized("Send an access token as Authorization: Bearer <token>, or log in.")
    # A websocket's scope has no method: it can be opened across origins, so it is never safe.
    if connection.scope.get("method") not in _SAFE and not same_origin(connection):
        raise Problem(403, "wrong-origin", "A page of another origin may not do this with your session.")
    return text


async def authenticate(connection: HTTPConnection) -> Token:
    """The caller's token, good now; otherwise `Problem` 401 (or 403 for another origin)."""
    token = await parts_of(connection).tokens.verify(_presented(connection))
    if token is None:
        raise _unauthorized("The access token is unknown, expired or revoked.")
    connection.scope[TOKEN] = token  # for the audit log
    return token


async def session_of(connection: HTTPConnection) -> Token | None:
    """The session in the caller's cookie; None without one, or when another origin's page sent it."""
    text = connection.cookies.get(COOKIE, "")
    if not text or not same_origin(connection):
        return None
    return await parts_of(connection).tokens.verify(text)


async def allow(connection: HTTPConnection, role: Role, room: str | None = None) -> Token:
    """The caller's token, if it has at least the role and opens the room; otherwise `Problem` 401 or 403."""
    token = await authenticate(connection)
    if token.rank < role:
        raise Problem(403, "wrong-role", f"This needs the role {role.label}; the token has the role {token.role}.")
    if room is not None and not token.opens(room):
        raise Problem(403, "wrong-room", "The token does not open this room.")
    return token


def set_cookie(connection: HTTPConnection, response: Response, text: str, seconds: int) -> None:
    """Hands the session to the browser; scripts cannot read it, other sites cannot post with it."""
    secure = connection.url.scheme in ("https", "wss")
    path = base_of(connection) or "/"
    if not _in_a_frame(connection):
        response.set_cookie(COOKIE, text, max_age=seconds, path=path, secure=secure, httponly=True, samesite="lax")
        return
    # A page of another site gets a session of its own, which goes nowhere else (CHIPS): browsers send no other cookie there.
    response.set_cookie(COOKIE, text, max_age=seconds, path=path, secure=True, httponly=True, samesite="none")
    name, value = response.raw_headers.pop()
    response.raw_headers.append((name, value + b"; Partitioned"))  # http.cookies knows the word from Python 3.14 on


def _in_a_frame(connection: HTTPConnection) -> bool:
    """Whether this is to be shown in a frame of another site's page, one of those that may."""
    headers = connection.headers
    framed = headers.get("sec-fetch-dest") == "iframe" and headers.get("sec-fetch-site") == "cross-site"
    return framed and bool(parts_of(connection).embed_origins)


def clear_cookie(connection: HTTPConnection, response: Response) -> None:
    """Takes the session back from the browser."""
    response.delete_cookie(COOKIE, path=base_of(connection) or "/", httponly=True, samesite="lax")
