"""The fold as one would write it without a fence: counters of the room, its minute and its 5 seconds, and different users of each."""

from collections import Counter, defaultdict
from typing import Any


def keys(event: dict[str, Any]) -> list[str]:
    """The hashes that an event counts in."""
    room, at = event["room"], event["at"]
    found = [f"{room}:total", f"{room}:m:{at // 60_000}", f"{room}:b:{at // 5_000}"]
    return [*found, f"{room}:p:{event['product']}"] if "product" in event else found


def add(pipe: Any, topic: str, event: dict[str, Any]) -> None:
    """Puts one event into a pipeline."""
    for key in keys(event):
        pipe.hincrby(key, f"{topic}:{event['kind']}", 1)
        pipe.pfadd(f"{key}~{event['kind']}", event["user"])
    if event["kind"] == "paid":
        pipe.hincrby(keys(event)[0], "gmv", event["amount"])


def add_all(pipe: Any, topic: str, events: list[dict[str, Any]]) -> None:
    """Puts many into a pipeline, added up before."""
    counts: Counter[tuple[str, str]] = Counter()
    people: dict[str, set[str]] = defaultdict(set)
    for event in events:
        for key in keys(event):
            counts[key, f"{topic}:{event['kind']}"] += 1
            people[f"{key}~{event['kind']}"].add(event["user"])
        if event["kind"] == "paid":
            counts[keys(event)[0], "gmv"] += event["amount"]
    for (key, field), count in counts.items():
        pipe.hincrby(key, field, count)
    for key, users in people.items():
        pipe.pfadd(key, *users)
