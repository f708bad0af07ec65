"""A whole broadcast: valid, in order, repeatable, consistent, and credible."""

import hashlib
import os
import subprocess
import sys
from bisect import bisect_right
from collections import Counter, defaultdict
from itertools import islice, pairwise

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from deploy.simulator.broadcast import broadcast
from streams import topics
from streams.events import Event, decode

START = 1_790_000_000_123
RATE, MINUTES = 150, 25
END = START + MINUTES * 60_000


def read(records):
    return [(record.topic, decode(record.topic, record.value, 2 * START)) for record in records]


@pytest.fixture(scope="module")
def records():
    return list(broadcast("room-1", RATE, MINUTES, 7, START))


@pytest.fixture(scope="module")
def events(records):
    return [event for _, event in read(records)]


def of(events, topic, *kinds):
    return [event for event in events if event.topic == topic and (not kinds or event.kind in kinds)]


def test_every_record_is_a_valid_event_of_its_room_and_time(records):
    for record, (topic, event) in zip(records, read(records), strict=True):
        assert isinstance(event, Event), (event, record)
        assert (event.topic, event.at, event.room) == (topic, record.at, "room-1")


def test_begins_with_opened_ends_with_closed_and_time_never_goes_back(events):
    assert (events[0].kind, events[0].at, events[0].currency) == ("opened", START, "CNY")
    assert (events[-1].kind, events[-1].at) == ("closed", END)
    assert all(earlier.at <= later.at for earlier, later in pairwise(events))
    assert Counter(event.kind for event in events)["closed"] == 1


def test_ids_are_unique_per_topic_and_differ_between_rooms(events):
    for topic in topics.INPUTS:
        ids = [event.id for event in of(events, topic)]
        assert ids and len(set(ids)) == len(ids)
    other = {event.id for _, event in read(islice(broadcast("room-2", RATE, MINUTES, 7, START), 5_000))}
    assert other.isdisjoint({event.id for event in events})


def digest(hash_seed: str) -> str:
    program = (
        "import hashlib; from deploy.simulator.broadcast import broadcast; "
        f"print(hashlib.sha256(b''.join(r.topic.encode() + r.value for r in broadcast('a', 300, 1, 5, {START}))).hexdigest())"
    )
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed}
    return subprocess.run([sys.executable, "-c", program], env=environment, check=True, capture_output=True, text=True).stdout.strip()


def test_same_seed_and_start_give_the_same_bytes_in_every_process():
    here = hashlib.sha256(b"".join(r.topic.encode() + r.value for r in broadcast("a", 300, 1, 5, START))).hexdigest()
    assert digest("1") == digest("2") == here


def test_another_seed_gives_another_broadcast():
    one, two = (Counter(r.value for r in islice(broadcast("a", 100, 1, seed, START), 2_000)) for seed in (1, 2))
    assert not one & two


