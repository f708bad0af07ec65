"""Errors as `application/problem+json` (RFC 9457), and as a page where a person looks at them."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import msgspec
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, HTTPConnection
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from screen import pages
from screen.address import base_of
from streams.store.port import StoreAway

STORE_AWAY_RETRY_SECONDS = 2


class Problem(Exception):
    """Ends a request with this status.

    kind    a short name that programs can compare; it becomes `urn:livescreen:<kind>`
    detail  one sentence for people, without anything secret
    """

    def __init__(self, status: int, kind: str, detail: str, headers: Mapping[str, str] | None = None, **members: Any) -> None:
        super().__init__(detail)
        self.status = status
        self.kind = kind
        self.detail = detail
        self.headers = dict(headers or {})
        self.members = members

    def response(self) -> Response:
        """The problem document."""
        body = {
            "type": f"urn:livescreen:{self.kind}",
            "title": HTTPStatus(self.status).phrase,
            "status": self.status,
            "detail": self.detail,
            **self.members,
        }
        return Response(msgspec.json.encode(body), self.status, self.headers, "application/problem+json")


def _problem(error: Exception) -> Problem:
    if isinstance(error, Problem):
        return error
    if isinstance(error, StoreAway):
        retry = {"retry-after": str(STORE_AWAY_RETRY_SECONDS)}
        return Problem(503, "store-away", "The store does not answer at the moment; please try again.", retry)
    if isinstance(error, ClientDisconnect):  # nobody reads this any more
        return Problem(400, "left", "The request ended before all of it was here.")
    if isinstance(error, HTTPException):
        kind = HTTPStatus(error.status_code).name.lower().replace("_", "-")
        return Problem(error.status_code, kind, error.detail, error.headers)
    return Problem(500, "bug", "This is our mistake; it has been logged.")


async def answer(connection: HTTPConnection, error: Exception) -> Response:
    """Starlette's exception handler for requests, and for websockets that are not yet accepted: it sends what this returns."""
    problem = _problem(error)
    if problem.status == HTTPStatus.METHOD_NOT_ALLOWED and (methods := _methods(connection)):
        problem.headers["Allow"] = ", ".join(sorted(methods))
    return _page(connection, problem) if pages.wants_page(connection) else problem.response()


def _page(connection: HTTPConnection, problem: Problem) -> Response:
    headers = {**problem.headers, "content-language": pages.language_of(connection), "vary": "accept, accept-language, sec-fetch-mode"}
    return HTMLResponse(pages.problem(connection, problem.status, problem.kind), problem.status, headers)


def _methods(connection: HTTPConnection) -> set[str]:
    """What may be done with the address. A path has a route for each method, and Starlette names the first route's alone."""
    path = connection.scope["path"].removeprefix(base_of(connection))
    routes = [route for route in connection.app.routes if isinstance(route, Route)]
    return {method for route in routes if route.path_regex.match(path) for method in route.methods or ()}


HANDLERS = {Problem: answer, StoreAway: answer, ClientDisconnect: answer, HTTPException: answer, Exception: answer}
