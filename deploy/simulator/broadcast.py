"""A whole broadcast, from `opened` to `closed`, as records in order of time. Pure: the same arguments give the same bytes."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from deploy.simulator import habits
from deploy.simulator.agenda import SLOT_MS, Agenda
from deploy.simulator.arrivals import Arrivals
from deploy.simulator.catalogue import Product, assortment
from deploy.simulator.chat import Chat
from deploy.simulator.orders import Orders
from deploy.simulator.people import Crowd
from deploy.simulator.records import Record, Scribe
from deploy.simulator.remarks import TITLES
from deploy.simulator.rundown import MINUTE_MS, Rundown, plan
from deploy.simulator.shelf import Shelf
from deploy.simulator.shopping import Shopping
from deploy.simulator.stage import Stage
from deploy.simulator.tide import Tide
from deploy.simulator.viewers import Viewers
from streams.topics import SCENES


@dataclass(frozen=True, slots=True)
class _Part:
    """Sources of chance, one for each part of the model: a change in one does not upset the others."""

    seed: int

    def __call__(self, name: str) -> Random:
        return Random(f"{self.seed}/{name}")  # noqa: S311 - a simulation, no secret


def broadcast(room: str, rate: float, minutes: float, seed: int, start_ms: int) -> Iterator[Record]:
    """The records of a broadcast of `minutes` that begins at `start_ms` (Unix ms), on average `rate` events/s over all topics.

    `room` must be a room id of the contract; `rate` and `minutes` must be positive. Records come in order of `at`; the last is `closed`.
    """
    if not (rate > 0 and minutes > 0):
        raise ValueError(f"rate and minutes must be positive, not {rate} and {minutes}")
    chance = _Part(seed)
    length, end = int(minutes * MINUTE_MS), start_ms + int(minutes * MINUTE_MS)
    products = assortment(chance("assortment"), rate * 60 * habits.ORDERS_PER_EVENT)
    rundown = plan(chance("rundown"), products, length)
    scribe, agenda = Scribe(room, seed, start_ms), Agenda(end)
    scribe.write(SCENES, "opened", start_ms, **_facts(chance("facts"), rundown, products, rate * minutes * 60), starts=start_ms)

    stage = Stage(scribe, agenda, chance("stage"))
    stage.plan(rundown, start_ms)
    shelf = Shelf(scribe, agenda, chance("shelf"))
    shelf.plan(rundown.listings(products, start_ms), [(start_ms + span.start, span.what) for span in rundown.explanations])
    chat = Chat(scribe, agenda, chance("chat"), stage, shelf)
    orders = Orders(scribe, agenda, chance("orders"), shelf, chat)
    shopping = Shopping(scribe, agenda, chance("shopping"), stage, shelf, orders)
    viewers = Viewers(scribe, agenda, chance("viewers"), Crowd(chance("people")), stage, shopping, chat, end)
    tide = Tide(-(-length // 1_000), rundown.surges(chance("surges")), chance("tide"))
    arrivals = Arrivals(scribe, agenda, chance("arrivals"), tide, viewers, rate, start_ms, end)

    sent = 0
    for slot in range(start_ms // SLOT_MS, -(-end // SLOT_MS)):
        arrivals.plan(slot * SLOT_MS, sent)
        agenda.play(slot)
        taken = scribe.take()
        sent += len(taken)
        yield from taken
    scribe.write(SCENES, "closed", end)
    yield from scribe.take()


#: By which every screen marks the room as simulated.
PLATFORM = "simulated"


def _facts(rng: Random, rundown: Rundown, products: list[Product], events: float) -> dict[str, object]:
    """What `opened` says. The goal is a round sum a little above what so many events usually bring."""
    price = sum(product.price for product in products) / len(products)
    expected = events * habits.ORDERS_PER_EVENT * habits.PAYS * price * rng.uniform(0.6, 0.9)
    digits = max(5, len(str(int(expected))) - 1)
    goal = max(1, round(expected / 10**digits)) * 10**digits
    return {"title": rng.choice(TITLES), "host": rundown.shifts[0].what, "goal_gmv": goal, "currency": "CNY", "platform": PLATFORM}
