"""Bounds what one batch may unpack to: a few kilobytes that a sender packed can hold gigabytes, and would end every agent that reads them.

aiokafka's decoders have no bound. These take their place in its parsers, and stop before they hold more.
"""

import gzip
import io
import struct
import sys
from collections.abc import Callable

import cramjam
from aiokafka import codec
from aiokafka.errors import CorruptRecordException
from aiokafka.record.default_records import DefaultRecordBatch
from aiokafka.record.legacy_records import LegacyRecordBatch

#: Producers pack batches of a megabyte or so; a broker takes no more than that from them, packed.
MOST_BYTES = 64 * 1024 * 1024
_CHUNK = 1024 * 1024
_LEAST_BUFFER = 64 * 1024
_XERIAL_HEADER = 16
#: What cramjam says where the unpacked data outgrow the buffer.
_TOO_SMALL = "failed to write whole buffer"


class TooLarge(ValueError):
    """A batch unpacks to more than MOST_BYTES."""

    def __init__(self) -> None:
        super().__init__(f"it unpacks to more than {MOST_BYTES} bytes")


def gzip_decode(packed: bytes | memoryview) -> bytes:
    """Unpacks gzip. Raises TooLarge."""
    out = io.BytesIO()
    with gzip.GzipFile(fileobj=io.BytesIO(packed)) as source:
        while chunk := source.read(_CHUNK):
            if out.tell() + len(chunk) > MOST_BYTES:
                raise TooLarge
            out.write(chunk)
    return out.getvalue()


def snappy_decode(packed: bytes) -> bytes:
    """Unpacks snappy, raw or in the blocks of xerial. Raises TooLarge."""
    if not codec._detect_xerial_stream(packed):
        return _snappy_block(packed, MOST_BYTES)
    out, at = io.BytesIO(), _XERIAL_HEADER
    while at < len(packed):
        (size,) = struct.unpack_from("!i", packed, at)
        if not 0 < size <= len(packed) - at - 4:
            raise CorruptRecordException(f"a snappy block claims to have {size} bytes")
        out.write(_snappy_block(packed[at + 4 : at + 4 + size], MOST_BYTES - out.tell()))
        at += 4 + size
    return out.getvalue()


def _snappy_block(packed: bytes, most: int) -> bytes:
    if cramjam.snappy.decompress_raw_len(packed) > most:  # the block says it at its start, and is corrupt if it holds more
        raise TooLarge
    return bytes(cramjam.snappy.decompress_raw(packed))


def lz4_decode(packed: bytes) -> bytes:
    """Unpacks lz4 frames. Raises TooLarge."""
    return _into_buffer(cramjam.lz4.decompress_into, packed)


def zstd_decode(packed: bytes) -> bytes:
    """Unpacks zstd frames. Raises TooLarge."""
    return _into_buffer(cramjam.zstd.decompress_into, packed)


def _into_buffer(decompress_into: Callable[[bytes, bytearray], int], packed: bytes) -> bytes:
    """Tries larger and larger buffers: they can't be asked how much there is, for a sender may say what he likes."""
    size = min(max(_LEAST_BUFFER, 8 * len(packed)), MOST_BYTES)
    while True:
        buffer = bytearray(size)
        try:
            written = decompress_into(packed, buffer)
        except cramjam.DecompressionError as error:
            if _TOO_SMALL not in str(error):
                raise
            if size == MOST_BYTES:
                raise TooLarge from None
            size = min(4 * size, MOST_BYTES)
        else:
            return bytes(memoryview(buffer)[:written])


def bound() -> None:
    """Puts these decoders in the place of aiokafka's, in this process: its parsers look them up by name in their modules."""
    for parser in (DefaultRecordBatch, LegacyRecordBatch):  # written in C, or in Python where there is no compiled one
        module = sys.modules[parser.__module__]
        for decode in (gzip_decode, snappy_decode, lz4_decode, zstd_decode):
            if hasattr(module, decode.__name__):
                setattr(module, decode.__name__, decode)
