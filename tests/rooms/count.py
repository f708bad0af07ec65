"""The brute-force answer: what a board must show of a room's events, counted one after the other with exact sets.

Written against the contract alone. It shares no arithmetic with the core: no buckets' sums, no merging, no state between chunks.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from streams import events as ev
from streams import province_names
from tests.rooms import build
from tests.rooms.stock import simulate

STEP_MS, MINUTE_MS, WINDOW_MS, EPOCH_MS = 5_000, 60_000, 300_000, 600_000
Events = Sequence[Any]
Figures = dict[str, Any]

_COUNTED = {
    ev.RoomExposed: "impressions", ev.Entered: "entries", ev.Left: "leaves", ev.Liked: "likes", ev.Shared: "shares",
    ev.Disliked: "dislikes",
    ev.ProductExposed: "product_impressions", ev.Clicked: "product_clicks", ev.Carted: "carts", ev.Commented: "comments",
    ev.Created: "orders_created", ev.Paid: "orders_paid", ev.Cancelled: "orders_cancelled", ev.Refunded: "refunds",
}  # fmt: skip
_PEOPLE = {
    ev.RoomExposed: "exposed_users", ev.Entered: "viewers", ev.Liked: "interacting_users", ev.Shared: "interacting_users",
    ev.Commented: "interacting_users", ev.Followed: "new_fans", ev.JoinedClub: "club_joins", ev.ProductExposed: "product_exposed_users",
    ev.Clicked: "product_click_users", ev.Paid: "buyers",
}  # fmt: skip
_RATIOS: dict[str, tuple[str, str]] = {
    "view_rate": ("entries", "impressions"), "interaction_rate": ("interacting_users", "viewers"), "follow_rate": ("new_fans", "viewers"),
    "club_rate": ("club_joins", "viewers"), "pay_rate": ("buyers", "viewers"), "click_pay_rate": ("buyers", "product_click_users"),
    "uv_value": ("gmv", "viewers"), "order_value": ("gmv", "orders_paid"), "customer_value": ("gmv", "buyers"),
    "refund_rate": ("refund_amount", "gmv"), "payment_rate": ("orders_paid", "orders_created"),
    "average_watch_seconds": ("seconds", "viewers"), "gpm": ("thousandfold", "entries"),
}  # fmt: skip


def once(events: Iterable[Any]) -> list[Any]:
    """Without repeats of orders' steps."""
    seen: set[tuple[Any, ...]] = set()
    kept = []
    for event in events:
        if isinstance(event, ev.OrderEvent):
            named = isinstance(event, ev.Refunded) and event.refund is not None
            step = (event.order, type(event), named, event.refund if named else event.id if isinstance(event, ev.Refunded) else "")
            if step in seen:
                continue
            seen.add(step)
        kept.append(event)
    return kept


def figures(events: Events, online_seconds: float | None = None) -> Figures:
    """The counters, people and ratios of some events; of a window or a minute with how long people were online in it."""
    found: Figures = dict.fromkeys([*_COUNTED.values(), "gmv", "items_sold", "refund_amount", "seconds"], 0)
    people: dict[str, set[str]] = {name: set() for name in _PEOPLE.values()}
    for event in events:
        if type(event) in _COUNTED:
            found[_COUNTED[type(event)]] += 1
        if type(event) in _PEOPLE:
            people[_PEOPLE[type(event)]].add(event.user)
        if isinstance(event, ev.Watched):
            found["seconds"] += round(event.seconds * 1000) / 1000
        if isinstance(event, ev.Paid):
            found["gmv"] += event.amount
            found["items_sold"] += event.quantity
        if isinstance(event, ev.Refunded):
            found["refund_amount"] += event.amount
    found |= {name: len(users) for name, users in people.items()}
    found["watching_users"] = len(
        {event.user for event in events if isinstance(event, ev.ViewEvent) and not isinstance(event, ev.RoomExposed)}
    )
    found["thousandfold"] = found["gmv"] * 1000
    part = online_seconds is not None
    found["seconds"] = online_seconds if online_seconds is not None else found["seconds"]
    for name, (above, of) in _RATIOS.items():
        below = "watching_users" if part and of == "viewers" else of
        found[name] = found[above] / found[below] if found[below] else None
    return {name: value for name, value in found.items() if name not in ("seconds", "thousandfold")}


LAPSE_MS = 30 * MINUTE_MS


def still_open(events: Events) -> list[Any]:
    """The `created` of each order that was neither paid nor cancelled."""
    steps: dict[str, set[type]] = defaultdict(set)
    for event in events:
        if isinstance(event, ev.OrderEvent):
            steps[event.order].add(type(event))
    return [event for event in events if isinstance(event, ev.Created) and not steps[event.order] & {ev.Paid, ev.Cancelled}]


def waiting(orders: Events, now_ms: int) -> dict[str, int]:
    """How many of these open orders are unpaid, and how many have lapsed."""
    lapsed = sum(order.at + LAPSE_MS <= now_ms for order in orders)
    return {"orders_unpaid": len(orders) - lapsed, "orders_lapsed": lapsed}


