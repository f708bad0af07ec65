"""Answers from before there is a request, or beside it: the bytes of a problem document, with the headers of all answers."""

from http import HTTPStatus

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from screen.headers import SECURITY
from screen.problems import Problem


def response(problem: Problem) -> Response:
    """The problem as an answer that ends the connection."""
    made = problem.response()
    made.headers.update({**SECURITY, "cache-control": "no-store", "connection": "close"})
    return made


def as_bytes(problem: Problem) -> bytes:
    """The whole answer, as it goes over the wire."""
    made = response(problem)
    head = [f"HTTP/1.1 {problem.status} {HTTPStatus(problem.status).phrase}".encode()]
    head += [name + b": " + value for name, value in made.raw_headers]
    return b"\r\n".join([*head, b"", bytes(made.body)])


def full() -> Problem:
    """No place is left for the address, or at all."""
    return Problem(503, "too-many-connections", "Too many connections from your address, or in all.", {"retry-after": "5"})


async def refuse(scope: Scope, receive: Receive, send: Send) -> None:
    """An application that has no place for anybody."""
    await response(full())(scope, receive, send)
