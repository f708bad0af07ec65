"""What a batch unpacks to is bounded, for each codec, and so is the memory that it takes to find out."""

import json
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import cramjam
import pytest
from aiokafka import codec
from aiokafka.errors import CorruptRecordException

from agents import unpacking

MIB = 1024 * 1024
CODECS: dict[str, tuple[Callable[[Any], bytes], Callable[[Any], bytes]]] = {
    "gzip": (codec.gzip_encode, unpacking.gzip_decode),
    "raw snappy": (lambda data: bytes(codec.snappy_encode(data, xerial_compatible=False)), unpacking.snappy_decode),
    "snappy": (codec.snappy_encode, unpacking.snappy_decode),
    "lz4": (codec.lz4_encode, unpacking.lz4_decode),
    "zstd": (codec.zstd_encode, unpacking.zstd_decode),
}
#: A batch of one record, of as many MiB as the second argument says; read in a process of its own, for its peak of memory.
BOMB = """
import json, resource, sys
from aiokafka.consumer.fetcher import READ_UNCOMMITTED, PartitionRecords
from aiokafka.record.default_records import DefaultRecordBatchBuilder
from aiokafka.record.memory_records import MemoryRecords
from aiokafka.structs import TopicPartition
from agents import batches
from agents.chunk import Undecodable

def peak():
    return int(next(line for line in open("/proc/self/status") if line.startswith("VmHWM")).split()[1]) // 1024

log = sys.stdin.buffer.read()
before, failures, found, at = peak(), batches.Failures(), [], 0
for _ in range(batches.TRIES):
    source = PartitionRecords(TopicPartition("t", 0), MemoryRecords(log), [], at, None, None, True, READ_UNCOMMITTED)
    found += batches.unpack(source, failures)
    at = source.next_fetch_offset
print(json.dumps({"rejects": [each for each in found if isinstance(each, Undecodable)], "next": at, "grown": peak() - before}))
"""


@pytest.mark.parametrize("data", [b"", b"a", bytes(range(256)) * 1_000, b"\0" * (3 * MIB)], ids=["nothing", "a byte", "some", "much"])
@pytest.mark.parametrize("name", CODECS)
def test_what_is_within_the_bound_is_as_it_was(name: str, data: bytes) -> None:
    encode, decode = CODECS[name]
    if not (name == "snappy" and not data):  # nothing, in blocks, is a header alone: aiokafka takes it for raw, and fails as well
        assert decode(encode(data)) == data


@pytest.mark.parametrize("name", CODECS)
def test_the_bound_itself_is_within_it(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    encode, decode = CODECS[name]
    monkeypatch.setattr(unpacking, "MOST_BYTES", MIB)
    assert len(decode(encode(b"\0" * MIB))) == MIB
    with pytest.raises(unpacking.TooLarge):
        decode(encode(b"\0" * (MIB + 1)))


@pytest.mark.parametrize("name", CODECS)
def test_cut_data_are_no_bomb(name: str) -> None:
    encode, decode = CODECS[name]
    with pytest.raises((EOFError, CorruptRecordException, cramjam.DecompressionError)) as raised:
        decode(encode(bytes(range(256)) * 1_000)[:-9])
    assert not isinstance(raised.value, unpacking.TooLarge)


@pytest.mark.parametrize("size", [b"\xff\xff\xff\xfc", b"\0\0\0\0", b"\x7f\xff\xff\xff"])
def test_a_snappy_block_that_lies_about_its_size_ends(size: bytes) -> None:
    packed = bytearray(codec.snappy_encode(b"a" * 100))
    packed[16:20] = size
    with pytest.raises(CorruptRecordException, match="a snappy block claims"):
        unpacking.snappy_decode(bytes(packed))


@pytest.mark.parametrize("name", ["gzip", "snappy", "lz4", "zstd"])
def test_a_bomb_is_one_reject_and_takes_no_more_memory_than_the_bound(name: str) -> None:
    """512 MiB in a batch, which take at least as much without the bound. A decoder may hold it twice, beside what it looks back on."""
    from tests.unit.agents.test_batches import CODECS as NUMBERS
    from tests.unit.agents.test_batches import batch, sealed

    raw = batch(0, 3, NUMBERS[name])
    raw[61:] = CODECS[name][0](b"\0" * (512 * MIB))
    raw[8:12] = (len(raw) - 12).to_bytes(4, "big")
    log = bytes(sealed(raw) + batch(3, 2))
    done = subprocess.run([sys.executable, "-c", BOMB], input=log, capture_output=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr.decode()
    found = json.loads(done.stdout)
    assert [each[:2] for each in found["rejects"]] == [[0, 2]]
    assert f"it unpacks to more than {unpacking.MOST_BYTES} bytes" in found["rejects"][0][2]
    assert found["next"] == 5
    assert found["grown"] < 300
