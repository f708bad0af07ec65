"""Bodies of events: what is packed costs no more than what is in it."""

import asyncio
import gzip
import tracemalloc
import zlib

import pytest
from starlette.requests import Request

from screen.ingest import reading
from screen.problems import Problem


class Counted:
    """`zlib`'s unpacker, which counts the bytes that it is given: what it does not use comes back as a copy."""

    given = 0

    def __init__(self, wbits: int) -> None:
        self._unpacker = _decompressobj(wbits)

    def decompress(self, packed: bytes, most: int) -> bytes:
        Counted.given += len(packed)
        return self._unpacker.decompress(packed, most)

    @property
    def eof(self) -> bool:
        return self._unpacker.eof

    @property
    def unused_data(self) -> bytes:
        return self._unpacker.unused_data

    @property
    def unconsumed_tail(self) -> bytes:
        return self._unpacker.unconsumed_tail


_decompressobj = zlib.decompressobj


def unpacked(body: bytes) -> bytes:
    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": body, "more_body": False}

    scope = {"type": "http", "method": "POST", "path": "/in/events", "headers": [(b"content-encoding", b"gzip")]}
    return asyncio.run(reading.read(Request(scope, receive)))


def test_many_members_cost_no_copies_of_the_whole_body(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zlib, "decompressobj", Counted)
    monkeypatch.setattr(Counted, "given", 0)
    body = gzip.compress(b"", mtime=0) * 20_000
    assert unpacked(body) == b""
    assert Counted.given < 500 * len(body)


@pytest.mark.parametrize("size", [0, 1, 2_000, reading.MAX_BYTES - 7])
def test_what_was_packed_comes_out_whatever_its_size(size: int) -> None:
    text = b"0123456789abcdef" * (size // 16) + b"x" * (size % 16)
    assert unpacked(gzip.compress(text)) == text
    assert unpacked(gzip.compress(text[: size // 2]) + gzip.compress(text[size // 2 :])) == text


@pytest.mark.parametrize("cut", [1, 8, 30])
def test_data_that_end_early_are_refused(cut: int) -> None:
    with pytest.raises(Problem) as refused:
        unpacked(gzip.compress(b"0123456789" * 5_000)[:-cut])
    assert refused.value.status == 400


def test_a_little_that_stands_for_much_is_refused_before_it_is_unpacked() -> None:
    body = gzip.compress(bytes(100 * reading.MAX_BYTES))
    tracemalloc.start()
    with pytest.raises(Problem) as refused:
        unpacked(body)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert refused.value.status == 413
    assert peak < 3 * reading.MAX_BYTES
