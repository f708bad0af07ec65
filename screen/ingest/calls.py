"""`POST /in/events`: answers once Kafka has acknowledged the events, never before."""

from collections import Counter
from typing import NoReturn

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from screen.answers import json_answer
from screen.auth import authenticate
from screen.ingest import formats, reading
from screen.ingest.judging import Refusal, judge
from screen.parts import KafkaAway, Parts, parts_of
from screen.problems import Problem
from screen.roles import Role
from streams.intake import taking
from streams.intake.taking import Entry, Taken, Unfinished

#: So many errors are told; `rejected` counts all.
MOST_ERRORS = 1_000


class Outcome(msgspec.Struct):
    """The answer: how many events are in the log now, how many were there before, how many never will be, and why."""

    accepted: int
    repeated: int
    rejected: int
    errors: list[Refusal]


async def take_events(request: Request) -> Response:
    """200 and an `Outcome`, also where all events were rejected; 503 with Retry-After where not all that could be are in the log."""
    parts = parts_of(request)
    token = await authenticate(request)
    if token.rank is not Role.SOURCE:
        raise Problem(403, "wrong-role", f"This needs a token of the role source; this one has the role {token.role}.")
    source = token.name or token.id
    with parts.seats.of(source):
        headers, body = request.headers, await reading.read(request)
        with parts.seats.working():
            entries, refusals = judge(formats.candidates(headers, body), token, parts.clock())
            taken = await _take(parts, entries, source)
    _count(parts, taken, refusals)
    return json_answer(Outcome(taken.accepted.total(), taken.repeated, len(refusals), refusals[:MOST_ERRORS]))


async def _take(parts: Parts, entries: list[Entry], source: str) -> Taken:
    try:
        return await taking.take(entries, source, parts.repeats, parts.producer)
    except (KafkaAway, Unfinished) as error:
        _unfinished(error)


def _unfinished(error: KafkaAway | Unfinished) -> NoReturn:
    if isinstance(error, Unfinished) and error.under_way:
        raise Problem(503, "under-way", "Some of these events are being written by another request.", {"retry-after": "2"}) from None
    detail = "Kafka has not acknowledged all of the events. Send the same request again: what is in the log already counts as repeated."
    raise Problem(503, "kafka-away", detail, {"retry-after": "2"}) from None


def _count(parts: Parts, taken: Taken, refusals: list[Refusal]) -> None:
    for topic, number in taken.accepted.items():
        parts.measures.taken.labels(topic, "accepted").inc(number)
    parts.measures.taken.labels("", "repeated").inc(taken.repeated)
    for reason, number in Counter(each.reason for each in refusals).items():
        parts.measures.refused.labels(reason).inc(number)


ROUTES = [Route("/in/events", take_events, methods=["POST"])]