def refunded(events: Events) -> dict[str, int]:
    """How many different orders have a refund."""
    return {"refunded_orders": len({event.order for event in events if isinstance(event, ev.Refunded)})}


def between(events: Events, start_ms: int, end_ms: int) -> list[Any]:
    return [event for event in events if start_ms <= event.at < end_ms]


def by(events: Events, name: Callable[[Any], Any]) -> dict[Any, list[Any]]:
    groups: dict[Any, list[Any]] = defaultdict(list)
    for event in events:
        if (found := name(event)) is not None:
            groups[found].append(event)
    return groups


class Count:
    """One room: its events, each topic's in the order of its log, and the answers as of a time."""

    def __init__(self, logs: Iterable[Iterable[Any]]) -> None:
        self.events = once(event for log in logs for event in log)
        self.steps: dict[int, int] = {}
        self.counted = [event for event in self.events if not isinstance(event, ev.SceneEvent)]

    def total(self, now_ms: int) -> Figures:
        return figures(self.counted) | waiting(still_open(self.counted), now_ms) | refunded(self.counted)

    def window(self, now_ms: int, back: int) -> list[Any]:
        """The events of last_5m (`back` 0) or previous_5m (1)."""
        end = (now_ms // STEP_MS + 1) * STEP_MS - back * WINDOW_MS
        return between(self.counted, end - WINDOW_MS, end)

    def minutes(self, now_ms: int) -> dict[int, Figures]:
        groups = by(self.counted, lambda event: event.at // MINUTE_MS * MINUTE_MS)
        return {
            at: figures(events, self.online_seconds(at, min(at + MINUTE_MS, now_ms + 1))) for at, events in groups.items() if at <= now_ms
        }

    def part(self, now_ms: int, back: int) -> Figures:
        """The figures of last_5m or previous_5m."""
        end = (now_ms // STEP_MS + 1) * STEP_MS - back * WINDOW_MS
        return figures(self.window(now_ms, back), self.online_seconds(end - WINDOW_MS, end))

    def online_seconds(self, start_ms: int, end_ms: int) -> float:
        """For how long people were online, all together, in the steps that begin in this time."""
        self.steps = self.steps or self.presence().online()
        return sum(people for at, people in self.steps.items() if start_ms <= at < end_ms) * STEP_MS / 1000

    def products(self, now_ms: int) -> dict[str, dict[str, Any]]:
        """Product → its figures in total and last_5m, stock and campaign stock."""
        found: dict[str, dict[str, Any]] = {}
        window = by(self.window(now_ms, 0), _product)
        sets = by([event for event in self.events if isinstance(event, ev.Listed | ev.Stocked)], _product)
        taken = by([event for event in self.events if isinstance(event, ev.Created | ev.Cancelled)], _product)
        groups = by(self.counted, _product)
        orders = by(still_open(self.counted), _product)
        for lapsed in (order for each in orders.values() for order in each if order.at + LAPSE_MS <= now_ms):
            taken[lapsed.product].append(build.event(ev.Cancelled, lapsed.at + LAPSE_MS, product=lapsed.product, quantity=lapsed.quantity))
        for product in {*groups, *sets}:
            mine = groups.get(product, [])
            found[product] = {
                "total": _of_product(mine)
                | waiting(orders.get(product, []), now_ms)
                | refunded(mine)
                | {"best_minute_gmv": _best_minute(mine)},
                "last_5m": _of_product(window.get(product, [])),
                "stock": simulate(sets.get(product, []), taken.get(product, [])),
            }
        return found

    def sources(self) -> dict[str, Figures]:
        sorts = ev.OrderEvent | ev.Arrival | ev.Spent
        groups = by([event for event in self.events if isinstance(event, sorts)], lambda event: event.source or "unknown")
        found = {}
        for source, events in groups.items():
            cost = sum(event.amount for event in events if isinstance(event, ev.Spent))
            sums = figures(events)
            names = ("impressions", "entries", "orders_created", "orders_paid", "items_sold", "gmv", "gpm", "order_value", "refund_amount")
            net = sums["gmv"] - sums["refund_amount"]
            found[source] = {name: sums[name] for name in names} | {
                "cost": cost,
                "roi": sums["gmv"] / cost if cost else None,
                "net_gmv": net,
                "net_roi": net / cost if cost else None,
            }
        return found

    def viewers(self) -> dict[str, dict[str, int]]:
        """Dimension → value → different viewers who once entered with it."""
        met: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        for event in self.events:
            if isinstance(event, ev.Entered):
                for dimension, value in _values(event.person):
                    met[dimension][value].add(event.user)
        return {dimension: {value: len(users) for value, users in values.items()} for dimension, values in met.items()}

    def buyers(self) -> dict[str, dict[str, int]]:
        """Dimension → value → buyers, each as they were at their first purchase."""
        people: dict[str, ev.Person] = {}
        for event in self.events:
            if isinstance(event, ev.Paid):
                people.setdefault(event.user, event.person)
        return _profiles(people.values())

    def paid(self, now_ms: int) -> dict[str, dict[str, int]]:
        """The same of the last 5 minutes, each as they were at their newest purchase."""
        newest: dict[str, Any] = {}
        for event in self.window(now_ms, 0):
            if isinstance(event, ev.Paid):
                before = newest.get(event.user)
                if before is None or event.at // STEP_MS >= before.at // STEP_MS:
                    newest[event.user] = event
        return _profiles(event.person for event in newest.values())

    def payers(self, now_ms: int) -> set[str]:
        """Who paid in the last 5 minutes."""
        return {event.user for event in self.window(now_ms, 0) if isinstance(event, ev.Paid)}

    def presence(self) -> "Presence":
        found = Presence()
        for event in self.events:
            if isinstance(event, ev.ViewEvent):
                found.hear(event)
        return found


class Presence:
    """Who is online in which 5-s step, from each user's buckets: bucket → (at, inside) of what was heard last in it."""

    def __init__(self) -> None:
        self.buckets: dict[str, dict[int, tuple[int, bool]]] = defaultdict(dict)
        self.people: dict[str, tuple[int, ev.Person]] = {}
        #: Of users not heard of for so long that they count as new.
        self._forgotten: list[dict[int, tuple[int, bool]]] = []
        self._newest = 0

    def hear(self, event: Any) -> None:
        self._newest = max(self._newest, event.at)
        step, late = event.at // STEP_MS, event.at // EPOCH_MS < self._newest // EPOCH_MS - 1
        if isinstance(event, ev.RoomExposed) or late:
            return
        mine = self.buckets[event.user]
        if mine and max(mine) * STEP_MS // EPOCH_MS < event.at // EPOCH_MS - 1:
            self._forgotten.append(mine)
            mine = self.buckets[event.user] = {}
            self.people.pop(event.user, None)
        said_at, _ = self.people.get(event.user, (-1, ev.NOBODY))
        if (
            isinstance(event, ev.Entered)
            and any(_values(event.person)[n] != _values(ev.NOBODY)[n] for n in range(6))
            and event.at >= said_at
        ):
            self.people[event.user] = (event.at, event.person)
        at, inside = mine.get(step, (-1, False))
        if step in mine and step < max(mine) and inside:
            return  # a leaving that late in such a bucket counts as before the sign of life
        if event.at >= at:
            mine[step] = (event.at, not isinstance(event, ev.Left))

    def online(self) -> dict[int, int]:
        """When a step begins → how many are online in it."""
        found: dict[int, int] = defaultdict(int)
        for mine in (*self._forgotten, *self.buckets.values()):
            steps = sorted(mine)
            for step, end in zip(steps, [*steps[1:], 2**60], strict=True):
                if mine[step][1]:
                    for covered in range(step, min(end, step + 12)):
                        found[covered * STEP_MS] += 1
        return dict(found)

    def watching(self, now_ms: int, but: Iterable[str] = ()) -> dict[str, dict[str, int]]:
        """Who was heard of in the last 5 minutes, without some users."""
        first, left_out = now_ms // STEP_MS - 59, {*but}
        heard = [user for user, mine in self.buckets.items() if mine and max(mine) >= first and user not in left_out]
        return _profiles(self.people.get(user, (0, ev.NOBODY))[1] for user in heard)


def _product(event: Any) -> str | None:
    return getattr(event, "product", None)


def _of_product(events: Events) -> Figures:
    names = (
        "product_impressions", "product_exposed_users", "product_clicks", "product_click_users", "carts", "orders_created", "orders_paid",
        "orders_cancelled", "items_sold", "gmv", "buyers", "refunds", "refund_amount", "click_pay_rate", "payment_rate", "order_value",
    )  # fmt: skip
    found = figures(events)
    exposed, shown = found["product_exposed_users"], found["product_impressions"]
    return {name: found[name] for name in names} | {
        "gpm": found["gmv"] * 1000 / shown if shown else None,
        "click_rate": found["product_click_users"] / exposed if exposed else None,
        "exposure_pay_rate": found["buyers"] / exposed if exposed else None,
    }


def _best_minute(events: Events) -> int:
    minutes: dict[int, int] = defaultdict(int)
    for event in events:
        if isinstance(event, ev.Paid):
            minutes[event.at // MINUTE_MS] += event.amount
    return max(minutes.values(), default=0)


def _values(person: ev.Person) -> list[tuple[str, str]]:
    """Dimension and value; the control character that parts the values of a stored profile is never shown."""
    fan = "true" if person.fan else "false"
    names = ("gender", "age", "province", "crowd", "fan", "customer")
    # Which province a text names is a table of its own, with tests of its own (tests/unit/streams/test_province_names.py).
    values = (person.gender, person.age, province_names.short(person.province), person.crowd, fan, person.customer)
    return [(name, value.replace("\x1f", "")) for name, value in zip(names, values, strict=True)]


def _profiles(people: Iterable[ev.Person]) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for person in people:
        for dimension, value in _values(person):
            found[dimension][value] += 1
    return {dimension: dict(values) for dimension, values in found.items()}
