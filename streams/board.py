"""The board: everything a screen shows of one room at one moment (contract, section 4). Made from its material, ready for JSON."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from streams import alert_rows, funnel, keys, metrics, on_air, online, products, sources, topics, unpaid, windows
from streams.audience import DIMENSIONS, unpack
from streams.board_rules import BoardRules
from streams.material import Material, Profile
from streams.metrics import MINUTES_ON_AIR, ONLINE_SECONDS, Value, share

_MOST_VIOLATIONS = 50
_NEWEST_EVENTS = 100
_NEWEST_SCENES = 1_000
_EARLY_BUCKETS = windows.BUCKETS_PER_MINUTE + 1


def build(material: Material, now_ms: int, rules: BoardRules) -> dict[str, Any]:
    """The board as of `now_ms`."""
    figures = judged(material, now_ms, rules)
    return {
        **figures,
        "products_total": len(figures["products"]),
        "funnel": funnel.build(material, figures["total"], now_ms),
        "audience": _audience(material, now_ms),
        "comments": material.comments,
        "words": [{"word": word, "count": count} for word, count in material.words],
        "words_5m": [{"word": word, "count": count} for word, count in material.words_part],
        "polls": material.polls,
        "feed": material.feed[:_NEWEST_EVENTS],
        "unpaid": unpaid.rows(material, now_ms, rules, most=unpaid.SHOWN),
        "alerts": alert_rows.rows(material.alerts, now_ms),
        "violation_counts": dict(sorted(material.found.items())),
    }


def judged(material: Material, now_ms: int, rules: BoardRules) -> dict[str, Any]:
    """The parts of the board that alerts are judged by (`streams.alerts.facts`)."""
    found = sources.build(material)
    aired, ledger = on_air.read(material, now_ms, rules), unpaid.read(material, now_ms, rules)
    return {
        "room": material.room,
        **_facts(material, aired, now_ms),
        "at": now_ms,
        "as_of": _as_of(material),
        "total": _total(material, now_ms, aired, ledger),
        "last_5m": _part(material, "last_5m", windows.last_5m(now_ms)),
        "previous_5m": _part(material, "previous_5m", windows.previous_5m(now_ms)),
        "sources": found,
        "channels": sources.channels(material),
        "plans": sources.plans(material, found),
        "products": products.build(material, now_ms, rules, ledger),
        "ledger": ledger.room.row(now_ms),
        "ledgers": {product: of.row(now_ms) for product, of in ledger.products.items()},
        "scenes": material.scenes[:_NEWEST_SCENES],
        "violations": _violations(material),
        "limits": _limits(rules),
    }


def _limits(rules: BoardRules) -> dict[str, Any]:
    """What a figure's age, or an order's, is judged by: the same for the screen, the wall and the rules."""
    return {"late_seconds": rules.late_seconds, "unpaid_minutes": rules.unpaid_minutes, "silent_hours": rules.silent_hours}


def headline(material: Material, now_ms: int, rules: BoardRules) -> dict[str, Any]:
    """What a list of rooms shows of this one."""
    aired = on_air.read(material, now_ms, rules)
    total = _total(material, now_ms, aired, unpaid.read(material, now_ms, rules))
    shown = ("gmv", "online", "online_peak", "viewers", "entries", "orders_paid", "orders_unpaid", "buyers", "pay_rate")
    last_5m = _part(material, "last_5m", windows.last_5m(now_ms))
    return {
        "room": material.room,
        **_facts(material, aired, now_ms),
        "at": now_ms,
        "as_of": _as_of(material),
        "total": {name: total[name] for name in shown},
        "last_5m": {name: last_5m[name] for name in shown if name in last_5m},
        "alerts": alert_rows.active(material.alerts),
        "worst_alert": alert_rows.worst(material.alerts),
        "limits": _limits(rules),
    }


def minutes(material: Material, start_ms: int, end_ms: int, now_ms: int) -> list[dict[str, Any]]:
    """The minutes in [start_ms, end_ms) in which something happened and that have begun, each with its metrics."""
    current = windows.bucket_of(now_ms)
    running = windows.minute_of(current)
    first, last = -(-start_ms // windows.MINUTE_MS), min(-(-end_ms // windows.MINUTE_MS), running + 1)
    found = []
    for minute in sorted(number for number in material.minutes if first <= number < last):
        # The running minute has steps that are still to come, also where somebody has looked at it from a later moment.
        row = material.minute_rows.get(minute) if minute < running else None
        row = row or _minute(material, minute, current)
        if minute < running:
            material.minute_rows[minute] = row  # a row that stays the same is the same object
        found.append(row)
    return found


def _minute(material: Material, minute: int, current: int) -> dict[str, Value]:
    counters = material.minutes[minute]
    row: dict[str, Value] = {"at": minute * windows.MINUTE_MS}
    first = minute * windows.BUCKETS_PER_MINUTE
    seconds = online.seconds(material, range(first, min(first + windows.BUCKETS_PER_MINUTE, current + 1)))
    row |= metrics.part_result(metrics.ROOM_PART, {**counters, ONLINE_SECONDS: seconds, MINUTES_ON_AIR: 1})
    row["online"] = online.mean(material, minute, current)
    return row


def _facts(material: Material, aired: on_air.OnAir, now_ms: int) -> dict[str, Any]:
    """What is known of the room. spans: its times on air, [start, end] in ms, end None while it goes on; arrived_at: its newest record."""
    facts = material.facts
    goal = facts.get("goal_gmv")
    return {
        "title": facts.get("title", material.room),
        "status": aired.status,
        "host": facts.get("host"),
        "currency": facts.get("currency", "CNY"),
        "platform": facts.get("platform"),
        "opened_at": aired.opened_at,
        "closed_at": aired.closed_at,
        "arrived_at": on_air.arrived_at(facts),
        "spans": [[span.start, span.end] for span in aired.spans],
        "minutes_on_air": aired.aired_ms(now_ms) / windows.MINUTE_MS,
        "goal_gmv": None if goal is None else int(goal),
    }


def _as_of(material: Material) -> dict[str, int | None]:
    """Topic → the newest event time counted."""
    found = {topic: material.facts.get(keys.as_of(topic)) for topic in topics.INPUTS}
    return {topic: int(text) if text else None for topic, text in found.items()}


def _total(material: Material, now_ms: int, aired: on_air.OnAir, ledger: unpaid.Ledger) -> dict[str, Value]:
    minutes_on_air = aired.aired_ms(now_ms) / windows.MINUTE_MS
    total = metrics.result(metrics.ROOM, {**material.total, **ledger.figures(), MINUTES_ON_AIR: minutes_on_air})
    return total | online.figures(material, windows.bucket_of(now_ms))


def _part(material: Material, name: str, span: range) -> dict[str, Value]:
    """The room's metrics over one window."""
    window = material.window(name, span)
    length = len(span) * windows.BUCKET_MS / windows.MINUTE_MS
    stored = {**window.room, **material.part.get(name, {}), "buyers": len(window.buyers), MINUTES_ON_AIR: length}
    return metrics.part_result(metrics.ROOM_PART, {**stored, ONLINE_SECONDS: online.seconds(material, span)})


