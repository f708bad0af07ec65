"""The body of a request of events: bounded while it arrives, and while it is unpacked."""

import zlib
from collections.abc import Iterator

from starlette.requests import Request

from screen.problems import Problem

MAX_PACKED_BYTES = 1024 * 1024
MAX_BYTES = 8 * 1024 * 1024
#: Unpacked in pieces of this size, so that 1 KB that stands for 1 GB costs no more than the limit.
_PIECE_BYTES = 256 * 1024
_FED_BYTES = 4 * 1024
_GZIP = 16 + zlib.MAX_WBITS


async def read(request: Request) -> bytes:
    """The body, unpacked.

    Raises `Problem`: 415 for an encoding other than gzip, 400 for gzip that is none or ends early, 413 above 1 MiB packed, 8 MiB unpacked.
    """
    packing = request.headers.get("content-encoding", "identity").strip().lower()
    if packing not in ("identity", "gzip"):
        raise Problem(415, "unknown-encoding", "Content-Encoding may be gzip, or none.", {"accept-encoding": "gzip, identity"})
    body = await arriving(request, MAX_PACKED_BYTES if packing == "gzip" else MAX_BYTES)
    return _unpacked(body) if packing == "gzip" else body


async def arriving(request: Request, most: int) -> bytes:
    """The body as it comes; `Problem` 413 above so many bytes."""
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > most:
            raise _too_large()
    return bytes(body)


def _unpacked(packed: bytes) -> bytes:
    pieces, size = [], 0
    for piece in _members(packed):
        size += len(piece)
        if size > MAX_BYTES:
            raise _too_large()
        pieces.append(piece)
    return b"".join(pieces)


def _members(packed: bytes) -> Iterator[bytes]:
    """The content of one or several gzip members behind each other, as `cat a.gz b.gz` makes them.

    zlib gives back a copy of what it has not used, so it is given little at a time: else 50,000 empty members cost as many copies.
    """
    unpacker = zlib.decompressobj(_GZIP)
    try:
        for start in range(0, len(packed), _FED_BYTES):
            fed = packed[start : start + _FED_BYTES]
            while fed:
                if unpacker.eof:
                    unpacker = zlib.decompressobj(_GZIP)
                yield unpacker.decompress(fed, _PIECE_BYTES)
                fed = unpacker.unused_data if unpacker.eof else unpacker.unconsumed_tail
        while packed and not unpacker.eof:
            piece = unpacker.decompress(b"", _PIECE_BYTES)
            if not piece and not unpacker.eof:
                raise Problem(400, "not-gzip", "The body ends before its gzip data does.")
            yield piece
    except zlib.error:
        raise Problem(400, "not-gzip", "The body is not gzip data, although its Content-Encoding says so.") from None


def _too_large() -> Problem:
    detail = f"At most {MAX_PACKED_BYTES} bytes packed with gzip and {MAX_BYTES} unpacked in one request; send it in parts."
    return Problem(413, "too-large", detail)
