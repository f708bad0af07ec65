from random import Random

import orjson
import pytest

from deploy.simulator import habits
from deploy.simulator.agenda import SLOT_MS, Agenda
from deploy.simulator.catalogue import assortment
from deploy.simulator.records import Scribe
from deploy.simulator.shelf import Shelf

HOUR = 3_600_000


class Always(Random):
    """Every chance comes true."""

    def random(self):
        return 0.0


class Never(Random):
    """No chance comes true."""

    def random(self):
        return 0.999


def play(agenda, until):
    for slot in range(until // SLOT_MS):
        agenda.play(slot)


def kinds(scribe):
    return [(record.at, orjson.loads(record.value)["kind"]) for record in scribe.take()]


@pytest.fixture
def product():
    return assortment(Random(1), 10)[0]


def make(rng, listings, explanations=()):
    scribe, agenda = Scribe("r", 1, 0), Agenda(10 * HOUR)
    shelf = Shelf(scribe, agenda, rng)
    shelf.plan(listings, list(explanations))
    return scribe, agenda, shelf


def test_what_runs_low_is_refilled_by_one_lot_once(product):
    scribe, agenda, shelf = make(Always(1), [(0, product)])
    agenda.play(0)
    product.take(product.left - 5)
    shelf.watch(1_000, product)
    shelf.watch(1_001, product)
    play(agenda, 200_000)
    (_, first), (at, second) = kinds(scribe)
    assert (first, second) == ("listed", "stocked")
    assert 1_000 + habits.REFILL_DELAY_MS[0] <= at <= 1_000 + habits.REFILL_DELAY_MS[1]
    assert product.left == product.lot + 5


def test_plenty_is_left_alone(product):
    scribe, agenda, shelf = make(Always(1), [(0, product)])
    agenda.play(0)
    product.take(product.left - habits.RUNS_LOW)
    shelf.watch(1_000, product)
    play(agenda, 200_000)
    assert [kind for _, kind in kinds(scribe)] == ["listed"]


def test_before_an_explanation_a_low_stock_is_filled_and_an_unlisted_product_listed(product):
    other = assortment(Random(2), 10)[1]
    scribe, agenda, _ = make(Always(1), [(0, product), (HOUR, other)], [(100_000, product), (101_000, other)])
    agenda.play(0)
    product.take(product.left)
    play(agenda, 100_000)
    assert kinds(scribe) == [(0, "listed"), (100_000 - habits.PREPARATION_MS, "stocked")]
    assert not other.listed  # it was to be listed after its explanation; nobody prepares for that
    play(agenda, HOUR + SLOT_MS)
    assert other.listed


class Unlucky(Random):
    """First it is not refilled, then it is delisted."""

    def __init__(self, *draws):
        super().__init__(1)
        self.draws = list(draws)

    def random(self):
        return self.draws.pop(0) if self.draws else 0.5


@pytest.mark.parametrize(("explained_at", "goes"), [(None, True), (2 * HOUR, True), (300_000, False)])
def test_what_is_sold_out_goes_unless_it_is_wanted_soon(product, explained_at, goes):
    other = assortment(Random(2), 10)[1]
    explanations = [] if explained_at is None else [(explained_at, product)]
    scribe, agenda, shelf = make(Unlucky(0.99, 0.0), [(0, product), (0, other)], explanations)
    agenda.play(0)
    product.take(product.left)
    shelf.watch(1_000, product)
    play(agenda, 200_000)
    assert ("delisted" in [kind for _, kind in kinds(scribe)]) is goes
    assert (product in shelf.products) is not goes


def test_the_campaign_is_sold_first(product):
    product.campaign_stock, product.stock = 3, 10
    assert product.take(2) == (2, 0)
    assert product.take(4) == (1, 3)
    assert (product.campaign_stock, product.stock, product.left) == (0, 7, 7)