def _audience(material: Material, now_ms: int) -> dict[str, Any]:
    viewers, buyers = _whole(material.viewers), _whole(material.buyers)
    return {"viewers": viewers, "buyers": buyers, "tgi": _tgi(viewers, buyers), "last_5m": _audience_part(material, now_ms)}


def _violations(material: Material) -> list[dict[str, Any]]:
    """The floods of the last two minutes, and the newest violations found in what people write; newest first."""
    floods = [row for minute in material.floods.values() for row in minute]
    others = material.violations[: max(0, _MOST_VIOLATIONS - len(floods))]
    return sorted([*floods, *others], key=lambda row: (row["at"], row["id"]), reverse=True)[:_MOST_VIOLATIONS]


def _whole(profile: Profile) -> Profile:
    return {dimension: dict(sorted(profile.get(dimension, {}).items())) for dimension in DIMENSIONS}


def _tgi(viewers: Profile, buyers: Profile) -> dict[str, dict[str, float | None]]:
    """100 × share among buyers ÷ share among viewers."""
    found: dict[str, dict[str, float | None]] = {}
    for dimension in DIMENSIONS:
        all_viewers, all_buyers = sum(viewers[dimension].values()), sum(buyers[dimension].values())
        found[dimension] = {}
        for value in sorted({*viewers[dimension], *buyers[dimension]}):
            mine = share(viewers[dimension].get(value, 0), all_viewers)
            theirs = share(buyers[dimension].get(value, 0), all_buyers)
            found[dimension][value] = 100 * theirs / mine if mine and theirs is not None else None
    return found


def _audience_part(material: Material, now_ms: int) -> dict[str, Profile]:
    """The last 5 minutes: watching (heard of on live.views), paid, and watching but not paid.

    Who watched and paid is looked up, and counted as the people they watched as: an order may not tell who they are, and not all who
    paid were there.
    """
    span = windows.last_5m(now_ms)
    watching: Profile = {dimension: {} for dimension in DIMENSIONS}
    # Whose last sign of life is ahead of our clock was heard of, too: clocks differ, and an event may be a minute early.
    heard = range(span.start, span.stop + _EARLY_BUCKETS)
    for name, people in material.window("heard", heard).watching.items():
        dimension, _, value = name.partition(keys.SEP)
        watching[dimension][value] = people
    profiles: dict[str, str] = {}
    for bucket in material.within(span):
        profiles.update((user, profile) for (user, _), profile in bucket.paid.items())
    both = _profile(place.profile for user in profiles if (place := material.places.get(user)) is not None and place.bucket in heard)
    unpaid = {
        dimension: {value: max(0, people - both[dimension].get(value, 0)) for value, people in values.items()}
        for dimension, values in watching.items()
    }
    return {"watching": watching, "paid": _profile(profiles.values()), "unpaid": unpaid}


def _profile(packed: Iterable[str]) -> Profile:
    """How many have each value, by their packed profiles."""
    found: Profile = {dimension: {} for dimension in DIMENSIONS}
    for each, people in Counter(packed).items():
        for dimension, value in zip(DIMENSIONS, unpack(each), strict=True):
            found[dimension][value] = found[dimension].get(value, 0) + people
    return found
