"""What the agents make of a log: exact figures, and a dead letter for each record they cannot read."""

import base64
import random
import signal
from collections import Counter
from collections.abc import Callable

import orjson
from aiokafka import AIOKafkaProducer

from streams.topics import CLICKS, COMMENTS, ORDERS, VIEWS, Partition
from tests.integration.agents.world import Sent, World, broadcast, brute_force, ended, now_ms, record
from tests.servers.process import Process

ROOMS = ("room-a", "room-b", "room-c", "room-d", "room-e")


def bad_records() -> list[tuple[Sent, str]]:
    """Records nobody can use, each with the reason that must be given for it."""
    good = {"id": "x", "room": "room-a", "at": now_ms(), "kind": "liked", "user": "u"}
    whole = orjson.dumps(good)
    key = b"room-a"
    next_year = record(VIEWS, **good | {"at": now_ms() + 365 * 86_400_000})
    noise = random.Random(7)
    return [
        *(((VIEWS, key, b"\xff" + noise.randbytes(40)), "not-json") for _ in range(20)),
        ((COMMENTS, key, whole[: len(whole) // 2]), "not-json"),
        ((VIEWS, key, b""), "not-json"),
        (record(VIEWS, **good | {"user": 5}), "wrong-type"),
        (record(ORDERS, **good | {"kind": "teleported"}), "unknown-kind"),
        (record(CLICKS, **good | {"kind": "clicked"}), "missing-field"),
        ((VIEWS, key, whole[:-1] + b" " * 1024 * 1024 + b"}"), "too-large"),
        (next_year, "future"),
    ]


async def test_every_figure_equals_brute_force_and_every_bad_record_is_one_dead_letter(
    world: World, worker: Callable[..., Process]
) -> None:
    await world.prepare()
    good, bad = broadcast(ROOMS, 4_000), bad_records()
    mixed: list[Sent] = good[:]
    places = random.Random(3).sample(range(100, 4_000), len(bad))
    for place, (wrong, _) in zip(sorted(places), bad, strict=True):
        mixed.insert(place, wrong)
    sent_to = dict(zip(map(id, mixed), await world.send(mixed), strict=True))
    process = worker()
    await world.applied()

    assert await world.figures(ROOMS) == brute_force(good)
    letters = await world.dead_letters()
    assert Counter((letter["key"], letter["reason"]) for letter in letters) == Counter((sent_to[id(wrong)], why) for wrong, why in bad)
    by_place = {letter["key"]: letter for letter in letters}
    for wrong, _ in bad:
        letter = by_place[sent_to[id(wrong)]]
        assert base64.b64decode(letter["raw"]) == wrong[2]
        assert f"{letter['topic']}:{letter['partition']}:{letter['offset']}" == letter["key"]

    process.signal(signal.SIGTERM)
    assert await ended(process) == 0, process.tail()
    assert "Traceback" not in process.log.read_text()


async def test_a_producer_whose_clock_is_ahead_stops_no_other_room_and_none_of_its_records_is_hidden(
    world: World, worker: Callable[..., Process]
) -> None:
    await world.prepare()
    good = broadcast(ROOMS, 2_000)
    ahead = {"kind": "entered", "source": "search", "person": {}}
    skewed = [record(VIEWS, id=f"b{n}", room="skew", at=now_ms() + 3_600_000, user=f"u{n}", **ahead) for n in range(3_000)]
    turns = [iter(good)] * len(good) + [iter(skewed)] * len(skewed)
    random.Random(5).shuffle(turns)
    mixed = [next(turn) for turn in turns]
    process = worker(dead_letters_per_minute=40)
    sent_to = dict(zip(map(id, mixed), await world.send(mixed), strict=True))
    await world.applied()

    assert await world.figures(ROOMS) == brute_force(good)
    letters = await world.dead_letters()
    own = {letter["offset"] for letter in letters if letter["reason"] == "future"}
    many = [letter for letter in letters if letter["reason"] == "summary"]
    assert 40 <= len(own) <= 80, "of one minute, or of two"
    assert sum(letter["count"] for letter in many) == 3_000 - len(own)
    assert all(letter["rooms"] == {"skew": letter["count"]} and letter["reasons"] == {"future": letter["count"]} for letter in many)
    stood = {int(sent_to[id(each)].rpartition(":")[2]) for each in skewed}
    told = {offset for letter in many for first, last in letter["offsets"] for offset in range(first, last + 1)}
    assert stood <= own | told
    if not any(letter["widened"] for letter in many):
        assert stood == own | told

    process.signal(signal.SIGTERM)
    assert await ended(process) == 0, process.tail()
    log = process.log.read_text()
    assert "Traceback" not in log
    assert log.count("so many records are rejected that some are only counted") in (1, 2)


async def test_records_of_every_codec_are_counted(world: World, worker: Callable[..., Process]) -> None:
    await world.prepare()
    process = worker()
    at = now_ms() - 5_000
    for codec in ("gzip", "snappy", "lz4", "zstd", None):
        producer = AIOKafkaProducer(bootstrap_servers=world.kafka, compression_type=codec, linger_ms=20)
        await producer.start()
        said = [record(COMMENTS, id=f"{codec}{n}", room="a", at=at, kind="commented", user=f"u{n}", text="hello") for n in range(50)]
        for sent in [await producer.send(topic, value, key=room) for topic, room, value in said]:
            done = await sent
            world.ends[Partition(done.topic, done.partition)] = done.offset + 1
        await producer.stop()
    await world.applied()
    assert (await world.figures(["a"]))["a"]["comments"] == 250
    assert process.running
