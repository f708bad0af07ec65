"""What the agents make of a log: exact figures, and a dead letter for each record they cannot read."""

import base64
import random
import signal
from collections import Counter
from collections.abc import Callable

import orjson

from agents.ending import NEEDS_ATTENTION
from streams.topics import CLICKS, COMMENTS, ORDERS, VIEWS
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


async def test_past_the_budget_the_worker_stops_and_leaves_the_rest_of_the_topic_alone(
    world: World, worker: Callable[..., Process]
) -> None:
    await world.prepare()
    await world.send([(VIEWS, b"room-a", b"{") for _ in range(50)])
    process = worker(dead_letters_per_minute=49)
    assert await ended(process) == NEEDS_ATTENTION, process.tail()
    log = process.log.read_text()
    assert "records rejected within a minute, the limit is 49" in log
    assert "Traceback" not in log
    assert len(await world.dead_letters()) < 50
