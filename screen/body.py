"""Request bodies, bounded."""

from starlette.requests import Request

from screen.problems import Problem
from streams.topics import MAX_RECORD_BYTES


async def read_body(request: Request) -> bytes:
    """The whole body; `Problem` 413 as soon as it is larger than a record may be (64 KiB)."""
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > MAX_RECORD_BYTES:
            raise Problem(413, "too-large", f"The body may have {MAX_RECORD_BYTES} bytes at most.")
    return bytes(body)
