"""`/in/platforms/{source}`: pushes of platforms. Verified, written to `live.inbox`, answered in the platform's words within its time.

What does not verify is counted and refused; nothing of it is written. A message that was taken before is answered and not written again.
"""

import asyncio
import logging

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from screen.ingest import reading
from screen.parts import KafkaAway, Parts, parts_of
from screen.problems import Problem
from streams.intake import taking
from streams.intake.taking import Entry, Taken, Unfinished
from streams.platforms import inbox
from streams.platforms.base import Answer, Message, NotVerified, Push, Unreadable
from streams.platforms.files import NoSecret
from streams.platforms.sources import Sender
from streams.store.port import StoreAway

log = logging.getLogger(__name__)

MAX_BYTES = 1024 * 1024
MAX_MESSAGES = 1_000
#: So much of a platform's time is left for the answer's way.
_MARGIN_SECONDS = 0.5
_RETRY = {"retry-after": "2"}


async def take_push(request: Request) -> Response:
    """The platform's own answer; 401 what does not verify, 400 what cannot be read, 503 where it should come again."""
    parts = parts_of(request)
    sender = parts.sources.senders.get(request.path_params["source"])
    if sender is None:
        raise Problem(404, "unknown-source", "No source has this name.")
    try:
        async with asyncio.timeout(sender.platform.deadline_seconds - _MARGIN_SECONDS):
            answer = await _take(request, parts, sender)
    except Problem as problem:
        parts.measures.pushes.labels(sender.name, problem.kind).inc()
        raise
    except (TimeoutError, KafkaAway, Unfinished, StoreAway) as error:
        parts.measures.pushes.labels(sender.name, "not-taken").inc()
        log.warning("a push of %s was not taken: %s", sender.name, type(error).__name__)
        raise Problem(503, "not-taken", "Kafka or the store did not answer in time; please send it again.", _RETRY) from None
    return Response(answer.body, media_type=answer.media_type)


async def _take(request: Request, parts: Parts, sender: Sender) -> Answer:
    # By address: whoever has no secret takes no places from those who do.
    with parts.push_seats.of(f"{sender.name} {request.client.host if request.client else ''}"):
        try:
            body = await reading.arriving(request, MAX_BYTES)
        except ClientDisconnect:
            raise Problem(400, "left", "The request ended before all of it was here.") from None
        push = Push(request.method, {**request.headers}, {**request.query_params}, body)
        answer, messages = _verified(parts, sender, push)
        with parts.push_seats.working():
            taken = await _write(parts, sender, push, messages)
    parts.measures.pushes.labels(sender.name, "taken").inc(taken.accepted.total())
    parts.measures.pushes.labels(sender.name, "repeated").inc(taken.repeated)
    return answer


def _verified(parts: Parts, sender: Sender, push: Push) -> tuple[Answer, list[Message]]:
    """The answer to give and the messages to write, by the first secret that fits."""
    platform = sender.platform
    try:
        secrets = parts.sources.secrets(sender)
    except NoSecret as error:
        log.error("no secret of %s can be read: %s", sender.name, error)
        raise Problem(503, "no-secret", "The secret of this source cannot be read.", _RETRY) from None
    for secret in secrets:
        try:
            if (greeted := platform.greeting(push, secret)) is not None:
                return greeted, []
            platform.verify(push, secret)
            return platform.answer(), platform.unwrap(push, secret)
        except NotVerified:
            continue
        except Unreadable as error:
            raise Problem(400, "not-readable", f"It is signed, but {error}.") from None
    raise Problem(401, "not-verified", "The signature does not fit; nothing was taken.")


async def _write(parts: Parts, sender: Sender, push: Push, messages: list[Message]) -> Taken:
    if len(messages) > MAX_MESSAGES:
        raise Problem(413, "too-many", f"At most {MAX_MESSAGES} messages in one push.")
    headers = {name: push.headers[name] for name in sender.platform.headers if name in push.headers}
    now_ms = parts.clock()
    entries = [
        Entry(number, inbox.TOPIC, inbox.key(sender.name, each.id), each.id, inbox.encode(sender.name, each, headers, now_ms))
        for number, each in enumerate(messages, 1)
    ]
    return await taking.take(entries, sender.key, parts.repeats, parts.producer)


ROUTES = [Route("/in/platforms/{source}", take_push, methods=["POST", "GET"])]
