"""A busy evening in records of 250 bytes: mostly what viewers do, a quarter about products, some comments and orders."""

import random
import time
from collections.abc import Iterator

import orjson

from streams.topics import CLICKS, COMMENTS, ORDERS, VIEWS

RECORD_BYTES = 250
VIEWERS = 20_000
PRODUCTS = 50
SPAN_MS = 60_000  # the records are as old as a minute, so they lie in buckets that are kept

Sent = tuple[str, bytes, bytes]  # topic, room, record


def mixed(count: int, rooms: int, seed: int = 1) -> Iterator[Sent]:
    """Records of `rooms` rooms, ready to be sent."""
    chance = random.Random(seed)
    people = [_person(chance) for _ in range(1_000)]
    begin = time.time_ns() // 1_000_000 - SPAN_MS
    for number in range(count):
        viewer = chance.randrange(VIEWERS)
        common = {
            "id": f"{seed}-{number:024d}",
            "room": f"room-{seed}-{chance.randrange(rooms)}",
            "at": begin + number * SPAN_MS // count,
            "user": f"viewer-{viewer:010d}",
        }
        topic, event = _event(chance, people[viewer % len(people)], count)
        yield topic, common["room"].encode(), _padded(common | event)


def _event(chance: random.Random, person: dict, count: int) -> tuple[str, dict]:
    pick = chance.random()
    if pick < 0.24:
        arrival = {"source": chance.choice(["recommend", "search", "ads_feed"]), "person": person}
        return VIEWS, {"kind": "exposed" if pick < 0.12 else "entered", **arrival}
    if pick < 0.60:
        return VIEWS, {"kind": "stayed" if pick < 0.50 else "left", "seconds": chance.randrange(60)}
    if pick < 0.68:
        return VIEWS, {"kind": chance.choice(["liked", "liked", "shared", "followed"])}
    product = f"product-{chance.randrange(PRODUCTS)}"
    if pick < 0.92:
        return CLICKS, {"kind": chance.choice(["exposed", "exposed", "clicked", "carted"]), "product": product}
    if pick < 0.97:
        return COMMENTS, {"kind": "commented", "text": chance.choice(["多少钱 什么时候发货", "口红 颜色 怎么样", "好看 想要"])}
    step = {"kind": chance.choice(["created", "paid", "paid", "cancelled"]), "order": f"o{chance.randrange(max(1, count // 30))}"}
    return ORDERS, {**step, "product": product, "quantity": 1, "amount": 9_900, "person": person}


def _person(chance: random.Random) -> dict:
    return {
        "gender": chance.choice("fm"),
        "age": chance.choice(["18-23", "24-30", "31-40"]),
        "province": chance.choice(["浙江", "广东", "江苏", "山东", "四川"]),
        "fan": chance.random() < 0.3,
    }


def _padded(event: dict) -> bytes:
    raw = orjson.dumps(event)
    missing = RECORD_BYTES - len(raw) - len(',"x":""')
    return raw if missing < 0 else raw[:-1] + b',"x":"' + b"x" * missing + b'"}'