# A broadcast takes up to a second, and a smaller one fails no clearer: no shrinking.
@settings(max_examples=25, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(seed=st.integers(0, 2**63), rate=st.floats(20, 800), minutes=st.floats(1, 2), start=st.integers(10**12, 3 * 10**12))
def test_any_broadcast_keeps_its_rate_its_order_and_the_contract(seed, rate, minutes, start):
    made = list(broadcast("r", rate, minutes, seed, start))
    assert len(made) == pytest.approx(rate * minutes * 60, rel=0.1)
    assert all(earlier.at <= later.at for earlier, later in pairwise(made))
    assert made[0].at == start and made[-1].at == start + int(minutes * 60_000)
    assert all(isinstance(decode(record.topic, record.value, 4 * 10**12), Event) for record in made)


@pytest.mark.parametrize("minutes", [0.01, 0.05, 0.2, 0.5])
def test_a_very_short_broadcast_is_still_one(minutes):
    kinds = [event.kind for _, event in read(broadcast("r", 50, minutes, 3, START))]
    assert (kinds[0], kinds[-1]) == ("opened", "closed")


def test_20_000_a_second_keep_the_rate():
    assert sum(1 for _ in broadcast("r", 20_000, 0.2, 3, START)) == pytest.approx(20_000 * 12, rel=0.1)


@pytest.mark.parametrize(("rate", "minutes"), [(0, 1), (-1, 1), (1, 0), (float("nan"), 1)])
def test_refuses_what_makes_no_broadcast(rate, minutes):
    with pytest.raises(ValueError, match="positive"):
        next(broadcast("r", rate, minutes, 1, START))


def test_viewers_stay_and_leave_only_while_they_are_in_and_report_the_time_between(events):
    inside, told, ends = {}, Counter(), 0
    for event in of(events, topics.VIEWS):
        if event.kind == "entered":
            inside[event.user], told[event.user] = event.at, 0
        elif event.kind in ("stayed", "left"):
            told[event.user] += event.seconds
            assert told[event.user] == (event.at - inside[event.user]) // 1_000
            if event.kind == "left":
                del inside[event.user]
                ends += 1
        elif event.kind != "exposed":
            assert event.user in inside
    entered = len(of(events, topics.VIEWS, "entered"))
    assert 0.92 * entered < ends < entered  # nearly all say goodbye


def test_a_person_is_the_same_wherever_they_appear(events):
    people = defaultdict(set)
    for event in (*of(events, topics.VIEWS, "exposed", "entered"), *of(events, topics.ORDERS), *of(events, topics.COMMENTS)):
        people[event.user].add((event.person.gender, event.person.age, event.person.province, event.person.fan))
    assert max(map(len, people.values())) == 1
    names = defaultdict(set)
    for comment in of(events, topics.COMMENTS):
        names[comment.user].add(comment.nickname)
    assert max(map(len, names.values())) == 1


def test_orders_follow_clicks_and_have_one_end(events):
    clicked, steps = set(), defaultdict(list)
    for event in events:
        if event.topic == topics.CLICKS and event.kind == "clicked":
            clicked.add((event.user, event.product))
        elif event.topic == topics.ORDERS:
            assert (event.user, event.product) in clicked
            steps[event.order].append(event.kind)
    allowed = {("created",), ("created", "paid"), ("created", "cancelled"), ("created", "paid", "refunded")}
    assert {tuple(kinds) for kinds in steps.values()} == allowed


def test_amounts_are_price_times_quantity_and_refunds_no_more(events):
    prices = {event.product: event.price for event in of(events, topics.SCENES, "listed")}
    for order in of(events, topics.ORDERS):
        whole = prices[order.product] * order.quantity
        assert 0 < order.amount <= whole if order.kind == "refunded" else order.amount == whole


def test_stock_is_never_sold_twice(events):
    """By the contract's arithmetic: the campaign's pieces first, and a cancellation gives back."""
    left = {}
    for event in events:
        if event.kind == "listed":
            left[event.product] = event.stock + event.campaign_stock
        elif event.kind == "stocked":
            assert event.stock + event.campaign_stock > left[event.product]
            left[event.product] = event.stock + event.campaign_stock
        elif event.topic == topics.ORDERS and event.kind in ("created", "cancelled"):
            left[event.product] += event.quantity if event.kind == "cancelled" else -event.quantity
            assert left[event.product] >= 0


def test_stock_runs_low_and_orders_pile_up(events):
    left, unpaid, lowest, most = {}, Counter(), 10**9, 0
    for event in events:
        if event.kind in ("listed", "stocked"):
            left[event.product] = event.stock + event.campaign_stock
        elif event.topic == topics.ORDERS:
            left[event.product] += {"created": -event.quantity, "cancelled": event.quantity}.get(event.kind, 0)
            unpaid[event.product] += {"created": 1, "paid": -1, "cancelled": -1}.get(event.kind, 0)
            lowest, most = min(lowest, left[event.product]), max(most, unpaid[event.product])
    assert lowest < 10
    assert most >= 5


def test_one_product_at_a_time_is_explained_and_it_is_on_the_shelf(events):
    shelf, now, explained = set(), None, []
    for event in of(events, topics.SCENES):
        if event.kind == "listed":
            assert event.product not in shelf
            shelf.add(event.product)
        elif event.kind == "delisted":
            assert event.product != now
            shelf.remove(event.product)
        elif event.kind == "explain_started":
            assert now is None and event.product in shelf
            now = event.product
            explained.append((event.at, now))
        elif event.kind == "explain_ended":
            assert now == event.product
            now = None
    assert now is None and len(explained) >= 4
    assert 24 <= len(shelf) <= 40


def test_clicks_gather_on_what_is_explained(events):
    starts = [(event.at, event.product) for event in of(events, topics.SCENES, "explain_started")]
    clicks = [event for event in of(events, topics.CLICKS, "clicked") if event.at > starts[0][0]]
    hits = sum(starts[bisect_right(starts, (click.at, "~")) - 1][1] == click.product for click in clicks)
    assert hits / len(clicks) > 0.4


def test_proportions_are_credible(events):
    count = Counter((event.topic, event.kind) for event in events)
    entered, exposed = count[topics.VIEWS, "entered"], count[topics.VIEWS, "exposed"]
    created = count[topics.ORDERS, "created"]
    assert 0.10 < entered / exposed < 0.25
    assert 0.65 < count[topics.ORDERS, "paid"] / created < 0.85
    assert 0.03 < count[topics.ORDERS, "cancelled"] / created < 0.3
    assert 0 < count[topics.ORDERS, "refunded"] < 0.1 * created
    assert 0.005 < created / entered < 0.12
    assert count[topics.CLICKS, "exposed"] > count[topics.CLICKS, "clicked"] > count[topics.CLICKS, "carted"] > 0
    assert 0.05 < count[topics.COMMENTS, "commented"] / entered < 0.5
    assert all(count[topics.VIEWS, kind] > 0 for kind in ("liked", "shared", "followed", "joined_club", "disliked"))


def test_sources_differ_and_recommend_is_the_largest(events):
    exposed = Counter(event.source for event in of(events, topics.VIEWS, "exposed"))
    entered = Counter(event.source for event in of(events, topics.VIEWS, "entered"))
    assert set(exposed) == {"recommend", "video", "follow", "search", "mall", "profile", "ads_feed", "ads_boost"}
    assert exposed.most_common(1)[0][0] == "recommend"
    assert entered["follow"] / exposed["follow"] > 1.3 * entered["ads_feed"] / exposed["ads_feed"]
    spent = of(events, topics.SCENES, "spent")
    assert {event.source for event in spent} == {"ads_feed", "ads_boost"} and all(event.amount > 0 for event in spent)
    assert {event.plan for event in spent if event.source == "ads_feed"} == {"短视频引流", "直播间成交"}


def test_buyers_are_other_people_than_viewers():
    events = [event for _, event in read(broadcast("r", 600, 10, 11, START))]
    viewers = {event.user: event.person for event in of(events, topics.VIEWS, "entered")}
    buyers = {event.user: event.person for event in of(events, topics.ORDERS, "paid")}

    def share(people, dimension, value):
        return sum(getattr(person, dimension) == value for person in people.values()) / len(people)

    for dimension, value in (("gender", "f"), ("age", "31-40"), ("crowd", "精致妈妈"), ("customer", "old"), ("fan", True)):
        assert share(buyers, dimension, value) > 1.1 * share(viewers, dimension, value), dimension
    assert share(buyers, "age", "18-23") < share(viewers, "age", "18-23")


def test_the_team_is_at_work(events):
    count = Counter(event.kind for event in of(events, topics.SCENES))
    assert count["host_on"] == count["host_off"] >= 1
    assert count["bag_started"] == count["bag_drawn"] >= 1
    assert count["noted"] >= 3 and count["violated"] >= 1 and count["prompted"] >= 1
    assert all(note.tags and note.author for note in of(events, topics.SCENES, "noted"))


def test_arrivals_ebb_and_surge(events):
    per_20_s = Counter((event.at - START) // 20_000 for event in of(events, topics.VIEWS, "entered"))
    levels = sorted(per_20_s[n] for n in range(2, MINUTES * 3 - 2))
    assert levels[-3] > 2 * max(1, levels[2])
